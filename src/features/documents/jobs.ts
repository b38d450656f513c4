import { type Static, Type } from 'typebox'
import type { Browser } from '../../integrations/browser/index.ts'
import type { Files } from '../../integrations/files/index.ts'
import type { Seal } from '../../integrations/seal/index.ts'
import type { Clock } from '../../platform/clock.ts'
import { schoolTime } from '../../platform/dates.ts'
import type { Database, Db } from '../../platform/db.ts'
import { defineJob, defineQueue, type Outcome, type Running, type Work, work } from '../../platform/jobs.ts'
import { fits } from '../../platform/schema.ts'
import { documentReserved } from './events.ts'
import { forgetGuesses } from './guesses/store.ts'
import type { Hindrance } from './hindrances.ts'
import { sealBox, sheetsIn } from './paper.ts'
import { qrSvg, verifyUrl } from './qr.ts'
import { grouped } from './rules.ts'
import { getDocument, getTemplate } from './store.ts'
import type { DocumentRow } from './tables.ts'
import { readTemplate, renderDocument, type Template } from './templates.ts'
import { type Trouble, whyNotDraw } from './trouble.ts'
import type { SealedFile, Verbs } from './verbs.ts'

// Four for each of the browser's pages: while some are drawn in one go, others are sealed and stored, or wait to go together next.
const documents = defineQueue('documents', { concurrency: 8 })
// A full disk or a lost file store may last a week: whoever waits for a paper is not lost with it.
export const drawDocument = defineJob({ name: 'documents.draw', queue: documents, on: documentReserved, lease: 60_000, outages: 200 })
const housekeeping = defineQueue('housekeeping', { concurrency: 1 })
export const forgetOldGuesses = defineJob({ name: 'documents.forget-guesses', queue: housekeeping, every: { minutes: 60 } })

export type DrawDeps = {
  database: Database; clock: Clock; browser: Browser; files: Files; verbs: Verbs; publicUrl: string
  seal: Seal | null
  hindrances(): Promise<Hindrance[]>
  school: { name: string; nameEn: string }
  specimen: boolean
}

/** milliseconds until a document that waits for a browser or a certificate is looked at again */
const LOOK_AGAIN = 60_000

export function createJobs(deps: Deps): Work[] {
  const { database } = deps
  return [
    work(drawDocument, ({ document_id }, running) => draw(deps, document_id, running)),
    work(forgetOldGuesses, () => database.write(tx => forgetGuesses(tx, tx.bus.clock.now()))),
  ]
}

type Deps = DrawDeps & { templateOf: TemplateOf }

export type TemplateOf = (document: Pick<DocumentRow, 'kind' | 'template_hash'>) => Promise<Template>

/** Reads each text once: it never changes, and a term's documents share one. */
export function keptTemplates(db: Db): TemplateOf {
  const kept = new Map<string, Template>()
  return async ({ kind, template_hash }) => {
    const known = kept.get(template_hash)
    if (known) return known
    const { source } = await getTemplate(db, template_hash)
    const template = readTemplate(kind, source)
    kept.set(template_hash, template)
    return template
  }
}

async function draw(deps: Deps, id: string, running: Running): Promise<Outcome> {
  const { database, browser, seal, verbs } = deps
  const document = await getDocument(database.db, id)
  if (document.status !== 'reserved') return undefined // an earlier run got this far
  if (!seal || (await deps.hindrances()).length > 0) return { later: LOOK_AGAIN }
  const template = await deps.templateOf(document)
  const trouble = await troubleIn(template, document, browser)
  if (trouble) return database.write(tx => verbs.giveUp(tx, running, document, trouble))
  const html = await pageOf(deps, seal, document, template)
  const pdf = await browser.pdf(html, { tagged: template.tagged })
  const file = await sealedFile(deps, seal, document, template, { pdf, sheets: sheetsIn(html) })
  return database.write(tx => verbs.issue(tx, running, document, file))
}

/** Seals what was drawn and puts it into the store. */
export async function sealedFile({ files, ...deps }: Pick<DrawDeps, 'files' | 'school' | 'clock'>, seal: Seal, document: DocumentRow, template: Template, { pdf, sheets }: { pdf: Uint8Array; sheets: number }): Promise<SealedFile> {
  const { pdf: sealed, ...reached } = await seal.sign(pdf, { reason: document.title, location: deps.school.name, fieldName: 'Seal', at: deps.clock.now(), seal: sealBox(template.seal, sheets) })
  return { ...reached, sha256: await files.put(sealed), sealed_by: seal.certificate.fingerprint }
}

/** What only a person can mend, so that trying again is of no use. */
export async function troubleIn(template: Template, { facts }: Pick<DocumentRow, 'facts'>, browser: Pick<Browser, 'unprintable'>): Promise<Trouble | null> {
  const why = whyNotDraw(template, facts)
  if (why) return why
  const boxes = await browser.unprintable(template.facts.map(({ key }) => facts[key] ?? '').join(''))
  return boxes.length > 0 ? { why: 'unprintable', what: boxes } : null
}

export async function pageOf({ publicUrl, school, specimen, files }: Pick<DrawDeps, 'publicUrl' | 'school' | 'specimen' | 'files'>, seal: Seal, document: DocumentRow, template: Template): Promise<string> {
  const verify_url = verifyUrl(publicUrl, document.code)
  return renderDocument(template.source, {
    facts: document.facts, school: { name: school.name, name_en: school.nameEn }, number: document.number, code: grouped(document.code),
    verify_url, qr: await qrSvg(verify_url), issued_on: schoolTime(document.created_at).date, seal: seal.image, specimen,
    signatures: await signaturesIn(files, document.facts.history),
  })
}

const Signed = Type.Array(Type.Object({ signature: Type.Optional(Type.String()) }))

/** The pictures of the signatures in a record's history. */
async function signaturesIn(files: Pick<Files, 'get'>, history = '[]'): Promise<Map<string, string>> {
  const lines: unknown = JSON.parse(history)
  const named = fits<Static<typeof Signed>>(Signed, lines) ? lines.flatMap(line => line.signature ?? []) : []
  return new Map(await Promise.all([...new Set(named)].map(async (sha256): Promise<[string, string]> => [sha256, `data:image/png;base64,${Buffer.from(await files.get(sha256)).toString('base64')}`])))
}

import type { Browser } from '../../integrations/browser/index.ts'
import type { Files } from '../../integrations/files/index.ts'
import type { Seal } from '../../integrations/seal/index.ts'
import type { Clock } from '../../platform/clock.ts'
import { schoolTime } from '../../platform/dates.ts'
import type { Database } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import { textIn } from '../../platform/text.ts'
import { defineJob, defineQueue, type Outcome, type Running, type Work, work } from '../../platform/jobs.ts'
import { documentReserved } from './events.ts'
import { sealBox } from './paper.ts'
import { qrSvg, verifyUrl } from './qr.ts'
import { grouped } from './rules.ts'
import { forgetGuesses, getDocument, getTemplate } from './store.ts'
import type { DocumentRow } from './tables.ts'
import { readTemplate, renderDocument } from './templates.ts'
import type { Verbs } from './verbs.ts'

const documents = defineQueue('documents', { concurrency: 2 })
export const drawDocument = defineJob({ name: 'documents.draw', queue: documents, on: documentReserved, lease: 60_000 })
const housekeeping = defineQueue('housekeeping', { concurrency: 1 })
export const forgetOldGuesses = defineJob({ name: 'documents.forget-guesses', queue: housekeeping, every: { minutes: 60 } })

type Deps = {
  database: Database; clock: Clock; browser: Browser; files: Files; verbs: Verbs; publicUrl: string
  seal: Seal | null
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

async function draw(deps: Deps, id: string, running: Running): Promise<Outcome> {
  const { database, browser, files, seal, verbs } = deps
  const document = await getDocument(database.db, id)
  if (document.status !== 'reserved') return undefined // an earlier run got this far
  if (!seal || !(await browser.available()).ok) return { later: LOOK_AGAIN }
  const missing = await browser.unprintable(Object.values(document.facts).join(''))
  if (missing.length > 0) {
    const reason = `字库里没有这些字：${missing.join('、')}`
    return database.write(tx => verbs.giveUp(tx, running, document, reason))
  }
  const { source } = await getTemplate(database.db, document.template_hash)
  const html = await page(deps, seal, document, source)
  if (html instanceof AppError) return database.write(tx => verbs.giveUp(tx, running, document, sentenceOf(html)))
  const pdf = await browser.pdf(html).catch(withoutBrowser)
  if (!pdf) return { later: LOOK_AGAIN }
  const sealed = await seal.sign(pdf, { reason: document.title, location: deps.school.name, fieldName: 'Seal', at: deps.clock.now(), seal: sealBox(readTemplate(document.kind, source).seal) })
  const sha256 = await files.put(sealed.pdf)
  return database.write(tx => verbs.issue(tx, running, document, { sha256, level: sealed.level }))
}

function withoutBrowser(error: unknown): null {
  if (error instanceof AppError && error.code === 'no-browser') return null
  throw error
}

/** The page as HTML, or what is missing from its facts: for a person to mend, not to be tried again. */
async function page({ publicUrl, school, specimen }: Deps, seal: Seal, document: DocumentRow, source: string): Promise<string | AppError> {
  const verify_url = verifyUrl(publicUrl, document.code)
  const qr = await qrSvg(verify_url)
  try {
    return renderDocument(source, {
      facts: document.facts, school: { name: school.name, name_en: school.nameEn }, number: document.number, code: grouped(document.code),
      verify_url, qr, issued_on: schoolTime(document.created_at).date, seal: seal.image, specimen,
    })
  } catch (error) {
    if (error instanceof AppError && error.kind === 'invalid') return error
    throw error
  }
}

function sentenceOf({ message, params }: AppError): string {
  return textIn('zh')(message, params)
}

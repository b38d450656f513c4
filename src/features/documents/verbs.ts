import type { Tx } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import { type Actor, emit } from '../../platform/events.ts'
import type { Running } from '../../platform/jobs.ts'
import { move } from '../../platform/machine.ts'
import type { Language } from '../../platform/text.ts'
import { contentOf, type Owner } from './content.ts'
import { documentGathered, documentMailed, documentReserved } from './events.ts'
import type { Schemes } from './grades/schemes.ts'
import type { Identity, Messages, Services } from './index.ts'
import { issueMail, issueMessage, revokeMessage, troubleMessage, troubleReport } from './notices.ts'
import { recordVerbs } from './records.ts'
import { documentMachine, reasonTyped, whyNotSend } from './rules.ts'
import { documentLowered } from './sealing/events.ts'
import { keepRevisions, keepSeal, type Revision } from './sealing/store.ts'
import { findOfApplication, getDocument, insertDocument, keepTemplate, newDocument } from './store.ts'
import type { DocumentRow } from './tables.ts'
import type { Facts, Template } from './templates.ts'
import { keptTrouble, type Trouble } from './trouble.ts'

type Deps = { templates: ReadonlyMap<string, Template>; schemes: Schemes; identity: Identity; services: Services; messages: Messages }

type Wanted = Owner & { kind: string; application_id?: string; mail_to?: string | null | undefined; /** beside what is known of the person */ facts?: Facts | undefined; /** the batch that draws it, where the job for single ones does not */ batch_id?: string }

/** `silent`: of many at once somebody else tells. */
type Telling = { silent?: boolean }

/** A sealed file; `wished`: the level it would have reached had all answered, `earlier`: files that stand at its beginning. */
export type SealedFile = Revision & { /** SHA-256 of the seal's certificate */ sealed_by: string; wished?: string; earlier?: readonly Revision[] }

/** What can be done with a document. Each takes the open transaction first. */
export function createVerbs(deps: Deps) {
  const { templates, identity, services, messages } = deps
  /** Sets number, code, facts and template of what an approved application gives; nothing where it gives no document. */
  async function reserve(tx: Tx, application_id: string): Promise<void> {
    const application = await services.applicationById(tx, application_id)
    const outcome = application.outcome.document
    if (!outcome || await findOfApplication(tx, application_id)) return
    const { person_id, person_number } = application
    await reserveFor(tx, null, { kind: outcome.kind, person_id, person_number, application_id, facts: outcome.facts, mail_to: outcome.mail_to })
  }

  /** Sets number, code, facts and template of a paper of this kind for a person; the job draws and seals it. Its id. */
  async function reserveFor(tx: Tx, actor: Actor | null, { kind, mail_to = null, facts, batch_id, ...whose }: Wanted): Promise<string> {
    const template = await keptTemplate(tx, kind)
    const document = await newDocument(tx, template, { ...whose, mail_to, facts: { ...await contentOf(tx, deps, template, whose), ...facts } })
    await insertDocument(tx, document)
    const told = { subject: subjectOf(document), actor }
    if (batch_id) await emit(tx, documentGathered, { document_id: document.id, batch_id }, told)
    else await emit(tx, documentReserved, { document_id: document.id }, told)
    return document.id
  }

  /** The sealed file is in the store: registers it, and sends it to its owner in WeCom and by mail. */
  async function issue(tx: Tx, running: Running, document: DocumentRow, { sha256, sealed_by, level, wished = level, earlier = [] }: SealedFile, { silent = false }: Telling = {}): Promise<void> {
    await running.hold(tx)
    await keepRevisions(tx, document.id, earlier)
    await keepSeal(tx, sealed_by)
    await move(tx, documentMachine, document, 'issue', { actor: null, set: { sha256, sealed_by, level, issued_at: tx.bus.clock.now() }, ...about(document) })
    if (wished !== level) await emit(tx, documentLowered, { document_id: document.id, level, wished }, { subject: subjectOf(document), actor: null })
    if (!silent) await announce(tx, document, sha256)
  }

  async function announce(tx: Tx, document: DocumentRow, sha256: string): Promise<void> {
    await messages.tell(tx, issueMessage(document, sha256))
    if (document.mail_to) await messages.mail(tx, issueMail(document, document.mail_to, sha256, languageOf(document)))
  }

  const languageOf = ({ kind }: DocumentRow): Language => templates.get(kind)?.language ?? 'zh'

  /** It cannot be made as it stands, as with a name that no font can print: its owner and the administrators are told. */
  async function giveUp(tx: Tx, running: Running, document: DocumentRow, trouble: Trouble, { silent = false }: Telling = {}): Promise<void> {
    await running.hold(tx)
    await move(tx, documentMachine, document, 'giveUp', { actor: null, set: { reason: keptTrouble(trouble), ended_at: tx.bus.clock.now() }, ...about(document) })
    if (silent) return
    await messages.tell(tx, troubleMessage(document, trouble))
    for (const admin of await identity.admins(tx)) await messages.tell(tx, troubleReport(document, trouble, admin))
  }

  /** Somebody has mended what was in the way: it begins again under the same number, with what the roster and the template say now. */
  async function redraw(tx: Tx, actor: Actor, id: string): Promise<void> {
    const document = await getDocument(tx, id)
    const template = await keptTemplate(tx, document.kind)
    const facts = document.record_key ? await records.factsAgain(tx, document) : await factsOf(tx, template, document)
    await move(tx, documentMachine, document, 'redraw', { actor, set: { facts: JSON.stringify(facts), template_hash: template.hash, reason: null, ended_at: null }, ...about(document) })
  }

  async function factsOf(tx: Tx, template: Template, document: DocumentRow): Promise<Facts> {
    const { outcome } = document.application_id ? await services.applicationById(tx, document.application_id) : { outcome: { document: undefined } }
    return { ...await contentOf(tx, deps, template, document), ...outcome.document?.facts }
  }

  /** From now on whoever verifies it reads that it is void, and why. */
  async function revoke(tx: Tx, actor: Actor, id: string, typed: string): Promise<void> {
    const reason = reasonTyped(typed)
    const document = await getDocument(tx, id)
    await move(tx, documentMachine, document, 'revoke', { actor, set: { reason, record_key: null, ended_at: tx.bus.clock.now() }, ...about(document) })
    await messages.tell(tx, revokeMessage(document, reason))
  }

  /** Sends one of its messages again, as it was. */
  async function resend(tx: Tx, actor: Actor, id: string, delivery_id: string): Promise<void> {
    await mayBeSent(tx, await getDocument(tx, id))
    await messages.resend(tx, actor, delivery_id)
  }

  /** Sends the file to a mailbox that its owner names now, as after a wrong letter in the first. `address` has been checked. */
  async function mailTo(tx: Tx, actor: Actor, id: string, address: string): Promise<void> {
    const document = await getDocument(tx, id)
    const sha256 = await mayBeSent(tx, document)
    const delivery_id = await messages.mail(tx, issueMail(document, address, sha256, languageOf(document)))
    await emit(tx, documentMailed, { document_id: id, delivery_id }, { subject: subjectOf(document), actor })
  }

  /** The file to send; throws what its reader is told where it may not be sent. */
  async function mayBeSent(tx: Tx, document: DocumentRow): Promise<string> {
    const why = whyNotSend(document, await messages.deliveriesOf(tx, document.id), tx.bus.clock.now())
    if (why || !document.sha256) throw new AppError('conflict', why ?? '文件还在生成')
    return document.sha256
  }

  /** The template as it is now, kept for as long as the document. */
  async function keptTemplate(tx: Tx, kind: string): Promise<Template> {
    const template = templates.get(kind)
    if (!template) throw new Error(`no document template ${kind}`)
    await keepTemplate(tx, template)
    return template
  }

  const records = recordVerbs({ identity, services, messages, keptTemplate })
  return { reserve, reserveFor, issue, announce, giveUp, redraw, revoke, resend, mailTo, reserveRecord: records.reserve, voidRecords: records.voidAll }
}

export type Verbs = ReturnType<typeof createVerbs>

function about(document: DocumentRow) {
  return { data: { document_id: document.id }, subject: subjectOf(document) }
}

/** What its story is told under: the application it came from, or itself. */
export function subjectOf(document: Pick<DocumentRow, 'id' | 'application_id'>): string {
  return document.application_id ?? document.id
}

import type { Tx } from '../../platform/db.ts'
import { schoolTime } from '../../platform/dates.ts'
import { AppError } from '../../platform/errors.ts'
import { type Actor, emit } from '../../platform/events.ts'
import { newCode, newId } from '../../platform/ids.ts'
import type { Running } from '../../platform/jobs.ts'
import { move } from '../../platform/machine.ts'
import { documentMailed, documentReserved } from './events.ts'
import type { Identity, Messages, Services } from './index.ts'
import { issueMail, issueMessage, revokeMessage, troubleMessage, troubleReport } from './notices.ts'
import { recordVerbs } from './records.ts'
import { documentMachine, LONGEST_REASON, whyNotSend } from './rules.ts'
import { findOfApplication, getDocument, insertDocument, keepTemplate, nextSerial } from './store.ts'
import type { DocumentRow } from './tables.ts'
import type { Facts, Template } from './templates.ts'
import { keptTrouble, type Trouble } from './trouble.ts'

type Deps = { templates: ReadonlyMap<string, Template>; identity: Identity; services: Services; messages: Messages }

/** What can be done with a document. Each takes the open transaction first. */
export function createVerbs({ templates, identity, services, messages }: Deps) {
  /** Sets number, code, facts and template of what an approved application gives; nothing where it gives no document. */
  async function reserve(tx: Tx, application_id: string): Promise<void> {
    const application = await services.applicationById(tx, application_id)
    const outcome = application.outcome.document
    if (!outcome || await findOfApplication(tx, application_id)) return
    const template = await keptTemplate(tx, outcome.kind)
    const now = tx.bus.clock.now()
    const document: DocumentRow = {
      id: newId(), kind: template.kind, title: template.title, number: await nextSerial(tx, schoolTime(now).date.replaceAll('-', '')), code: newCode(),
      person_id: application.person_id, person_number: application.person_number, application_id, record_of: null, record_key: null,
      facts: { ...await identity.factsOf(tx, application.person_id, application.person_number), ...outcome.facts },
      template_hash: template.hash, mail_to: outcome.mail_to ?? null, status: 'reserved', reason: null, sha256: null, level: null,
      created_at: now, issued_at: null, ended_at: null,
    }
    await insertDocument(tx, document)
    await emit(tx, documentReserved, { document_id: document.id }, { subject: application_id, actor: null })
  }

  /** The sealed file is in the store: registers it, and sends it to its owner in WeCom and by mail. */
  async function issue(tx: Tx, running: Running, document: DocumentRow, { sha256, level }: { sha256: string; level: string }): Promise<void> {
    await running.hold(tx)
    await move(tx, documentMachine, document, 'issue', { actor: null, set: { sha256, level, issued_at: tx.bus.clock.now() }, ...about(document) })
    await messages.tell(tx, issueMessage(document, sha256))
    if (document.mail_to) await messages.mail(tx, issueMail(document, document.mail_to, sha256))
  }

  /** It cannot be made as it stands, as with a name that no font can print: its owner and the administrators are told. */
  async function giveUp(tx: Tx, running: Running, document: DocumentRow, trouble: Trouble): Promise<void> {
    await running.hold(tx)
    await move(tx, documentMachine, document, 'giveUp', { actor: null, set: { reason: keptTrouble(trouble), ended_at: tx.bus.clock.now() }, ...about(document) })
    await messages.tell(tx, troubleMessage(document, trouble))
    for (const admin of await identity.admins(tx)) await messages.tell(tx, troubleReport(document, trouble, admin))
  }

  /** Somebody has mended what was in the way: it begins again under the same number, with what the roster and the template say now. */
  async function redraw(tx: Tx, actor: Actor, id: string): Promise<void> {
    const document = await getDocument(tx, id)
    const { hash } = await keptTemplate(tx, document.kind)
    const facts = document.record_key ? await records.factsAgain(tx, document) : await factsOf(tx, document)
    await move(tx, documentMachine, document, 'redraw', { actor, set: { facts: JSON.stringify(facts), template_hash: hash, reason: null, ended_at: null }, ...about(document) })
  }

  async function factsOf(tx: Tx, { application_id, person_id, person_number }: DocumentRow): Promise<Facts> {
    const { outcome } = application_id ? await services.applicationById(tx, application_id) : { outcome: { document: undefined } }
    return { ...await identity.factsOf(tx, person_id, person_number), ...outcome.document?.facts }
  }

  /** From now on whoever verifies it reads that it is void, and why. */
  async function revoke(tx: Tx, actor: Actor, id: string, typed: string): Promise<void> {
    const reason = typed.trim()
    if (reason === '') throw refused('reason', '请写明作废的原因，核验的人会看到')
    if ([...reason].length > LONGEST_REASON) throw refused('reason', '原因最多 200 个字')
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
    const delivery_id = await messages.mail(tx, issueMail(document, address, sha256))
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
  return { reserve, issue, giveUp, redraw, revoke, resend, mailTo, reserveRecord: records.reserve, voidRecords: records.voidAll }
}

export type Verbs = ReturnType<typeof createVerbs>

function refused(field: string, sentence: string): AppError {
  return new AppError('invalid', sentence, { fields: { [field]: sentence } })
}

function about(document: DocumentRow) {
  return { data: { document_id: document.id }, subject: subjectOf(document) }
}

/** What its story is told under: the application it came from, or itself. */
export function subjectOf(document: Pick<DocumentRow, 'id' | 'application_id'>): string {
  return document.application_id ?? document.id
}

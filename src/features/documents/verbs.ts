import type { Tx } from '../../platform/db.ts'
import { schoolTime } from '../../platform/dates.ts'
import { AppError } from '../../platform/errors.ts'
import { type Actor, emit } from '../../platform/events.ts'
import { newCode, newId } from '../../platform/ids.ts'
import type { Running } from '../../platform/jobs.ts'
import { move } from '../../platform/machine.ts'
import { documentReserved } from './events.ts'
import type { Identity, Messages, Services } from './index.ts'
import { issueMail, issueMessage, revokeMessage } from './notices.ts'
import { documentMachine } from './rules.ts'
import { findOfApplication, getDocument, insertDocument, keepTemplate, nextSerial } from './store.ts'
import type { DocumentRow } from './tables.ts'
import type { Template } from './templates.ts'

type Deps = { templates: ReadonlyMap<string, Template>; identity: Identity; services: Services; messages: Messages }

/** What can be done with a document. Each takes the open transaction first. */
export function createVerbs({ templates, identity, services, messages }: Deps) {
  /** Sets number, code, facts and template of what an approved application gives; nothing where it gives no document. */
  async function reserve(tx: Tx, application_id: string): Promise<void> {
    const application = await services.applicationById(tx, application_id)
    const outcome = application.outcome.document
    if (!outcome || await findOfApplication(tx, application_id)) return
    const template = templates.get(outcome.kind)
    if (!template) throw new Error(`no document template ${outcome.kind}`)
    await keepTemplate(tx, template)
    const now = tx.bus.clock.now()
    const document: DocumentRow = {
      id: newId(), kind: template.kind, title: template.title, number: await nextSerial(tx, schoolTime(now).date.replaceAll('-', '')), code: newCode(),
      person_id: application.person_id, person_number: application.person_number, application_id,
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
    const set = { sha256, level, issued_at: tx.bus.clock.now() }
    await move(tx, documentMachine, document, 'issue', { actor: null, set, data: { document_id: document.id }, subject: subjectOf(document) })
    await messages.tell(tx, issueMessage(document, sha256))
    if (document.mail_to) await messages.mail(tx, issueMail(document, document.mail_to, sha256))
  }

  /** It cannot be made as it stands, as with a name that no font can print; a person has to look. */
  async function giveUp(tx: Tx, running: Running, document: DocumentRow, reason: string): Promise<void> {
    await running.hold(tx)
    await move(tx, documentMachine, document, 'giveUp', {
      actor: null, set: { reason, ended_at: tx.bus.clock.now() }, data: { document_id: document.id }, subject: subjectOf(document),
    })
  }

  /** From now on whoever verifies it reads that it is void, and why. */
  async function revoke(tx: Tx, actor: Actor, id: string, reason: string): Promise<void> {
    if (reason.trim() === '') throw new AppError('invalid', '请写明作废的原因，核验的人会看到', { fields: { reason: '请写明作废的原因，核验的人会看到' } })
    const document = await getDocument(tx, id)
    const set = { reason: reason.trim().slice(0, 200), ended_at: tx.bus.clock.now() }
    await move(tx, documentMachine, document, 'revoke', { actor, set, data: { document_id: id }, subject: subjectOf(document) })
    await messages.tell(tx, revokeMessage(document, set.reason))
  }

  return { reserve, issue, giveUp, revoke }
}

export type Verbs = ReturnType<typeof createVerbs>

/** What its story is told under: the application it came from, or itself. */
export function subjectOf(document: Pick<DocumentRow, 'id' | 'application_id'>): string {
  return document.application_id ?? document.id
}

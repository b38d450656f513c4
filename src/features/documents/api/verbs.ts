import { hash } from 'node:crypto'
import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { textIn } from '../../../platform/text.ts'
import { actorOf, type Caller } from '../../api/index.ts'
import type { Schemes } from '../grades/schemes.ts'
import type { HoldType } from '../holds/types.ts'
import type { Identity, Messages } from '../index.ts'
import { stopOf } from '../requests/stops.ts'
import type { Template } from '../templates.ts'
import type { Verbs } from '../verbs.ts'
import { kindsOf, studentOf } from './rules.ts'
import type { IssueBody } from './schema.ts'
import { findByKey, getAsked, insertAsked } from './store.ts'

type Deps = { templates: ReadonlyMap<string, Template>; holdTypes: ReadonlyMap<string, HoldType>; schemes: Schemes; identity: Identity; messages: Messages; verbs: Verbs }

/** What an office's system can do with documents. */
export function createApiVerbs({ templates, holdTypes, schemes, identity, messages, verbs }: Deps) {
  /**
   * Has a paper issued in a student's place, who is told each time; its id. The same key again gives the same document.
   * Throws what the caller is told where the kind, the student or the key is not for it. Two with one key at once: one gets a duplicate.
   */
  async function issue(tx: Tx, caller: Caller, request_key: string, body: IssueBody): Promise<{ document_id: string; isNew: boolean }> {
    const fingerprint = hash('sha256', JSON.stringify([body.kind, body.student_number, body.purpose, body.reference ?? null]))
    const before = await findByKey(tx, caller.id, request_key)
    if (before) return { document_id: sameAs(before, fingerprint), isNew: false }
    const template = kindsOf(templates, caller).find(({ kind }) => kind === body.kind)
    if (!template) throw new AppError('forbidden', '这个接口不能开具这种文件', { code: 'documents:kind-not-allowed', fields: { kind: '这个接口不能开具这种文件' } })
    const student = studentOf(await identity.personByNumber(tx, body.student_number), await identity.listUnits(tx), caller)
    // What stops it is between the school and the student: fees or a punishment are not told to another office.
    if (await stopOf(tx, { identity, holdTypes, schemes }, template, { person_id: student.id, person_number: student.number }, tx.bus.clock.now(), textIn('zh'))) {
      throw new AppError('conflict', '这名学生现在不能开具这种文件，原因请本人在办事大厅的“电子证明”里查看', { code: 'documents:not-possible' })
    }
    const document_id = await verbs.reserveFor(tx, actorOf(caller), { kind: template.kind, person_id: student.id, person_number: student.number, facts: { purpose: body.purpose } })
    await insertAsked(tx, { document_id, client_id: caller.id, request_key, fingerprint, office: caller.name, purpose: body.purpose, reference: body.reference ?? null, created_at: tx.bus.clock.now() })
    await messages.tell(tx, {
      to: student.id, kind: 'documents.on-behalf', title: `${caller.name}代你开具${template.title}`, subject: document_id, url: `/documents/${document_id}`,
      lines: [{ label: '用途', value: body.purpose }], text: '这是学校的系统代为开具的。如果你不知道这件事，请联系学校',
    })
    return { document_id, isNew: true }
  }

  /** Only what this caller asked for; revoking what is revoked changes nothing. */
  async function revoke(tx: Tx, caller: Caller, document_id: string, reason: string): Promise<void> {
    const { document } = await getAsked(tx, caller.id, document_id)
    if (document.status !== 'revoked') await verbs.revoke(tx, actorOf(caller), document_id, reason)
  }

  return { issue, revoke }
}

export type ApiVerbs = ReturnType<typeof createApiVerbs>

function sameAs(before: { document_id: string; fingerprint: string }, fingerprint: string): string {
  if (before.fingerprint === fingerprint) return before.document_id
  throw new AppError('invalid', '这个 Idempotency-Key 已经用来要过别的文件，请换一个', { code: 'documents:key-reused' })
}

import type { Db, Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import type { SignedIn } from '../../../platform/web.ts'
import type { Decision, TaskView } from '../../approvals/index.ts'
import { fieldsOf, splitChosen } from '../choices.ts'
import type { Context } from '../deps.ts'
import type { CommonField } from '../fields/field.ts'
import { isFileId } from '../fields/files.ts'
import { signatureField } from '../fields/signature.ts'
import { knownToday } from '../known.ts'
import { type Faults, type Form, readForm } from '../rules/form.ts'
import { keepSaid } from './comment.ts'
import { fileIds, keepFiles, type Kept, type Sent, uselessFiles } from './draft.ts'
import { KIND } from './submit.ts'

type Approver = Pick<SignedIn, 'person_id' | 'number'>

export type Deciding = Omit<Sent, 'id'> & { task: TaskView; decision: Decision; comment: string; faults?: Faults; /** files that come along with the opinion */ said?: readonly Kept[] }

/** What approving this task asks of its holder, as fields: whom to choose for later steps, a signature. Empty for who does not hold it. */
export async function askedPart(context: Context, db: Db, task: TaskView, { person_id }: Approver): Promise<Form> {
  if (task.kind !== KIND || task.status !== 'open' || task.wants !== 'decide' || task.person_id !== person_id) return { fields: [] }
  const { offers, signs } = await context.approvals.asksOfTask(db, task)
  const signature: CommonField = { key: signatureKey(task.id), type: 'signature', label: '手写签名', required: true }
  return { fields: [...await fieldsOf(context, db, offers.map(offer => ({ ...offer, when: null }))), ...(signs ? [signatureField.bind(signature)] : [])] }
}

/** A decision, with what the step asks of who approves. Where something of that is wrong nothing is decided and the faults come back; a drawn signature is kept. */
export async function decide(context: Context, tx: Tx, viewer: Approver, { task, decision, comment, faults: found = {}, said = [], ...sent }: Deciding): Promise<{ faults: Faults }> {
  const input = { task_id: task.id, decision, comment, via: 'page' as const }
  const { fields } = decision === 'approve' ? await askedPart(context, tx, task, viewer) : { fields: [] }
  const part = { fields }
  await keepFiles(context, tx, task.subject, part, { uploads: sent.uploads ?? [], remove: sent.remove ?? [], by: viewer.person_id })
  const typed = { ...sent.input, ...await fileIds(tx, task.subject, part) }
  const { values, faults } = readForm(part, typed, { known: await knownToday(context, tx, part, typed) })
  const all = { ...faults, ...await uselessFiles(tx, task.subject, part), ...(fields.length > 0 && found) }
  if (Object.keys(all).length > 0) return { faults: all }
  const { chosen } = splitChosen(values, fields)
  const { decision_id } = await context.approvals.decide(tx, viewer, { ...input, chosen, signature: signatureIn(values[signatureKey(task.id)]) })
  await keepSaid(context, tx, viewer, { id: task.subject, said_id: decision_id, uploads: said })
  return { faults: {} }
}

/** Takes in or off a drawn signature before the decision. */
export async function keepSignature(context: Context, tx: Tx, viewer: Approver, { task, uploads = [], remove = [] }: Pick<Deciding, 'task' | 'uploads' | 'remove'>): Promise<void> {
  const part = await askedPart(context, tx, task, viewer)
  if (part.fields.length === 0) throw new AppError('forbidden', '这一环节没有要填写的内容，或者已经由别人办理')
  await keepFiles(context, tx, task.subject, part, { uploads, remove, by: viewer.person_id })
}

/** Two underscores are in no key that an author may write. */
function signatureKey(task_id: string): string {
  return `sign__${task_id.toLowerCase()}`
}

/** As approvals keeps it: the id of the picture, or the name typed by who cannot draw. */
function signatureIn(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null
  if ('file' in value && typeof value.file === 'string' && isFileId(value.file)) return value.file
  return 'name' in value && typeof value.name === 'string' ? value.name : null
}

import type { EventMeta, Reaction } from '../../platform/events.ts'
import { defineReaction } from '../../platform/events.ts'
import type { Tx } from '../../platform/db.ts'
import { move } from '../../platform/machine.ts'
import { fits } from '../../platform/schema.ts'
import { decided, formFilled, instanceApproved, instanceEnded, instanceRejected, instanceReturned, instanceRevoked, instanceWithdrawn } from '../approvals/index.ts'
import type { Context } from './deps.ts'
import { applicationMachine } from './rules/application.ts'
import type { Form, Values } from './rules/form.ts'
import { type Application, getApplication, setForm } from './store/applications.ts'
import { markRemoved } from './store/attachments.ts'
import { deleteReservations } from './store/reservations.ts'
import { demandFilled } from './verbs/amend.ts'
import { fileIds } from './verbs/draft.ts'
import { KIND } from './verbs/submit.ts'

/**
 * The approval's end is the application's end, and what its flow fills in is in its form, in one transaction; and nobody agrees before
 * what is theirs is filled in.
 */
export const createReactions = (context: Context): readonly Reaction[] => [
  defineReaction(instanceApproved, (tx, data, meta) => follow(tx, 'approve', data, meta)),
  defineReaction(instanceRejected, (tx, data, meta) => follow(tx, 'reject', data, meta)),
  defineReaction(instanceWithdrawn, (tx, data, meta) => follow(tx, 'withdraw', data, meta)),
  defineReaction(decided, async (tx, { decision, instance_id, task_id }, { subject }) => {
    if (decision === 'approve') await demandFilled(context, tx, { application_id: subject, instance_id, task_id })
  }),
  defineReaction(instanceReturned, (tx, data, meta) => follow(tx, 'return', data, meta)),
  defineReaction(instanceRevoked, (tx, data, meta) => follow(tx, 'revoke', data, meta)),
  defineReaction(instanceEnded, (tx, data, meta) => follow(tx, 'end', data, meta)),
  defineReaction(formFilled, async (tx, { instance_id, subject, kind }) => {
    const instance = kind === KIND ? await context.approvals.instanceOf(tx, instance_id) : null
    if (!instance) return
    const row = await getApplication(tx, subject)
    const { form } = await context.versions.get(tx, row.version_id)
    await setForm(tx, subject, filledIn(form, row.form ?? {}, instance.form))
    await takeOffFiles(tx, row, form, instance.form)
  }),
]

/** Of what the flow emptied: else they would be there again as soon as somebody fills the rest in. */
async function takeOffFiles(tx: Tx, { id, form: before }: Pick<Application, 'id' | 'form'>, { fields }: Form, written: Values): Promise<void> {
  const emptied = fields.filter(({ files, definition: { key } }) => files && written[key] === null && before?.[key] !== undefined)
  const ids = Object.values(await fileIds(tx, id, { fields: emptied })).flat()
  await markRemoved(tx, id, ids, emptied.map(field => field.definition.key))
}

/** What the flow wrote, as far as the field takes it: another system's answer may be anything. Null empties a field. */
function filledIn({ fields }: Form, before: Values, written: Values): Values {
  const values: Record<string, unknown> = { ...before }
  for (const { definition: { key }, schema } of fields) {
    if (written[key] === null) delete values[key]
    else if (Object.hasOwn(written, key) && schema !== null && fits(schema, written[key])) values[key] = written[key]
  }
  return values
}

async function follow(tx: Tx, verb: 'approve' | 'reject' | 'withdraw' | 'return' | 'revoke' | 'end', { kind, subject }: { kind: string; subject: string }, { actor, at }: EventMeta): Promise<void> {
  if (kind !== KIND) return
  await move(tx, applicationMachine, { id: subject }, verb, {
    actor, data: { application_id: subject }, set: { ended_at: verb === 'return' ? null : at, expires_at: null, warned_at: null },
  })
  // What was returned is expected back, and approved is what it was reserved for.
  if (verb !== 'approve' && verb !== 'return') await deleteReservations(tx, subject)
}

import type { EventMeta, Reaction } from '../../platform/events.ts'
import { defineReaction } from '../../platform/events.ts'
import type { Tx } from '../../platform/db.ts'
import { move } from '../../platform/machine.ts'
import { instanceApproved, instanceRejected, instanceReturned, instanceWithdrawn } from '../approvals/index.ts'
import { applicationMachine } from './rules/application.ts'
import { KIND } from './verbs/submit.ts'

/** The approval's end is the application's end, in one transaction. */
export const reactions: readonly Reaction[] = [
  defineReaction(instanceApproved, (tx, data, meta) => follow(tx, 'approve', data, meta)),
  defineReaction(instanceRejected, (tx, data, meta) => follow(tx, 'reject', data, meta)),
  defineReaction(instanceWithdrawn, (tx, data, meta) => follow(tx, 'withdraw', data, meta)),
  defineReaction(instanceReturned, (tx, data, meta) => follow(tx, 'return', data, meta)),
]

async function follow(tx: Tx, verb: 'approve' | 'reject' | 'withdraw' | 'return', { kind, subject }: { kind: string; subject: string }, { actor, at }: EventMeta): Promise<void> {
  if (kind !== KIND) return
  await move(tx, applicationMachine, { id: subject }, verb, {
    actor, data: { application_id: subject }, set: { ended_at: verb === 'return' ? null : at },
  })
}

import type { Tx } from '../../../platform/db.ts'
import { insertMembers, type NewMemberRow, updateMember, updateMembers } from '../store/members.ts'

type Marks = {
  due: readonly string[]
  fresh: readonly Pick<NewMemberRow, 'userid' | 'number'>[]
  /** the same content with the phone's mark of a new key, by member */
  remarked: ReadonlyMap<string, string>
}

/** What a look through the roster found to be written: members that are there, and new ones. */
export async function markMembers(tx: Tx, { due, fresh, remarked }: Marks): Promise<void> {
  const due_at = tx.bus.clock.now()
  await updateMembers(tx, due, { due_at, problem: null, problem_at: null })
  for (const [key, content] of remarked) await updateMember(tx, key, { content })
  await insertMembers(tx, fresh.map(each => ({ ...each, due_at })))
}

import type { Tx } from '../../platform/db.ts'

const PARTS = ['approvals_handover_items', 'approvals_calls', 'approvals_copies', 'approvals_history', 'approvals_nodes'] as const

/** Deletes an instance that has ended with everything said and done in it; how many rows of what people wrote. Asked again it does nothing. */
export async function forget(tx: Tx, instance_id: string): Promise<{ tasks: number; decisions: number; remarks: number }> {
  const gone = async (table: 'approvals_tasks' | 'approvals_decisions' | 'approvals_remarks' | typeof PARTS[number]) =>
    Number((await tx.deleteFrom(table).where('instance_id', '=', instance_id).executeTakeFirst()).numDeletedRows)
  const counts = { tasks: await gone('approvals_tasks'), decisions: await gone('approvals_decisions'), remarks: await gone('approvals_remarks') }
  for (const table of PARTS) await gone(table)
  await tx.deleteFrom('approvals_instances').where('id', '=', instance_id).execute()
  return counts
}

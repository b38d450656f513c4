import type { Db, Tx } from '../../platform/db.ts'
import { insertRows } from '../../platform/prepared.ts'
import type { CallsTable } from './tables.ts'

type Fault = { phrase: string; params: Record<string, string | number> }
export type Call = Omit<CallsTable, 'instance_id' | 'node_id' | 'error'> & { label: string; error: Fault | null }

export async function insertCall(tx: Tx, { error, ...row }: Omit<CallsTable, 'error'> & { error: Fault | null }): Promise<void> {
  await insertRows(tx, 'approvals_calls', [{ ...row, error: error && JSON.stringify(error) }])
}

const MOST = 50

/** The latest tries first. */
export async function callsOf(db: Db, instance_id: string): Promise<Call[]> {
  const rows = await db.selectFrom('approvals_calls as call').innerJoin('approvals_nodes as node', 'node.id', 'call.node_id')
    .select(['call.id', 'call.name', 'call.attempt', 'call.at', 'call.ms', 'call.status', 'call.error', 'call.answer', 'node.label'])
    .where('call.instance_id', '=', instance_id).orderBy('call.id', 'desc').limit(MOST).execute()
  return rows.map(row => ({ ...row, error: row.error === null ? null : JSON.parse(row.error) }))
}

import type { Db, Tx } from '../../platform/db.ts'
import { insertRows } from '../../platform/prepared.ts'
import type { DelegationsTable, HandoversTable } from './tables.ts'

/** All standing delegations that hold at the time: few people are away at once. */
export async function delegationsAt(db: Db, at: number): Promise<DelegationsTable[]> {
  return await db.selectFrom('approvals_delegations').selectAll().where('ends_at', '>', at).where('starts_at', '<=', at).orderBy('id').execute()
}

/** Those of a person that hold or will, the next first. */
export async function delegationsOf(db: Db, person_id: string, at: number): Promise<DelegationsTable[]> {
  return await db.selectFrom('approvals_delegations').selectAll().where('person_id', '=', person_id).where('ends_at', '>', at).orderBy('starts_at').execute()
}

export async function insertDelegation(tx: Tx, row: DelegationsTable): Promise<void> {
  await insertRows(tx, 'approvals_delegations', [row])
}

/** False where there is none of the person's that still holds. */
export async function endDelegation(tx: Tx, id: string, person_id: string, at: number): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('approvals_delegations').set({ ends_at: at }).where('id', '=', id).where('person_id', '=', person_id).where('ends_at', '>', at).executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}

export async function insertHandover(tx: Tx, row: HandoversTable): Promise<void> {
  await insertRows(tx, 'approvals_handovers', [row])
}

export async function handoverById(db: Db, id: string): Promise<HandoversTable | null> {
  return await db.selectFrom('approvals_handovers').selectAll().where('id', '=', id).executeTakeFirst() ?? null
}

export async function setHandover(tx: Tx, id: string, counts: Pick<HandoversTable, 'moved' | 'kept' | 'ended_at'>): Promise<void> {
  await tx.updateTable('approvals_handovers').set(counts).where('id', '=', id).execute()
}

/** The ids of a person's open tasks, oldest first, after the one named. */
export async function openTaskIdsOf(db: Db, person_id: string, after: string, limit: number): Promise<string[]> {
  const rows = await db.selectFrom('approvals_tasks').select('id').where('person_id', '=', person_id).where('status', '=', 'open').where('ended_at', 'is', null)
    .where('id', '>', after).orderBy('id').limit(limit).execute()
  return rows.map(row => row.id)
}

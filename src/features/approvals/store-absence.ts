import type { Db, Tx } from '../../platform/db.ts'
import { insertRows } from '../../platform/prepared.ts'
import type { DelegationsTable, HandoverItemsTable, HandoversTable } from './tables.ts'

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

/** The latest first. */
export async function handovers(db: Db, limit: number): Promise<HandoversTable[]> {
  return await db.selectFrom('approvals_handovers').selectAll().orderBy('id', 'desc').limit(limit).execute()
}

export async function setHandover(tx: Tx, id: string, counts: Pick<HandoversTable, 'moved' | 'kept' | 'ended_at'>): Promise<void> {
  await tx.updateTable('approvals_handovers').set(counts).where('id', '=', id).execute()
}

export async function insertHandoverItem(tx: Tx, row: HandoverItemsTable): Promise<void> {
  await insertRows(tx, 'approvals_handover_items', [row])
}

export async function countHandoverItems(db: Db, handover_id: string): Promise<{ moved: number; kept: number }> {
  const rows = await db.selectFrom('approvals_handover_items').select(['outcome', ({ fn }) => fn.countAll<number | string>().as('number')]).where('handover_id', '=', handover_id).groupBy('outcome').execute()
  const count = (outcome: string) => Number(rows.find(row => row.outcome === outcome)?.number ?? 0)
  return { moved: count('moved'), kept: count('kept') }
}

/** What became of each, with what it is about; those after the one named, in the order of the tasks. */
export async function handoverItems(db: Db, handover_id: string, { after = '', outcome, limit }: { after?: string | undefined; outcome?: 'moved' | 'kept' | undefined; limit: number }) {
  return await db.selectFrom('approvals_handover_items as item').innerJoin('approvals_instances as instance', 'instance.id', 'item.instance_id')
    .select(['item.task_id', 'item.outcome', 'item.sentence', 'instance.title', 'instance.subject', 'instance.applicant_name', 'instance.applicant_number'])
    .where('item.handover_id', '=', handover_id).where('item.task_id', '>', after)
    .$if(outcome !== undefined, query => query.where('item.outcome', '=', outcome ?? 'kept')).orderBy('item.task_id').limit(limit).execute()
}

/** Open tasks of who leaves that the hand-over has not come to, oldest first. */
export async function tasksToHandOver(db: Db, { id, from_id }: Pick<HandoversTable, 'id' | 'from_id'>, limit: number): Promise<{ id: string; instance_id: string }[]> {
  return await db.selectFrom('approvals_tasks').select(['id', 'instance_id']).where('person_id', '=', from_id).where('status', '=', 'open').where('ended_at', 'is', null)
    .where('id', 'not in', db.selectFrom('approvals_handover_items').select('task_id').where('handover_id', '=', id)).orderBy('id').limit(limit).execute()
}

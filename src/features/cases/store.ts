import { AppError } from '../../platform/errors.ts'
import type { Db, Tx } from '../../platform/db.ts'
import { insertRows } from '../../platform/prepared.ts'
import type { MoveItemsTable, MovesTable } from './tables.ts'

export type Outcome = MoveItemsTable['outcome']

export async function insertMove(tx: Tx, move: MovesTable, items: readonly MoveItemsTable[]): Promise<void> {
  await insertRows(tx, 'cases_moves', [move])
  // In parts: a statement takes so many values and no more.
  for (let from = 0; from < items.length; from += 100) await insertRows(tx, 'cases_move_items', items.slice(from, from + 100))
}

export async function getMove(db: Db, id: string): Promise<MovesTable> {
  const move = await db.selectFrom('cases_moves').selectAll().where('id', '=', id).executeTakeFirst()
  if (!move) throw new AppError('not-found', '没有找到这次迁移')
  return move
}

/** The latest first. */
export async function listMoves(db: Db, limit: number): Promise<MovesTable[]> {
  return await db.selectFrom('cases_moves').selectAll().orderBy('id', 'desc').limit(limit).execute()
}

export async function endMove(tx: Tx, id: string, ended_at: number): Promise<void> {
  await tx.updateTable('cases_moves').set({ ended_at }).where('id', '=', id).where('ended_at', 'is', null).execute()
}

export async function itemsOf(db: Db, move_id: string, { outcome, after = '', limit }: { outcome?: Outcome | undefined; after?: string | undefined; limit: number }): Promise<MoveItemsTable[]> {
  return await db.selectFrom('cases_move_items').selectAll().where('move_id', '=', move_id).where('id', '>', after)
    .$if(outcome !== undefined, query => query.where('outcome', '=', outcome ?? 'kept')).orderBy('id').limit(limit).execute()
}

/** Of who has been served already there is nothing more to settle: false. */
export async function settleItem(tx: Tx, id: string, { outcome, sentence }: Pick<MoveItemsTable, 'outcome' | 'sentence'>): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('cases_move_items').set({ outcome, sentence }).where('id', '=', id).where('outcome', '=', 'waiting').executeTakeFirstOrThrow()
  return numUpdatedRows === 1n
}

export async function countItems(db: Db, move_id: string): Promise<Record<Outcome, number>> {
  const rows = await db.selectFrom('cases_move_items').select(['outcome', ({ fn }) => fn.countAll<number | string>().as('number')]).where('move_id', '=', move_id).groupBy('outcome').execute()
  const count = (outcome: Outcome) => Number(rows.find(row => row.outcome === outcome)?.number ?? 0)
  return { waiting: count('waiting'), moved: count('moved'), kept: count('kept') }
}

import type { Db, Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { insertRows } from '../../../platform/prepared.ts'
import type { DocumentRow } from '../tables.ts'
import type { Problem } from './problems.ts'
import type { Counts } from './rules.ts'
import type { BatchItemsTable, BatchRow, Outcome } from './tables.ts'

export async function insertBatch(tx: Tx, batch: BatchRow, items: readonly BatchItemsTable[]): Promise<void> {
  await insertRows(tx, 'documents_batches', [{ ...batch, facts: JSON.stringify(batch.facts) }])
  await insertRows(tx, 'documents_batch_items', items)
}

export async function getBatch(db: Db, id: string): Promise<BatchRow> {
  const row = await db.selectFrom('documents_batches').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new AppError('not-found', '没有找到这一批')
  return { ...row, facts: JSON.parse(row.facts) }
}

/** Newest first; `before` is the last id of the page before. */
export async function listBatches(db: Db, { before, limit }: { before?: string | undefined; limit: number }): Promise<BatchRow[]> {
  const rows = await db.selectFrom('documents_batches').selectAll().$if(before !== undefined, query => query.where('id', '<', before ?? ''))
    .orderBy('id', 'desc').limit(limit).execute()
  return rows.map(row => ({ ...row, facts: JSON.parse(row.facts) }))
}

export async function countItems(db: Db, batch_id: string): Promise<Counts> {
  const counts: Counts = { unchecked: 0, barred: 0, ready: 0, drawing: 0, issued: 0, failed: 0, revoked: 0 }
  const rows = await db.selectFrom('documents_batch_items').select(({ fn }) => ['outcome', fn.countAll<number>().as('n')]).where('batch_id', '=', batch_id).groupBy('outcome').execute()
  for (const { outcome, n } of rows) counts[outcome] = Number(n)
  return counts
}

type Wanted = { outcomes?: readonly Outcome[] | undefined; slice?: number; after?: string | undefined; limit: number }

export async function listItems(db: Db, batch_id: string, { outcomes, slice, after, limit }: Wanted): Promise<BatchItemsTable[]> {
  return await db.selectFrom('documents_batch_items').selectAll().where('batch_id', '=', batch_id)
    .$if(outcomes !== undefined, query => query.where('outcome', 'in', outcomes ?? []))
    .$if(slice !== undefined, query => query.where('slice', '=', slice ?? 0))
    .$if(after !== undefined, query => query.where('id', '>', after ?? '')).orderBy('id').limit(limit).execute()
}

/** Numbers of the slices that hold somebody of these outcomes. */
export async function slicesOf(db: Db, batch_id: string, outcomes: readonly Outcome[]): Promise<number[]> {
  return (await db.selectFrom('documents_batch_items').select('slice').distinct().where('batch_id', '=', batch_id).where('outcome', 'in', outcomes).orderBy('slice').execute()).map(row => row.slice)
}

/** False where it is not as expected any more: another run was faster. */
export async function settleItem(tx: Tx, { id, outcome }: Pick<BatchItemsTable, 'id' | 'outcome'>, change: { outcome: Outcome; problem?: Problem | null; document_id?: string }): Promise<boolean> {
  const { problem, ...rest } = change
  const { numUpdatedRows } = await tx.updateTable('documents_batch_items').set({ ...rest, ...problem !== undefined && { problem: problem && JSON.stringify(problem) } })
    .where('id', '=', id).where('outcome', '=', outcome).executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Those of a slice that are not through get this outcome. */
export async function settleSlice(tx: Tx, { batch_id, slice }: { batch_id: string; slice: number }, problem: Problem): Promise<void> {
  await tx.updateTable('documents_batch_items').set({ outcome: 'failed', problem: JSON.stringify(problem) })
    .where('batch_id', '=', batch_id).where('slice', '=', slice).where('outcome', 'in', ['ready', 'drawing']).execute()
}

/** Puts back what failed: with a reserved paper it is drawn, without one it begins again. */
export async function reviveFailed(tx: Tx, batch_id: string): Promise<void> {
  const failed = () => tx.updateTable('documents_batch_items').where('batch_id', '=', batch_id).where('outcome', '=', 'failed')
  await failed().where('document_id', 'is', null).set({ outcome: 'ready', problem: null }).execute()
  await failed().where('document_id', 'is not', null).set({ outcome: 'drawing', problem: null }).execute()
}

/** The item follows its document, however that came to be so; nothing where it is of no batch. */
export async function followDocument(tx: Tx, document_id: string, outcome: Outcome): Promise<void> {
  await tx.updateTable('documents_batch_items').set({ outcome, ...outcome === 'issued' && { problem: null } }).where('document_id', '=', document_id).execute()
}

/** First in every transaction that settles some of a batch: of two that end at once the second sees what the first did. */
export async function touchBatch(tx: Tx, id: string): Promise<void> {
  await tx.updateTable('documents_batches').set({ moved_at: tx.bus.clock.now() }).where('id', '=', id).execute()
}

export async function setRun(tx: Tx, id: string, run: number): Promise<void> {
  await tx.updateTable('documents_batches').set({ run, moved_at: tx.bus.clock.now() }).where('id', '=', id).execute()
}

export async function setTold(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.updateTable('documents_batch_items').set({ told_at: tx.bus.clock.now() }).where('id', 'in', ids).execute()
}

export async function untold(db: Db, batch_id: string, limit: number): Promise<BatchItemsTable[]> {
  return await db.selectFrom('documents_batch_items').selectAll().where('batch_id', '=', batch_id).where('outcome', '=', 'issued').where('told_at', 'is', null).orderBy('id').limit(limit).execute()
}

/** Batches under way in which nothing moved since then. */
export async function silentBatches(db: Db, since: number): Promise<BatchRow[]> {
  return (await listBatches(db, { limit: 100 })).filter(({ status, moved_at }) => status === 'running' && moved_at < since)
}

export async function setRevoked(tx: Tx, id: string, reason: string): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('documents_batches').set({ revoke_reason: reason }).where('id', '=', id).where('revoke_reason', 'is', null).executeTakeFirst()
  return numUpdatedRows === 1n
}

export async function batchOfDocument(db: Db, document_id: string): Promise<{ id: string; name: string } | undefined> {
  return await db.selectFrom('documents_batch_items as item').innerJoin('documents_batches as batch', 'batch.id', 'item.batch_id')
    .select(['batch.id', 'batch.name']).where('item.document_id', '=', document_id).executeTakeFirst()
}

type Sealed = Pick<DocumentRow, 'number' | 'code' | 'status' | 'sha256' | 'title' | 'issued_at'>
export type FiledItem = Pick<BatchItemsTable, 'id' | 'number' | 'name' | 'outcome' | 'problem' | 'document_id'> & { document: Sealed | null }

/** People of a batch with their papers, in order. */
export async function listFiled(db: Db, batch_id: string, { outcomes, after, limit }: Omit<Wanted, 'slice'>): Promise<FiledItem[]> {
  const rows = await db.selectFrom('documents_batch_items as item').leftJoin('documents_documents as document', 'document.id', 'item.document_id')
    .select(['item.id', 'item.number', 'item.name', 'item.outcome', 'item.problem', 'item.document_id', 'document.number as document_number', 'document.code', 'document.status', 'document.sha256', 'document.title', 'document.issued_at'])
    .where('item.batch_id', '=', batch_id).$if(outcomes !== undefined, query => query.where('item.outcome', 'in', outcomes ?? [])).$if(after !== undefined, query => query.where('item.id', '>', after ?? '')).orderBy('item.id').limit(limit).execute()
  return rows.map(({ id, number, name, outcome, problem, document_id, document_number, code, status, sha256, title, issued_at }) => ({
    id, number, name, outcome, problem, document_id,
    document: document_number === null || code === null || status === null || title === null ? null : { number: document_number, code, status, sha256, title, issued_at },
  }))
}


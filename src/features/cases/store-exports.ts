import type { Db, Tx } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import { insertRows } from '../../platform/prepared.ts'
import type { Query } from './pages/list.ts'
import type { ColumnSetsTable, ExportsTable } from './tables.ts'

export type Export = Omit<ExportsTable, 'query' | 'columns'> & { query: Query; columns: string[] }
export type ColumnSet = Omit<ColumnSetsTable, 'columns'> & { columns: string[] }

export async function insertExport(tx: Tx, { query, columns, ...row }: Export): Promise<void> {
  await insertRows(tx, 'cases_exports', [{ ...row, query: JSON.stringify(query), columns: JSON.stringify(columns) }])
}

export async function getExport(db: Db, id: string): Promise<Export> {
  const row = await db.selectFrom('cases_exports').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new AppError('not-found', '没有找到这次导出')
  return opened(row)
}

/** The latest first. */
export async function exportsOf(db: Db, person_id: string, limit: number): Promise<Export[]> {
  return (await db.selectFrom('cases_exports').selectAll().where('person_id', '=', person_id).orderBy('id', 'desc').limit(limit).execute()).map(opened)
}

export async function setWritten(tx: Tx, id: string, written: number): Promise<void> {
  await tx.updateTable('cases_exports').set({ written }).where('id', '=', id).where('ended_at', 'is', null).execute()
}

/** Which of these files are lists that were exported and not taken away yet. */
export async function exportFilesAmong(db: Db, shas: readonly string[]): Promise<string[]> {
  return (await db.selectFrom('cases_exports').select('sha256').where('sha256', 'in', shas).execute()).flatMap(row => row.sha256 ?? [])
}

export async function endExport(tx: Tx, id: string, ended: { written: number; sha256: string; ended_at: number }): Promise<void> {
  await tx.updateTable('cases_exports').set({ ...ended, total: ended.written }).where('id', '=', id).where('ended_at', 'is', null).execute()
}

/** Whole workbooks made before then, oldest first. */
export async function exportsBefore(db: Db, before: number, limit: number): Promise<{ id: string; sha256: string | null }[]> {
  return await db.selectFrom('cases_exports').select(['id', 'sha256']).where('gone_at', 'is', null).where('ended_at', '<', before).orderBy('ended_at').limit(limit).execute()
}

/** Does another export hold the same bytes? */
export async function isShared(db: Db, { id, sha256 }: { id: string; sha256: string }): Promise<boolean> {
  const other = await db.selectFrom('cases_exports').select('id').where('gone_at', 'is', null).where('ended_at', 'is not', null).where('sha256', '=', sha256).where('id', '<>', id).limit(1).executeTakeFirst()
  return other !== undefined
}

/** What was asked for goes with the bytes: names may have been typed into it. */
export async function forgetExport(tx: Tx, id: string, gone_at: number): Promise<void> {
  await tx.updateTable('cases_exports').set({ gone_at, sha256: null, query: '{}' }).where('id', '=', id).execute()
}

export async function columnSetsOf(db: Db, person_id: string, service_key: string): Promise<ColumnSet[]> {
  return (await db.selectFrom('cases_column_sets').selectAll().where('person_id', '=', person_id).where('service_key', '=', service_key).orderBy('name').execute()).map(opened)
}

/** Under a name that the person has used before, these columns take the place of those. */
export async function keepColumnSet(tx: Tx, { columns, ...set }: ColumnSet): Promise<void> {
  await tx.deleteFrom('cases_column_sets').where('person_id', '=', set.person_id).where('service_key', '=', set.service_key).where('name', '=', set.name).execute()
  await insertRows(tx, 'cases_column_sets', [{ ...set, columns: JSON.stringify(columns) }])
}

export async function deleteColumnSet(tx: Tx, { id, person_id }: { id: string; person_id: string }): Promise<void> {
  await tx.deleteFrom('cases_column_sets').where('id', '=', id).where('person_id', '=', person_id).execute()
}

function opened<Row extends { columns: string; query?: string }>({ columns, query, ...row }: Row) {
  return { ...row, columns: JSON.parse(columns), query: query === undefined ? {} : JSON.parse(query) }
}

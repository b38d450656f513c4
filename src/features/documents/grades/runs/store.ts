import type { CellError } from '../../../../integrations/sources/index.ts'
import type { Db, Tx } from '../../../../platform/db.ts'
import { AppError } from '../../../../platform/errors.ts'
import type { GradeRunsTable, RunCounts } from './tables.ts'

export type Sentence = { text: string; params?: Record<string, string | number> }
export type GradeRun = Omit<GradeRunsTable, 'counts' | 'errors' | 'why'> & { counts: RunCounts; errors: CellError[]; why: Sentence | null }

function read({ counts, errors, why, ...row }: GradeRunsTable): GradeRun {
  return { ...row, counts: JSON.parse(counts), errors: JSON.parse(errors), why: why === null ? null : JSON.parse(why) }
}

export async function getRun(db: Db, id: string): Promise<GradeRun> {
  const row = await db.selectFrom('documents_grade_runs').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new AppError('not-found', '没有找到这次同步')
  return read(row)
}

export async function listRuns(db: Db, limit: number): Promise<GradeRun[]> {
  return (await db.selectFrom('documents_grade_runs').selectAll().orderBy('id', 'desc').limit(limit).execute()).map(read)
}

/** The last run that ended. */
export async function lastEnded(db: Db): Promise<GradeRun | undefined> {
  const row = await db.selectFrom('documents_grade_runs').selectAll().where('status', '!=', 'reading').orderBy('id', 'desc').limit(1).executeTakeFirst()
  return row && read(row)
}

export async function runsReading(db: Db): Promise<{ id: string; began_at: number }[]> {
  return await db.selectFrom('documents_grade_runs').select(['id', 'began_at']).where('status', '=', 'reading').execute()
}

export async function insertRun(tx: Tx, { counts, errors, why, ...row }: GradeRun): Promise<void> {
  await tx.insertInto('documents_grade_runs').values({ ...row, counts: JSON.stringify(counts), errors: JSON.stringify(errors), why: why && JSON.stringify(why) }).execute()
}

export async function keepProgress(tx: Tx, id: string, { counts, errors, why, data_on }: Pick<GradeRun, 'counts' | 'errors' | 'why' | 'data_on'>): Promise<void> {
  await tx.updateTable('documents_grade_runs').set({ counts: JSON.stringify(counts), errors: JSON.stringify(errors), why: why && JSON.stringify(why), data_on }).where('id', '=', id).execute()
}

/** All but the newest so many. */
export async function forgetRuns(tx: Tx, keep: number): Promise<void> {
  const oldest = await tx.selectFrom('documents_grade_runs').select('id').orderBy('id', 'desc').offset(keep).limit(1).executeTakeFirst()
  if (oldest) await tx.deleteFrom('documents_grade_runs').where('id', '<=', oldest.id).where('status', '!=', 'reading').execute()
}

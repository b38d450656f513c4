import type { Db, Tx } from '../../../../platform/db.ts'
import { AppError } from '../../../../platform/errors.ts'
import type { Difference } from './proposals.ts'
import type { RowError } from './students.ts'
import type { GradeRunsTable, RunCounts } from './tables.ts'

export type Sentence = { text: string; params?: Record<string, string | number> }
export type GradeRun = Omit<GradeRunsTable, 'counts' | 'errors' | 'why' | 'differences'> & { counts: RunCounts; errors: RowError[]; why: Sentence | null; differences: Difference[] }

function read({ counts, errors, why, differences, ...row }: GradeRunsTable): GradeRun {
  return { ...row, counts: JSON.parse(counts), errors: JSON.parse(errors), why: why === null ? null : JSON.parse(why), differences: differences === null ? [] : JSON.parse(differences) }
}

function written({ counts, errors, why, differences }: Pick<GradeRun, 'counts' | 'errors' | 'why' | 'differences'>) {
  return { counts: JSON.stringify(counts), errors: JSON.stringify(errors), why: why && JSON.stringify(why), differences: JSON.stringify(differences) }
}

export async function getRun(db: Db, id: string): Promise<GradeRun> {
  const row = await db.selectFrom('documents_grade_runs').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new AppError('not-found', '没有找到这次同步')
  return read(row)
}

export async function listRuns(db: Db, limit: number): Promise<GradeRun[]> {
  return (await db.selectFrom('documents_grade_runs').selectAll().orderBy('id', 'desc').limit(limit).execute()).map(read)
}

/** The last run that came to an end, or to where somebody has to say how it goes on. */
export async function lastEnded(db: Db): Promise<GradeRun | undefined> {
  const row = await db.selectFrom('documents_grade_runs').selectAll().where('status', 'not in', ['reading', 'writing']).orderBy('id', 'desc').limit(1).executeTakeFirst()
  return row && read(row)
}

export async function runsOf(db: Db, statuses: readonly GradeRun['status'][]): Promise<{ id: string; began_at: number }[]> {
  return await db.selectFrom('documents_grade_runs').select(['id', 'began_at']).where('status', 'in', statuses).execute()
}

export async function insertRun(tx: Tx, run: GradeRun): Promise<void> {
  await tx.insertInto('documents_grade_runs').values({ ...run, ...written(run) }).execute()
}

export async function keepProgress(tx: Tx, { id, data_on, ...run }: GradeRun): Promise<void> {
  await tx.updateTable('documents_grade_runs').set({ ...written(run), data_on }).where('id', '=', id).execute()
}

/** All but the newest so many. */
export async function forgetRuns(tx: Tx, keep: number): Promise<void> {
  const oldest = await tx.selectFrom('documents_grade_runs').select('id').orderBy('id', 'desc').offset(keep).limit(1).executeTakeFirst()
  if (oldest) await tx.deleteFrom('documents_grade_runs').where('id', '<=', oldest.id).where('status', 'not in', ['reading', 'writing']).execute()
}

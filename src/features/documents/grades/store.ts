import type { Db, Tx } from '../../../platform/db.ts'
import type { DocumentsTables } from '../tables.ts'

export type Grade = Omit<DocumentsTables['documents_grades'], 'updated_at'>

/** All grades of one number, those of earlier numbers of the same person left out: each number has its own transcript. */
export async function gradesOf(db: Db, number: string): Promise<Grade[]> {
  return db.selectFrom('documents_grades').select(['id', 'number', 'year', 'term', 'course_code', 'course', 'course_en', 'nature', 'credits', 'mark', 'exam'])
    .where('number', '=', number).orderBy('year').orderBy('term').orderBy('course_code').orderBy('id').execute()
}

/** On which day the grades of a number were as they are known here (`YYYY-MM-DD`); undefined before the first import. */
export async function dataDate(db: Db, number: string): Promise<string | undefined> {
  const row = await db.selectFrom('documents_grade_dates').select('data_on').where('number', '=', number).executeTakeFirst()
  return row?.data_on
}

/** These numbers' grades are now as of this day; an older file that comes late does not make them younger. */
export async function keepDates(tx: Tx, numbers: readonly string[], data_on: string): Promise<void> {
  const known = new Map((await tx.selectFrom('documents_grade_dates').selectAll().where('number', 'in', numbers).execute()).map(row => [row.number, row.data_on]))
  const fresh = numbers.filter(number => !known.has(number))
  const older = numbers.filter(number => (known.get(number) ?? data_on) < data_on)
  if (older.length > 0) await tx.updateTable('documents_grade_dates').set({ data_on }).where('number', 'in', older).execute()
  if (fresh.length > 0) await tx.insertInto('documents_grade_dates').values(fresh.map(number => ({ number, data_on }))).execute()
}

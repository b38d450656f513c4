import { type Db, isDuplicate, type Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import type { CorrectionsTable } from './tables.ts'

export async function getCorrection(db: Db, id: string): Promise<CorrectionsTable> {
  const row = await db.selectFrom('documents_corrections').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new AppError('not-found', '没有找到这条报告')
  return row
}

export async function insertCorrection(tx: Tx, row: CorrectionsTable): Promise<void> {
  await tx.insertInto('documents_corrections').values(row).execute().catch((error: unknown) => {
    throw isDuplicate(error) ? alreadyOpen() : error
  })
}

export function alreadyOpen(): AppError {
  const sentence = '这一处已经报告过，教务还在核对'
  return new AppError('invalid', sentence, { fields: { line: sentence } })
}

/** Of a number, not answered yet or answered last, newest first. */
export async function openCorrections(db: Db, person_number: string): Promise<CorrectionsTable[]> {
  return await db.selectFrom('documents_corrections').selectAll().where('person_number', '=', person_number).orderBy('id', 'desc').limit(20).execute()
}

export async function correctionsOfPerson(db: Db, person_id: string, numbers: readonly string[]): Promise<CorrectionsTable[]> {
  return numbers.length === 0 ? [] : await db.selectFrom('documents_corrections').selectAll().where('person_number', 'in', numbers).where('person_id', '=', person_id).orderBy('id', 'desc').limit(200).execute()
}

type Filters = { status: CorrectionsTable['status']; before?: string | undefined; limit: number }

/** Newest first; `before` is the last id of the page before. */
export async function listCorrections(db: Db, { status, before, limit }: Filters): Promise<CorrectionsTable[]> {
  return await db.selectFrom('documents_corrections').selectAll().where('status', '=', status)
    .$if(before !== undefined, query => query.where('id', '<', before ?? '')).orderBy('id', 'desc').limit(limit).execute()
}

import { type Db, isDuplicate, type Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import type { HallTables } from '../tables.ts'

export type Slide = HallTables['hall_slides']
export type Picture = HallTables['hall_pictures']

/** Which of these files are pictures. */
export async function picturesAmong(db: Db, shas: readonly string[]): Promise<string[]> {
  return (await db.selectFrom('hall_pictures').select('sha256').where('sha256', 'in', shas).execute()).map(row => row.sha256)
}

/** In their order. `now`: only those that are not over. */
export async function listSlides(db: Db, { now }: { now?: number } = {}): Promise<Slide[]> {
  return db.selectFrom('hall_slides').selectAll()
    .$if(now !== undefined, query => query.where(where => where.or([where('ends_at', 'is', null), where('ends_at', '>', now ?? 0)])))
    .orderBy('place').orderBy('id').execute()
}

export async function getSlide(db: Db, id: string): Promise<Slide> {
  const row = await db.selectFrom('hall_slides').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new AppError('not-found', '没有找到这张轮播图，可能已经删除')
  return row
}

/** False where the very same slide was sent before. */
export async function insertSlide(tx: Tx, row: Slide): Promise<boolean> {
  try {
    await tx.insertInto('hall_slides').values(row).execute()
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

export async function updateSlide(tx: Tx, id: string, changed: Partial<Omit<Slide, 'id'>>): Promise<void> {
  await tx.updateTable('hall_slides').set(changed).where('id', '=', id).execute()
}

export async function deleteSlide(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('hall_slides').where('id', '=', id).executeTakeFirst()
  return numDeletedRows === 1n
}

export async function keepPicture(tx: Tx, row: Picture): Promise<void> {
  try {
    await tx.insertInto('hall_pictures').values(row).execute()
  } catch (error) {
    if (!isDuplicate(error)) throw error // the same picture again
  }
}

export async function findPicture(db: Db, sha256: string): Promise<Picture | undefined> {
  return db.selectFrom('hall_pictures').selectAll().where('sha256', '=', sha256).executeTakeFirst()
}

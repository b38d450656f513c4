import { type Db, isDuplicate, type Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import type { Audience, HallTables } from '../tables.ts'

export type Announcement = HallTables['hall_announcements']

/** False where the very same announcement was sent before. */
export async function insertAnnouncement(tx: Tx, row: Announcement): Promise<boolean> {
  try {
    await tx.insertInto('hall_announcements').values(row).execute()
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

export async function getAnnouncement(db: Db, id: string): Promise<Announcement> {
  const row = await db.selectFrom('hall_announcements').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new AppError('not-found', '没有找到这条公告，可能已经删除')
  return row
}

export async function updateAnnouncement(tx: Tx, id: string, changed: Omit<Announcement, 'id' | 'created_at'>): Promise<void> {
  await tx.updateTable('hall_announcements').set(changed).where('id', '=', id).execute()
}

export async function deleteAnnouncement(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('hall_announcements').where('id', '=', id).executeTakeFirst()
  return numDeletedRows === 1n
}

/** Where a page of a list ended. */
export type Cursor = Pick<Announcement, 'pinned' | 'starts_at' | 'id'>
type Page = { before?: Cursor | undefined; limit: number; /** what a reader may see now; without it everything */ shown?: { audience: Audience; now: number } }

/** Pinned ones first, then the newest. */
export async function listAnnouncements(db: Db, { before, limit, shown }: Page): Promise<Announcement[]> {
  const { pinned = 0, starts_at = 0, id = '' } = before ?? {}
  return db.selectFrom('hall_announcements').selectAll()
    .$if(shown !== undefined, query => query.where('audience', 'in', ['all', shown?.audience ?? 'all']).where('starts_at', '<=', shown?.now ?? 0)
      .where(where => where.or([where('ends_at', 'is', null), where('ends_at', '>', shown?.now ?? 0)])))
    .$if(before !== undefined, query => query.where('pinned', '<=', pinned).where(where => where.or([
      where('pinned', '<', pinned), where('starts_at', '<', starts_at), where.and([where('starts_at', '=', starts_at), where('id', '<', id)]),
    ])))
    .orderBy('pinned', 'desc').orderBy('starts_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

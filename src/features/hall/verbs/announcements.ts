import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { announcementChanged, announcementPublished, announcementRemoved } from '../events.ts'
import { isUnread, readAnnouncement, type TypedAnnouncement } from '../rules/announcement.ts'
import { type Announcement, deleteAnnouncement, getAnnouncement, insertAnnouncement, updateAnnouncement } from '../store/announcements.ts'
import { noticesFor, raiseRevision } from '../store/board.ts'
import { keepReader, lockReader } from '../store/readers.ts'

export const announcementVerbs = {
  /** `id` comes with the form, so that one sent twice is one. Throws `invalid` with the fields. */
  async publishAnnouncement(tx: Tx, actor: Actor, id: string, typed: TypedAnnouncement): Promise<void> {
    await raiseRevision(tx)
    const now = tx.bus.clock.now()
    if (await insertAnnouncement(tx, { id, ...wellWritten(typed, now), created_at: now, updated_at: now })) await emit(tx, announcementPublished, {}, { subject: id, actor })
  },

  async changeAnnouncement(tx: Tx, actor: Actor, id: string, typed: TypedAnnouncement): Promise<void> {
    await raiseRevision(tx)
    const { starts_at } = await getAnnouncement(tx, id)
    const now = tx.bus.clock.now()
    // Without a beginning it keeps the one it had.
    await updateAnnouncement(tx, id, { ...wellWritten(typed, starts_at), updated_at: now })
    await emit(tx, announcementChanged, {}, { subject: id, actor })
  },

  async removeAnnouncement(tx: Tx, actor: Actor, id: string): Promise<void> {
    await raiseRevision(tx)
    if (await deleteAnnouncement(tx, id)) await emit(tx, announcementRemoved, {}, { subject: id, actor })
  },

  /** Takes the dot off. Of what was opened, only what would carry one is remembered. */
  async see(tx: Tx, person_id: string, { id }: Pick<Announcement, 'id'>): Promise<void> {
    const { seen } = await lockReader(tx, person_id)
    const now = tx.bus.clock.now()
    const fresh = new Set((await noticesFor(tx, now)).filter(notice => isUnread(notice, [], now)).map(notice => notice.id))
    await keepReader(tx, person_id, { seen: [...new Set([...seen, id])].filter(each => fresh.has(each)) })
  },
}

function wellWritten(typed: TypedAnnouncement, beginning: number): Omit<Announcement, 'id' | 'created_at' | 'updated_at'> {
  const { written, faults } = readAnnouncement(typed, beginning)
  if (Object.keys(faults).length > 0) throw new AppError('invalid', '还有内容没有填好', { fields: faults })
  return written
}

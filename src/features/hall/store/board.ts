import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/db.ts'
import type { HallTables } from '../tables.ts'

/** Every change of what all readers share ends with this; it also puts those who change it in line. */
export async function raiseRevision(tx: Tx): Promise<void> {
  await tx.updateTable('hall_revisions').set({ revision: sql`revision + 1` }).where('name', '=', 'board').execute()
}

/** More than a home page shows, so that those of other readers and of later days are among them. */
const MOST = 200

export type Notice = Pick<HallTables['hall_announcements'], 'id' | 'title' | 'title_en' | 'audience' | 'pinned' | 'starts_at' | 'ends_at'>

/** Announcements that are not over at `now`: pinned ones first, then the newest. */
export async function noticesFor(db: Db, now: number): Promise<Notice[]> {
  return db.selectFrom('hall_announcements').select(['id', 'title', 'title_en', 'audience', 'pinned', 'starts_at', 'ends_at'])
    .where(where => where.or([where('ends_at', 'is', null), where('ends_at', '>', now)]))
    .orderBy('pinned', 'desc').orderBy('starts_at', 'desc').orderBy('id', 'desc').limit(MOST).execute()
}

/** Words that were added in the console, by service. */
export async function synonymsByService(db: Db): Promise<Map<string, string[]>> {
  const rows = await db.selectFrom('hall_synonyms').selectAll().execute()
  return new Map(rows.map(({ service_key, words }) => [service_key, JSON.parse(words)]))
}

export async function synonymsOf(db: Db, service_key: string): Promise<string[]> {
  const row = await db.selectFrom('hall_synonyms').select('words').where('service_key', '=', service_key).executeTakeFirst()
  return row ? JSON.parse(row.words) : []
}

export async function keepSynonyms(tx: Tx, service_key: string, words: readonly string[]): Promise<void> {
  await tx.deleteFrom('hall_synonyms').where('service_key', '=', service_key).execute()
  if (words.length > 0) await tx.insertInto('hall_synonyms').values({ service_key, words: JSON.stringify(words) }).execute()
}

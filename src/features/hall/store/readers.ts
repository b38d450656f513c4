import { type Db, isDuplicate, type Tx } from '../../../platform/db.ts'
import { prepared, type Value } from '../../../platform/prepared.ts'

/** `favourites`: service keys in the reader's order. `seen`: announcements that were opened. */
export type Reader = { favourites: readonly string[]; seen: readonly string[] }

/** What the hall remembers of a person, and the revision of what all share: one query, for the first page asks it. */
export async function readerOf(db: Db, person_id: string): Promise<Reader & { revision: number }> {
  const [row] = await found(db, { person_id })
  return { revision: row?.revision ?? 0, favourites: list(row?.favourites), seen: list(row?.seen) }
}

const found = prepared((db: Db, value: Value<{ person_id: string }>) => db.selectFrom('hall_revisions as board')
  .leftJoin('hall_readers as reader', join => join.on('reader.person_id', '=', value('person_id')))
  .select(['board.revision', 'reader.favourites', 'reader.seen']).where('board.name', '=', 'board'))

/** Puts this transaction in line for the person's row and reads it: two devices see each other. */
export async function lockReader(tx: Tx, person_id: string): Promise<Reader> {
  await tx.updateTable('hall_readers').set(({ ref }) => ({ seen: ref('seen') })).where('person_id', '=', person_id).execute()
  const row = await tx.selectFrom('hall_readers').select(['favourites', 'seen']).where('person_id', '=', person_id).executeTakeFirst()
  if (row) return { favourites: list(row.favourites), seen: list(row.seen) }
  try {
    await tx.insertInto('hall_readers').values({ person_id, favourites: '[]', seen: '[]' }).execute()
    return { favourites: [], seen: [] }
  } catch (error) {
    if (isDuplicate(error)) return lockReader(tx, person_id) // the other device was first
    throw error
  }
}

export async function keepReader(tx: Tx, person_id: string, { favourites, seen }: Partial<Reader>): Promise<void> {
  await tx.updateTable('hall_readers').set({ ...(favourites && { favourites: JSON.stringify(favourites) }), ...(seen && { seen: JSON.stringify(seen) }) })
    .where('person_id', '=', person_id).execute()
}

function list(text: string | null | undefined): string[] {
  return text ? JSON.parse(text) : []
}

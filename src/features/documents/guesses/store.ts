import { type Db, isDuplicate, type Tx } from '../../../platform/db.ts'
import { insertRows, prepared, preparedChange, type Value } from '../../../platform/prepared.ts'

export async function missesIn(db: Db, { slot }: { slot: string }): Promise<number> {
  const [row] = await missesOf(db, { slot })
  return row?.misses ?? 0
}

const missesOf = prepared((db: Db, value: Value<{ slot: string }>) => db.selectFrom('documents_guesses').select('misses').where('slot', '=', value('slot')))

/** So many more in each of these slots. */
export async function addMisses(tx: Tx, misses: readonly (readonly [slot: string, more: number])[], ends_at: number): Promise<void> {
  for (const [slot, more] of misses) await addTo(tx, { slot, more, ends_at })
}

async function addTo(tx: Tx, { slot, more, ends_at }: { slot: string; more: number; ends_at: number }): Promise<void> {
  if (await addMore(tx, { slot, more }) > 0) return
  try {
    await insertRows(tx, 'documents_guesses', [{ slot, misses: more, ends_at }])
  } catch (error) {
    if (!isDuplicate(error)) throw error
    await addMore(tx, { slot, more }) // another process was first, and its row is there now
  }
}

const addMore = preparedChange((tx: Db, value: Value<{ slot: string; more: number }>) => tx.updateTable('documents_guesses').set(({ eb }) => ({ misses: eb('misses', '+', value('more')) })).where('slot', '=', value('slot')))

export async function forgetGuesses(tx: Tx, before: number): Promise<void> {
  await tx.deleteFrom('documents_guesses').where('ends_at', '<', before).execute()
}

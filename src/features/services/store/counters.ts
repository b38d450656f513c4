import { isDuplicate, type Tx } from '../../../platform/db.ts'

/**
 * The next number of a day, as 20261121-0001. The counter's row is held until the commit, so that no two get the same
 * and what is rolled back leaves no gap.
 */
export async function nextNumber(tx: Tx, date: string): Promise<string> {
  const day = date.replaceAll('-', '')
  const last = await raise(tx, day) ?? await begin(tx, day) ?? await raise(tx, day)
  if (last === undefined) throw new Error(`no counter for ${day}`)
  return `${day}-${String(last).padStart(4, '0')}`
}

async function raise(tx: Tx, day: string): Promise<number | undefined> {
  const { numUpdatedRows } = await tx.updateTable('services_counters').set(({ eb }) => ({ last: eb('last', '+', 1) })).where('day', '=', day).executeTakeFirst()
  if (numUpdatedRows === 0n) return undefined
  return (await tx.selectFrom('services_counters').select('last').where('day', '=', day).executeTakeFirst())?.last
}

async function begin(tx: Tx, day: string): Promise<number | undefined> {
  try {
    await tx.insertInto('services_counters').values({ day, last: 1 }).execute()
    return 1
  } catch (error) {
    if (isDuplicate(error)) return undefined // another was first on this day
    throw error
  }
}

import type { Db } from '../../../platform/db.ts'
import { chunksOf } from './members.ts'

/**
 * Whose members these are, by userid in lower case: the number that is bound to the userid, else the number that reads like it, unless that
 * number is bound to, or has, another member. Who is nobody here is not among them.
 */
export async function numbersOfUserids(db: Db, userids: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const chunk of chunksOf(userids)) {
    const keys = chunk.map(userid => userid.toLowerCase())
    // Numbers are kept as the roster writes them, userids as somebody typed them.
    const spellings = [...new Set([...chunk, ...keys, ...chunk.map(userid => userid.toUpperCase())])]
    const same = await db.selectFrom('identity_numbers').select('number').where('number', 'in', spellings).execute()
    const bound = await db.selectFrom('identity_bindings').select(['current_userid', 'current_number']).where('current_userid', 'in', keys).execute()
    const mine = new Map([...same.map(({ number }): [string, string] => [number.toLowerCase(), number]), ...bound.flatMap(({ current_userid, current_number }): [string, string][] => (current_userid && current_number ? [[current_userid, current_number]] : []))])
    const holders = await holdersOf(db, [...mine.values()])
    for (const [key, number] of mine) if ((holders.get(number) ?? key) === key) found.set(key, number)
  }
  return found
}

/** The member that each of these numbers has, by binding or else by what was seen or written. */
async function holdersOf(db: Db, numbers: readonly string[]): Promise<Map<string, string>> {
  const holders = new Map<string, string>()
  for (const chunk of chunksOf(numbers)) {
    const seen = await db.selectFrom('identity_members').select(['number', 'userid_key']).where('number', 'in', chunk).execute()
    for (const { number, userid_key } of seen) if (number !== null) holders.set(number, userid_key)
    const bound = await db.selectFrom('identity_bindings').select(['current_number', 'current_userid']).where('current_number', 'in', chunk).execute()
    for (const { current_number, current_userid } of bound) if (current_number && current_userid && !holders.has(current_number)) holders.set(current_number, current_userid)
  }
  return holders
}

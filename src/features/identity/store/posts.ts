import type { Db } from '../../../platform/db.ts'
import { currentStandings } from '../rules/standing.ts'

/** More than a post has holders anywhere; a rule that names everybody is a mistake of its author's. */
const MOST = 200

/** People who are here and have the post, in the unit where one is asked for; in the order of their numbers. */
export async function selectPostHolders(db: Db, post: string, unit_id?: string): Promise<string[]> {
  const rows = await db.selectFrom('identity_numbers').select('person_id').where('title', '=', post)
    .$if(unit_id !== undefined, query => query.where('unit_id', '=', unit_id ?? ''))
    .where('kind', '=', 'staff').where('standing', 'in', currentStandings).orderBy('number').limit(MOST).execute()
  return [...new Set(rows.map(row => row.person_id))]
}

import { type Db, isDuplicate, type Tx } from '../../../platform/db.ts'
import { prepared, type Value } from '../../../platform/prepared.ts'
import { AT_ONCE, type Preference } from '../quiet.ts'

/** Who wants their messages at other times than at once, by person. */
export async function preferencesOf(db: Db, person_ids: readonly string[]): Promise<ReadonlyMap<string, Preference>> {
  if (person_ids.length === 0) return new Map()
  return new Map((await ofPeople(db, { person_ids })).map(({ person_id, ...preference }) => [person_id, preference]))
}

const ofPeople = prepared((db: Db, value: Value<{ person_ids: readonly string[] }>) =>
  db.selectFrom('messages_preferences').select(['person_id', 'quiet_from', 'quiet_until', 'digest_at']).where('person_id', 'in', value('person_ids')))

export async function preferenceOf(db: Db, person_id: string): Promise<Preference> {
  return (await preferencesOf(db, [person_id])).get(person_id) ?? AT_ONCE
}

export async function keepPreference(tx: Tx, person_id: string, preference: Preference): Promise<void> {
  const row = { ...preference, changed_at: tx.bus.clock.now() }
  const { numUpdatedRows } = await tx.updateTable('messages_preferences').set(row).where('person_id', '=', person_id).executeTakeFirst()
  if (numUpdatedRows > 0n) return
  try {
    await tx.insertInto('messages_preferences').values({ person_id, ...row }).execute()
  } catch (error) {
    if (!isDuplicate(error)) throw error
    await keepPreference(tx, person_id, preference) // saved on two devices at once
  }
}

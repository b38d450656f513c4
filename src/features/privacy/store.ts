import { type Db, isDuplicate, type Tx } from '../../platform/db.ts'
import type { Notice } from './notices.ts'
import type { ConsentsTable } from './tables.ts'

export type Consent = ConsentsTable

export async function keepNotice(tx: Tx, { name, hash, zh, en }: Notice): Promise<void> {
  const known = await tx.selectFrom('privacy_notices').select('hash').where('hash', '=', hash).executeTakeFirst()
  if (known) return
  try {
    await tx.insertInto('privacy_notices').values({ name, hash, zh, en, kept_at: tx.bus.clock.now() }).execute()
  } catch (error) {
    if (!isDuplicate(error)) throw error
  }
}

export async function noticeByHash(db: Db, hash: string): Promise<Notice | undefined> {
  return await db.selectFrom('privacy_notices').select(['name', 'hash', 'zh', 'en']).where('hash', '=', hash).executeTakeFirst()
}

export const lastingKey = (person_id: string, name: string): string => `${person_id}:${name}`

export async function lastingConsent(db: Db, person_id: string, name: string): Promise<Consent | undefined> {
  return await db.selectFrom('privacy_consents').selectAll().where('lasting', '=', lastingKey(person_id, name)).executeTakeFirst()
}

/** Who of these people has agreed to this text, and has not withdrawn. */
export async function holdersAmong(db: Db, person_ids: readonly string[], { name, hash }: Pick<Notice, 'name' | 'hash'>): Promise<Set<string>> {
  const found = new Set<string>()
  for (let from = 0; from < person_ids.length; from += 500) {
    const keys = person_ids.slice(from, from + 500).map(person_id => lastingKey(person_id, name))
    for (const { person_id } of await db.selectFrom('privacy_consents').select('person_id').where('lasting', 'in', keys).where('hash', '=', hash).execute()) found.add(person_id)
  }
  return found
}

/** False where the person has agreed in the same moment. */
export async function insertConsents(tx: Tx, consents: readonly Consent[]): Promise<boolean> {
  try {
    await tx.insertInto('privacy_consents').values(consents).execute()
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

export async function endConsent(tx: Tx, id: string, withdrawn_at: number): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('privacy_consents').set({ withdrawn_at, lasting: null }).where('id', '=', id).where('lasting', 'is not', null).executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Newest first. */
export async function consentsOf(db: Db, person_id: string): Promise<Consent[]> {
  return await db.selectFrom('privacy_consents').selectAll().where('person_id', '=', person_id).orderBy('id', 'desc').execute()
}

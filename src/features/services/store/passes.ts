import type { Db, Tx } from '../../../platform/db.ts'
import type { ServicesTables } from '../tables.ts'

export type Pass = ServicesTables['services_passes']

/** What names the unused pass of a person for a service: there is at most one. */
export function openKey({ service_key, person_id }: Pick<Pass, 'service_key' | 'person_id'>): string {
  return `${person_id}:${service_key}`
}

/** Services that this person has an unused pass for, of these. */
export async function openPasses(db: Db, person_id: string, service_keys: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await db.selectFrom('services_passes').select('service_key').where('open_key', 'in', service_keys.map(service_key => openKey({ service_key, person_id }))).execute()
  return new Set(rows.map(row => row.service_key))
}

/** Newest first. */
export async function passesOf(db: Db, service_key: string, limit: number): Promise<Pass[]> {
  return db.selectFrom('services_passes').selectAll().where('service_key', '=', service_key).orderBy('id', 'desc').limit(limit).execute()
}

export async function insertPass(tx: Tx, row: Pass): Promise<void> {
  await tx.insertInto('services_passes').values(row).execute()
}

/** False where there is none that is unused. */
export async function usePass(tx: Tx, pass: Pick<Pass, 'service_key' | 'person_id'>, application_id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('services_passes').set({ application_id, open_key: null }).where('open_key', '=', openKey(pass)).executeTakeFirst()
  return numUpdatedRows > 0n
}

/** The unused pass of this id, which is gone then; undefined where there is none. */
export async function takePass(tx: Tx, { id, service_key }: Pick<Pass, 'id' | 'service_key'>): Promise<Pass | undefined> {
  const row = await tx.selectFrom('services_passes').selectAll().where('id', '=', id).where('service_key', '=', service_key).executeTakeFirst()
  const { numDeletedRows } = await tx.deleteFrom('services_passes').where('id', '=', id).where('service_key', '=', service_key).where('open_key', 'is not', null).executeTakeFirst()
  return numDeletedRows > 0n ? row : undefined
}

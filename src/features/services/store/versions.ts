import type { Db, Tx } from '../../../platform/db.ts'
import type { ServicesTables } from '../tables.ts'

export type VersionRow = ServicesTables['services_versions']

export async function findVersion(db: Db, id: string): Promise<VersionRow | undefined> {
  return db.selectFrom('services_versions').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function findVersionByHash(db: Db, service_key: string, hash: string): Promise<{ id: string } | undefined> {
  return db.selectFrom('services_versions').select('id').where('service_key', '=', service_key).where('hash', '=', hash).executeTakeFirst()
}

export async function lastVersion(db: Db, service_key: string): Promise<number> {
  const row = await db.selectFrom('services_versions').select('version').where('service_key', '=', service_key).orderBy('version', 'desc').limit(1).executeTakeFirst()
  return row?.version ?? 0
}

export async function insertVersion(tx: Tx, row: VersionRow): Promise<void> {
  await tx.insertInto('services_versions').values(row).execute()
}

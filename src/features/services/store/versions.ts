import type { Db, Tx } from '../../../platform/db.ts'
import type { ServicesTables } from '../tables.ts'

export type VersionRow = ServicesTables['services_versions']

export async function findVersion(db: Db, id: string): Promise<VersionRow | undefined> {
  return db.selectFrom('services_versions').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function findVersionByHash(db: Db, service_key: string, hash: string): Promise<{ id: string } | undefined> {
  return db.selectFrom('services_versions').select('id').where('service_key', '=', service_key).where('hash', '=', hash).executeTakeFirst()
}

export async function findVersionByNumber(db: Db, service_key: string, version: number): Promise<VersionRow | undefined> {
  return db.selectFrom('services_versions').selectAll().where('service_key', '=', service_key).where('version', '=', version).executeTakeFirst()
}

/** Without what is in them, newest first. */
export async function versionsOf(db: Db, service_key: string): Promise<Pick<VersionRow, 'id' | 'version' | 'published_at'>[]> {
  return db.selectFrom('services_versions').select(['id', 'version', 'published_at']).where('service_key', '=', service_key).orderBy('version', 'desc').execute()
}

export async function lastVersion(db: Db, service_key: string): Promise<number> {
  const row = await db.selectFrom('services_versions').select('version').where('service_key', '=', service_key).orderBy('version', 'desc').limit(1).executeTakeFirst()
  return row?.version ?? 0
}

export async function insertVersion(tx: Tx, row: VersionRow): Promise<void> {
  await tx.insertInto('services_versions').values(row).execute()
}

export type UnderWay = { version_id: string; service_key: string; number: number }

/** How many applications are under way (sent and not ended) on each version; of every service, or one. */
export async function underWay(db: Db, service_key?: string): Promise<UnderWay[]> {
  const rows = await db.selectFrom('services_applications').select(['version_id', 'service_key', ({ fn }) => fn.countAll<number | string>().as('number')])
    .where('status', 'in', ['running', 'returned']).$if(service_key !== undefined, query => query.where('service_key', '=', service_key ?? ''))
    .groupBy(['version_id', 'service_key']).execute()
  return rows.map(row => ({ ...row, number: Number(row.number) }))
}

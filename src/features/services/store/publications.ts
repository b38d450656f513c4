import type { Db, Tx } from '../../../platform/db.ts'
import { prepared } from '../../../platform/prepared.ts'
import type { ServicesTables } from '../tables.ts'

export type PublicationRow = ServicesTables['services_publications']
/** How a service stands: the last that was done with it, and the version it left. */
export type Standing = PublicationRow & { version: number; hash: string }

/** Rows are only added, so the number says whether anything was done since. */
export async function countPublications(db: Db): Promise<number> {
  return Number((await counted(db, {}))[0]?.number ?? 0)
}

const counted = prepared((db: Db) => db.selectFrom('services_publications').select(({ fn }) => fn.countAll<number>().as('number')))

/** How every service stands, by its key. */
export async function listStandings(db: Db): Promise<Standing[]> {
  return lastOf(db, turns(db))
}

/** What the files of the catalogue last brought. */
export async function listBroughtByFiles(db: Db): Promise<Standing[]> {
  return lastOf(db, turns(db).where('by_file', '=', 1))
}

function lastOf(db: Db, last: ReturnType<typeof turns>): Promise<Standing[]> {
  return db.selectFrom(last.as('last')).innerJoin('services_publications as done', join => join.onRef('done.service_key', '=', 'last.service_key').onRef('done.turn', '=', 'last.turn'))
    .innerJoin('services_versions as version', 'version.id', 'done.version_id')
    .selectAll('done').select(['version.version', 'version.hash']).orderBy('done.service_key').execute()
}

function turns(db: Db) {
  return db.selectFrom('services_publications').select(['service_key', ({ fn }) => fn.max('turn').as('turn')]).groupBy('service_key')
}

/** What was done with one service, newest first. */
export async function publicationsOf(db: Db, service_key: string): Promise<Standing[]> {
  return db.selectFrom('services_publications as done').innerJoin('services_versions as version', 'version.id', 'done.version_id')
    .selectAll('done').select(['version.version', 'version.hash']).where('done.service_key', '=', service_key).orderBy('done.turn', 'desc').execute()
}

/** Fails as a duplicate where somebody was faster with this turn. */
export async function insertPublication(tx: Tx, row: PublicationRow): Promise<void> {
  await tx.insertInto('services_publications').values(row).execute()
}

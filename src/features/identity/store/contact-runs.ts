import type { Db, Tx } from '../../../platform/db.ts'
import type { ContactRunsTable } from '../contact-tables.ts'

export type RunRow = ContactRunsTable
export type RunKind = ContactRunsTable['kind']

export async function findRun(db: Db, id: string): Promise<RunRow | undefined> {
  return await db.selectFrom('identity_contact_runs').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function runningRun(db: Db, kind: RunKind): Promise<RunRow | undefined> {
  return await db.selectFrom('identity_contact_runs').selectAll().where('current_kind', '=', kind).executeTakeFirst()
}

/** The latest runs of a kind, newest first. */
export async function latestRuns(db: Db, kind: RunKind, limit: number): Promise<RunRow[]> {
  return await db.selectFrom('identity_contact_runs').selectAll().where('kind', '=', kind).orderBy('id', 'desc').limit(limit).execute()
}

/** When the address book was first read to the end, epoch ms; null before. */
export async function firstRead(db: Db): Promise<number | null> {
  const row = await db.selectFrom('identity_contact_runs').select('finished_at').where('kind', '=', 'pull').where('status', '=', 'done').orderBy('id').limit(1).executeTakeFirst()
  return row?.finished_at ?? null
}

export async function insertRun(tx: Tx, row: RunRow): Promise<void> {
  await tx.insertInto('identity_contact_runs').values(row).execute()
}

export async function updateRun(tx: Tx, id: string, change: Partial<Omit<RunRow, 'status' | 'id'>>): Promise<void> {
  await tx.updateTable('identity_contact_runs').set({ ...change, updated_at: tx.bus.clock.now() }).where('id', '=', id).execute()
}

/** Forgets the walks that ended before `before` (epoch ms); the last whole reading stays, however old it is. */
export async function pruneRuns(tx: Tx, before: number): Promise<void> {
  const last = await tx.selectFrom('identity_contact_runs').select('finished_at').where('kind', '=', 'pull').where('status', '=', 'done').orderBy('id', 'desc').limit(1).executeTakeFirst()
  await tx.deleteFrom('identity_contact_runs').where('finished_at', '<', Math.min(before, last?.finished_at ?? before)).where('current_kind', 'is', null).execute()
}

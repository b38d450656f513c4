import type { Db, Tx } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import type { Heard, Method } from './rules.ts'
import type { ConnectionsTable } from './tables.ts'

export type Connection = Omit<ConnectionsTable, 'paths' | 'header_names' | 'tested'> & { paths: string[]; header_names: string[]; tested: Heard | null }

export async function listConnections(db: Db): Promise<Connection[]> {
  return (await db.selectFrom('connections_connections').selectAll().orderBy('name').execute()).map(read)
}

export async function connectionNames(db: Db): Promise<ReadonlySet<string>> {
  return new Set((await db.selectFrom('connections_connections').select('name').execute()).map(row => row.name))
}

export async function getConnection(db: Db, id: string): Promise<Connection> {
  const row = await db.selectFrom('connections_connections').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new AppError('not-found', '没有找到这个外部连接')
  return read(row)
}

export async function connectionNamed(db: Db, name: string): Promise<Connection | null> {
  const row = await db.selectFrom('connections_connections').selectAll().where('name', '=', name).executeTakeFirst()
  return row ? read(row) : null
}

function read({ paths, header_names, tested, ...row }: ConnectionsTable): Connection {
  return { ...row, paths: JSON.parse(paths), header_names: JSON.parse(header_names), tested: tested === null ? null : JSON.parse(tested) }
}

type Written = { note: string; origin: string; paths: readonly string[]; method: Method; header_names: readonly string[]; headers: string | null; time_limit: number; updated_at: number }

const columns = ({ paths, header_names, ...row }: Written) => ({ ...row, paths: JSON.stringify(paths), header_names: JSON.stringify(header_names) })

export async function insertConnection(tx: Tx, { id, name, ...written }: Written & { id: string; name: string }): Promise<void> {
  await tx.insertInto('connections_connections').values({ id, name, ...columns(written), created_at: written.updated_at, test_asked_at: null, tested_at: null, tested: null }).execute()
}

/** What the last test said was said of what it was. */
export async function updateConnection(tx: Tx, id: string, written: Written): Promise<void> {
  await tx.updateTable('connections_connections').set({ ...columns(written), test_asked_at: null, tested_at: null, tested: null }).where('id', '=', id).execute()
}

export async function deleteConnection(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('connections_connections').where('id', '=', id).executeTakeFirstOrThrow()
  return numDeletedRows === 1n
}

export async function askTest(tx: Tx, id: string, at: number): Promise<void> {
  await tx.updateTable('connections_connections').set({ test_asked_at: at }).where('id', '=', id).execute()
}

/** Unless it was changed meanwhile. */
export async function keepTest(tx: Tx, id: string, { at, heard }: { at: number; heard: Heard }): Promise<void> {
  await tx.updateTable('connections_connections').set({ test_asked_at: null, tested_at: at, tested: JSON.stringify(heard) }).where('id', '=', id).where('test_asked_at', 'is not', null).execute()
}

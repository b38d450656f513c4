import type { Insertable } from 'kysely'
import type { Db, Tx } from '../../platform/db.ts'
import type { CallbacksTables } from './tables.ts'

type Row = CallbacksTables['callbacks_received']

export async function isKept(db: Db, sha256: string): Promise<boolean> {
  return await db.selectFrom('callbacks_received').select('id').where('sha256', '=', sha256).executeTakeFirst() !== undefined
}

export async function insertReceived(tx: Tx, row: Insertable<Row>): Promise<void> {
  await tx.insertInto('callbacks_received').values(row).execute()
}

export async function findReceived(db: Db, id: string): Promise<Omit<Row, 'sha256'> | undefined> {
  return await db.selectFrom('callbacks_received').select(['id', 'source', 'event', 'body', 'received_at']).where('id', '=', id).executeTakeFirst()
}

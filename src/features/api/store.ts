import { type Db, isDuplicate, type Tx } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import type { Client, Settings } from './rules.ts'
import type { ClientsTable, Token } from './tables.ts'

function read({ scopes, kinds, units, ...row }: ClientsTable): Client {
  return { ...row, scopes: JSON.parse(scopes), kinds: JSON.parse(kinds), units: JSON.parse(units) }
}

const written = ({ scopes, kinds, units, ...row }: Settings) => ({ ...row, scopes: JSON.stringify(scopes), kinds: JSON.stringify(kinds), units: JSON.stringify(units) })

export async function listClients(db: Db): Promise<Client[]> {
  return (await db.selectFrom('api_clients').selectAll().orderBy('name').execute()).map(read)
}

export async function findClient(db: Db, id: string): Promise<Client | undefined> {
  const row = await db.selectFrom('api_clients').selectAll().where('id', '=', id).executeTakeFirst()
  return row && read(row)
}

export async function getClient(db: Db, id: string): Promise<Client> {
  const client = await findClient(db, id)
  if (!client) throw new AppError('not-found', '没有找到这个接口')
  return client
}

export async function insertClient(tx: Tx, id: string, settings: Settings): Promise<void> {
  const now = tx.bus.clock.now()
  await tx.insertInto('api_clients').values({ id, ...written(settings), ended_at: null, warned_at: null, last_used_at: null, created_at: now, updated_at: now }).execute()
}

/** A later end is warned of anew. */
export async function updateClient(tx: Tx, id: string, settings: Settings): Promise<void> {
  await tx.updateTable('api_clients').set({ ...written(settings), warned_at: null, updated_at: tx.bus.clock.now() }).where('id', '=', id).execute()
}

/** False where it had ended already. */
export async function endClient(tx: Tx, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('api_clients').set({ ended_at: tx.bus.clock.now() }).where('id', '=', id).where('ended_at', 'is', null).executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Those that end before `until` and of which nobody has been told. */
export async function clientsEnding(db: Db, now: number, until: number): Promise<Client[]> {
  const rows = await db.selectFrom('api_clients').selectAll().where('ended_at', 'is', null).where('warned_at', 'is', null).where('expires_at', '>', now).where('expires_at', '<=', until).limit(50).execute()
  return rows.map(read)
}

/** False where somebody was faster. */
export async function markWarned(tx: Tx, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('api_clients').set({ warned_at: tx.bus.clock.now() }).where('id', '=', id).where('warned_at', 'is', null).executeTakeFirst()
  return numUpdatedRows === 1n
}

/** To the minute: a busy client does not write with every call. */
export async function markUsed(tx: Tx, id: string): Promise<void> {
  const now = tx.bus.clock.now()
  await tx.updateTable('api_clients').set({ last_used_at: now }).where('id', '=', id)
    .where(({ or, eb }) => or([eb('last_used_at', 'is', null), eb('last_used_at', '<', now - 60_000)])).execute()
}

export async function findToken(db: Db, id: string): Promise<Token | undefined> {
  return await db.selectFrom('api_tokens').selectAll().where('id', '=', id).executeTakeFirst()
}

/** The newest first. */
export async function tokensOf(db: Db, client_id: string): Promise<Token[]> {
  return await db.selectFrom('api_tokens').selectAll().where('client_id', '=', client_id).orderBy('created_at', 'desc').orderBy('id', 'desc').limit(20).execute()
}

export async function insertToken(tx: Tx, token: Token): Promise<void> {
  await tx.insertInto('api_tokens').values(token).execute()
}

/** Those of a client that would go on for longer end at `at`. */
export async function endTokens(tx: Tx, client_id: string, at: number): Promise<void> {
  await tx.updateTable('api_tokens').set({ ends_at: at }).where('client_id', '=', client_id).where(({ or, eb }) => or([eb('ends_at', 'is', null), eb('ends_at', '>', at)])).execute()
}

export async function endToken(tx: Tx, client_id: string, id: string): Promise<boolean> {
  const now = tx.bus.clock.now()
  const { numUpdatedRows } = await tx.updateTable('api_tokens').set({ ends_at: now }).where('id', '=', id).where('client_id', '=', client_id)
    .where(({ or, eb }) => or([eb('ends_at', 'is', null), eb('ends_at', '>', now)])).executeTakeFirst()
  return numUpdatedRows === 1n
}

/** One more call in a window; how many there are now. */
export async function countUse(tx: Tx, client_id: string, slot: string, ends_at: number): Promise<number> {
  const { numUpdatedRows } = await tx.updateTable('api_uses').set(({ eb }) => ({ uses: eb('uses', '+', 1) })).where('client_id', '=', client_id).where('slot', '=', slot).executeTakeFirst()
  if (numUpdatedRows === 0n) {
    try {
      await tx.insertInto('api_uses').values({ client_id, slot, uses: 1, ends_at }).execute()
      return 1
    } catch (error) {
      if (!isDuplicate(error)) throw error
      return countUse(tx, client_id, slot, ends_at) // another process was first, and its row is there now
    }
  }
  return (await tx.selectFrom('api_uses').select('uses').where('client_id', '=', client_id).where('slot', '=', slot).executeTakeFirstOrThrow()).uses
}

export async function usesIn(db: Db, slot: string): Promise<ReadonlyMap<string, number>> {
  return new Map((await db.selectFrom('api_uses').select(['client_id', 'uses']).where('slot', '=', slot).execute()).map(row => [row.client_id, row.uses]))
}

export async function forgetUses(tx: Tx, before: number): Promise<void> {
  await tx.deleteFrom('api_uses').where('ends_at', '<', before).execute()
}

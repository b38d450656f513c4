import type { Db, Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import type { HoldsTable } from './tables.ts'

export function openKey(number: string, type: string): string {
  return `${number}:${type}`
}

/** What holds a number now or may from a later day. */
export async function holdsOn(db: Db, number: string): Promise<HoldsTable[]> {
  return await db.selectFrom('documents_holds').selectAll().where('number', '=', number).where('status', '=', 'on').orderBy('id').execute()
}

/** All of a number, lifted ones too, newest first. */
export async function holdsOf(db: Db, numbers: readonly string[]): Promise<HoldsTable[]> {
  return numbers.length === 0 ? [] : await db.selectFrom('documents_holds').selectAll().where('number', 'in', numbers).orderBy('id', 'desc').limit(200).execute()
}

export async function getHold(db: Db, id: string): Promise<HoldsTable> {
  const row = await db.selectFrom('documents_holds').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new AppError('not-found', '没有找到这条限制')
  return row
}

export async function findOpen(db: Db, number: string, type: string): Promise<HoldsTable | undefined> {
  return await db.selectFrom('documents_holds').selectAll().where('open_key', '=', openKey(number, type)).executeTakeFirst()
}

export type Beginning = Pick<HoldsTable, 'number' | 'type' | 'reason' | 'source' | 'since' | 'until'>

export async function insertHold(tx: Tx, beginning: Beginning): Promise<string> {
  const id = newId()
  await tx.insertInto('documents_holds').values({ id, ...beginning, status: 'on', open_key: openKey(beginning.number, beginning.type), lifted_reason: null, created_at: tx.bus.clock.now(), ended_at: null }).execute()
  return id
}

export async function changeHold(tx: Tx, id: string, change: Pick<HoldsTable, 'reason' | 'since' | 'until' | 'source'>): Promise<void> {
  await tx.updateTable('documents_holds').set(change).where('id', '=', id).where('status', '=', 'on').execute()
}

/** Those of a type that hold now, a page of them by id; for a list that names everyone who is held. */
export async function openOfType(db: Db, type: string, after: string, limit: number): Promise<HoldsTable[]> {
  return await db.selectFrom('documents_holds').selectAll().where('type', '=', type).where('status', '=', 'on').where('id', '>', after).orderBy('id').limit(limit).execute()
}

type Filters = { number?: string | undefined; type?: string | undefined; status: HoldsTable['status']; before?: string | undefined; limit: number }

/** Newest first; `before` is the last id of the page before. */
export async function listHolds(db: Db, { number, type, status, before, limit }: Filters): Promise<HoldsTable[]> {
  return await db.selectFrom('documents_holds').selectAll().where('status', '=', status)
    .$if(number !== undefined, query => query.where('number', '=', number ?? ''))
    .$if(type !== undefined, query => query.where('type', '=', type ?? ''))
    .$if(before !== undefined, query => query.where('id', '<', before ?? '')).orderBy('id', 'desc').limit(limit).execute()
}

import { type Db, isDuplicate, type Tx } from '../../../platform/db.ts'
import type { ServicesTables } from '../tables.ts'

type Reservation = ServicesTables['services_reservations']

/** Puts this transaction in line for the thing: of two who want it at once, the second sees what the first has taken. */
export async function lockThing(tx: Tx, thing: string): Promise<void> {
  if (await raise(tx, thing)) return
  try {
    await tx.insertInto('services_things').values({ thing, turns: 1 }).execute()
  } catch (error) {
    if (!isDuplicate(error) || !await raise(tx, thing)) throw error
  }
}

async function raise(tx: Tx, thing: string): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('services_things').set(({ eb }) => ({ turns: eb('turns', '+', 1) })).where('thing', '=', thing).executeTakeFirst()
  return numUpdatedRows > 0n
}

/** The first that takes some of this time. */
export async function findTaken(tx: Tx, { thing, starts, ends }: Pick<Reservation, 'thing' | 'starts' | 'ends'>): Promise<Pick<Reservation, 'starts' | 'ends'> | undefined> {
  return tx.selectFrom('services_reservations').select(['starts', 'ends']).where('thing', '=', thing).where('ends', '>', starts).where('starts', '<', ends)
    .orderBy('starts').limit(1).executeTakeFirst()
}

/** What others have taken of this time, the earliest first. */
export async function listTaken(db: Db, { thing, from, to, except, limit }: { thing: string; from: string; to: string; except: string; limit: number }): Promise<Pick<Reservation, 'starts' | 'ends'>[]> {
  return db.selectFrom('services_reservations').select(['starts', 'ends']).where('thing', '=', thing).where('ends', '>', from).where('starts', '<', to).where('application_id', '!=', except)
    .orderBy('starts').limit(limit).execute()
}

export async function insertReservation(tx: Tx, row: Reservation): Promise<void> {
  await tx.insertInto('services_reservations').values(row).execute()
}

export async function deleteReservations(tx: Tx, application_id: string): Promise<void> {
  await tx.deleteFrom('services_reservations').where('application_id', '=', application_id).execute()
}

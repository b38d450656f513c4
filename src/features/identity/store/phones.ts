import type { Db, Tx } from '../../../platform/db.ts'
import { selectPeople, type Person } from './people.ts'

export async function phoneRow(db: Db, person_id: string) {
  return await db.selectFrom('identity_people').select(['id', 'phone_sealed', 'phone_index', 'phone_proven_at', 'proven_phone_index']).where('id', '=', person_id).executeTakeFirst() ?? null
}

/** Who has the phone, proven or by the roster's word. */
export async function peopleWithPhone(db: Db, indexes: readonly string[]): Promise<(Person & { phone_proven_at: number | null })[]> {
  return await selectPeople(db).select('p.phone_proven_at').where('p.phone_index', 'in', indexes).whereRef('n.number', '=', 'p.number').orderBy('p.id').execute()
}

/** Who proved the phone. */
export async function provenHolder(db: Db, indexes: readonly string[]): Promise<string | null> {
  const row = await db.selectFrom('identity_people').select('id').where('proven_phone_index', 'in', indexes).executeTakeFirst()
  return row?.id ?? null
}

type Phone = { phone_sealed: string; phone_index: string; proven: boolean }

/** Fails on the unique key where somebody else proved the same phone in between. */
export async function savePhone(tx: Tx, person_id: string, { phone_sealed, phone_index, proven }: Phone): Promise<void> {
  const now = tx.bus.clock.now()
  await tx.updateTable('identity_people')
    .set({ phone_sealed, phone_index, phone_proven_at: proven ? now : null, proven_phone_index: proven ? phone_index : null, updated_at: now }).where('id', '=', person_id).execute()
}

/** Empties the person's phone, if it still is this one. */
export async function dropPhone(tx: Tx, person_id: string, indexes: readonly string[]): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('identity_people')
    .set({ phone_sealed: null, phone_index: null, phone_proven_at: null, proven_phone_index: null, updated_at: tx.bus.clock.now() })
    .where('id', '=', person_id).where('phone_index', 'in', indexes).executeTakeFirst()
  return numUpdatedRows === 1n
}

/** People whose phone has no index yet: kept by a version before there was one. */
export async function unindexedPhones(db: Db, limit: number): Promise<{ id: string; phone_sealed: string }[]> {
  const rows = await db.selectFrom('identity_people').select(['id', 'phone_sealed']).where('phone_index', 'is', null).where('phone_sealed', 'is not', null).limit(limit).execute()
  return rows.flatMap(({ id, phone_sealed }) => (phone_sealed === null ? [] : [{ id, phone_sealed }]))
}

/** Left alone where the phone changed meanwhile. */
export async function saveIndex(tx: Tx, { id, phone_sealed, phone_index }: { id: string; phone_sealed: string; phone_index: string }): Promise<void> {
  await tx.updateTable('identity_people').set({ phone_index }).where('id', '=', id).where('phone_sealed', '=', phone_sealed).execute()
}

export async function insertNote(tx: Tx, note: { id: string; person_id: string; phone_sealed: string }): Promise<void> {
  await tx.insertInto('identity_phone_notes').values({ ...note, at: tx.bus.clock.now(), started_at: null, sent_at: null, reason: null }).execute()
}

/** The phone that is still to be told; null once it was. */
export async function noteToSend(db: Db, id: string): Promise<{ phone_sealed: string; started_at: number | null } | null> {
  const row = await db.selectFrom('identity_phone_notes').select(['phone_sealed', 'started_at']).where('id', '=', id).executeTakeFirst()
  return row?.phone_sealed ? { phone_sealed: row.phone_sealed, started_at: row.started_at } : null
}

export async function saveNoteStart(tx: Tx, id: string, started_at: number | null): Promise<void> {
  await tx.updateTable('identity_phone_notes').set({ started_at }).where('id', '=', id).execute()
}

/** Told, or not to be told (`reason`): the number is forgotten either way. */
export async function settleNote(tx: Tx, id: string, reason: string | null): Promise<void> {
  await tx.updateTable('identity_phone_notes').set({ phone_sealed: null, reason, sent_at: reason === null ? tx.bus.clock.now() : null }).where('id', '=', id).where('phone_sealed', 'is not', null).execute()
}

export async function pruneNotes(tx: Tx, before: number): Promise<void> {
  await tx.deleteFrom('identity_phone_notes').where('at', '<', before).execute()
}

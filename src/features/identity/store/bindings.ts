import type { Db, Tx } from '../../../platform/db.ts'
import { currentStandings } from '../rules/standing.ts'
import type { BindingsTable } from '../tables.ts'

export type Binding = Pick<BindingsTable, 'id' | 'person_id' | 'number' | 'userid' | 'began_at'>

const columns = ['id', 'person_id', 'number', 'userid', 'began_at'] as const

/** The binding that a member of WeCom or a number has now. */
export async function currentBinding(db: Db, by: { userid: string } | { number: string }): Promise<Binding | null> {
  const query = db.selectFrom('identity_bindings').select(columns)
  const found = 'userid' in by ? query.where('current_userid', '=', by.userid.toLowerCase()) : query.where('current_number', '=', by.number)
  return await found.executeTakeFirst() ?? null
}

/** Where messages to a person go: the binding of the number that is current and was bound last. */
export async function wecomUseridOf(db: Db, person_id: string): Promise<string | null> {
  const rows = await db.selectFrom('identity_bindings as b').innerJoin('identity_numbers as n', 'n.number', 'b.current_number')
    .select(['b.userid', 'n.standing', 'b.began_at']).where('b.person_id', '=', person_id).orderBy('b.began_at', 'desc').orderBy('b.id', 'desc').execute()
  return (rows.find(row => currentStandings.includes(row.standing)) ?? rows[0])?.userid ?? null
}

export async function bindingsOf(db: Db, person_id: string) {
  return await db.selectFrom('identity_bindings').select(['id', 'number', 'userid', 'began_at', 'ended_at']).where('person_id', '=', person_id).orderBy('began_at', 'desc').orderBy('id', 'desc').execute()
}

export async function insertBinding(tx: Tx, binding: Omit<Binding, 'began_at'>): Promise<void> {
  await tx.insertInto('identity_bindings').values({
    ...binding, current_userid: binding.userid.toLowerCase(), current_number: binding.number, began_at: tx.bus.clock.now(), ended_at: null,
  }).execute()
}

/** False where somebody ended it before. */
export async function endBinding(tx: Tx, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('identity_bindings').set({ current_userid: null, current_number: null, ended_at: tx.bus.clock.now() })
    .where('id', '=', id).where('ended_at', 'is', null).executeTakeFirst()
  return numUpdatedRows === 1n
}

import type { Db, Tx } from '../../../platform/db.ts'
import { insertRows, prepared, type Value } from '../../../platform/prepared.ts'
import { currentStandings } from '../rules/standing.ts'
import type { BindingsTable, Standing } from '../tables.ts'

export type Binding = Pick<BindingsTable, 'id' | 'person_id' | 'number' | 'userid' | 'began_at'>

const columns = ['id', 'person_id', 'number', 'userid', 'began_at'] as const

/** The binding that a member of WeCom or a number has now. */
export async function currentBinding(db: Db, by: { userid: string } | { number: string }): Promise<Binding | null> {
  const query = db.selectFrom('identity_bindings').select(columns)
  const found = 'userid' in by ? query.where('current_userid', '=', by.userid.toLowerCase()) : query.where('current_number', '=', by.number)
  return await found.executeTakeFirst() ?? null
}

/**
 * Where messages to a person go: the binding of the number that is current and was bound last. A member who left the corporation, or is
 * disabled in it, keeps the binding and gets nothing: until they are there again, messages wait.
 */
export async function wecomUseridOf(db: Db, person_id: string): Promise<string | null> {
  return (await wecomUseridsOf(db, [person_id])).get(person_id) ?? null
}

/** The same for many, by person; who is bound to nothing is not among them. */
export async function wecomUseridsOf(db: Db, person_ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (person_ids.length === 0) return new Map()
  const best = new Map<string, { userid: string; standing: Standing }>()
  for (const row of await bindingsNow(db, { person_ids })) {
    const known = best.get(row.person_id)
    if (!known || (!isCurrent(known) && isCurrent(row))) best.set(row.person_id, row)
  }
  return new Map([...best].map(([person_id, { userid }]) => [person_id, userid]))
}

const isCurrent = ({ standing }: { standing: Standing }) => currentStandings.includes(standing)

const bindingsNow = prepared((db: Db, value: Value<{ person_ids: readonly string[] }>) =>
  db.selectFrom('identity_bindings as b').innerJoin('identity_numbers as n', 'n.number', 'b.current_number')
    .leftJoin('identity_members as m', 'm.userid_key', 'b.current_userid')
    .select(['b.person_id', 'b.userid', 'n.standing']).where('b.person_id', 'in', value('person_ids'))
    .where(({ or, eb }) => or([eb('m.wecom_status', 'is', null), eb('m.wecom_status', 'in', [1, 4])])).orderBy('b.began_at', 'desc').orderBy('b.id', 'desc'))

/** One that lasts or has ended. */
export async function bindingById(db: Db, id: string): Promise<(Binding & { ended_at: number | null }) | null> {
  return await db.selectFrom('identity_bindings').select([...columns, 'ended_at']).where('id', '=', id).executeTakeFirst() ?? null
}

export async function bindingsOf(db: Db, person_id: string) {
  return await db.selectFrom('identity_bindings').select(['id', 'number', 'userid', 'began_at', 'ended_at']).where('person_id', '=', person_id).orderBy('began_at', 'desc').orderBy('id', 'desc').execute()
}

export async function insertBinding(tx: Tx, binding: Omit<Binding, 'began_at'>): Promise<void> {
  await tx.insertInto('identity_bindings').values({
    ...binding, current_userid: binding.userid.toLowerCase(), current_number: binding.number, began_at: tx.bus.clock.now(), ended_at: null,
  }).execute()
}

/** Several new ones at once. */
export async function insertBindings(tx: Tx, bindings: readonly Omit<Binding, 'began_at'>[]): Promise<void> {
  await insertRows(tx, 'identity_bindings', bindings.map(({ id, person_id, number, userid }) => ({
    id, person_id, number, userid, current_userid: userid.toLowerCase(), current_number: number, began_at: tx.bus.clock.now(), ended_at: null,
  })))
}

/** False where somebody ended it before. */
export async function endBinding(tx: Tx, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('identity_bindings').set({ current_userid: null, current_number: null, ended_at: tx.bus.clock.now() })
    .where('id', '=', id).where('ended_at', 'is', null).executeTakeFirst()
  return numUpdatedRows === 1n
}

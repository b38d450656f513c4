import { type Role, roles } from '../../src/features/identity/rules/roles.ts'
import type { Right } from '../../src/platform/rights.ts'
import type { TestApp } from './app.ts'
import type { Client } from './client.ts'
import type { Someone } from './people.ts'

/** Somebody of the sample who holds this role for the whole university and no other; a member of staff without one is given it where nobody does. */
export async function holderOf({ app: { database, identity } }: Pick<TestApp, 'app'>, role: Role): Promise<Someone> {
  const { db } = database
  const staff = await db.selectFrom('identity_numbers as number').innerJoin('identity_people as person', 'person.id', 'number.person_id').innerJoin('identity_bindings as binding', 'binding.current_number', 'number.number')
    .select(['person.id as person_id', 'number.number', 'person.name', 'binding.userid']).where('number.kind', '=', 'staff').where('number.standing', '=', 'employed').orderBy('number.number').execute()
  const held = Map.groupBy(await db.selectFrom('identity_grants').select(['person_id', 'role', 'scope_kind']).execute(), grant => grant.person_id)
  const holder = staff.find(({ person_id }) => held.get(person_id)?.length === 1 && held.get(person_id)?.[0]?.role === role && held.get(person_id)?.[0]?.scope_kind === 'all')
  if (holder) return holder
  const free = staff.findLast(({ person_id }) => !held.has(person_id))
  if (!free) throw new Error('everybody in the sample has a role already')
  await database.write(tx => identity.grantRole(tx, null, { person_id: free.person_id, role, scope_kind: 'all', scope_id: '', reason: '试用' }))
  return free
}

/** Phones of people with rights: `desk(right)` is signed in as somebody whose role brings it. */
export function desksOf(hall: TestApp): (right: Right) => Promise<Client> {
  const made = new Map<string, Promise<Client>>()
  return async right => {
    const role = (['admin', 'security', 'audit', 'registrar', 'operator', 'help-desk', 'service-owner', 'finance'] as const).find(each => roles[each].rights.some(one => one === right))
    if (!role) throw new Error(`no role brings ${right}`)
    const desk = made.get(role) ?? holderOf(hall, role).then(({ userid }) => hall.phone(userid))
    made.set(role, desk)
    return await desk
  }
}

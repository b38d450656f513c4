import { administrators, lastOf, roleLabel } from '../rules/roles.ts'
import { standings } from '../rules/standing.ts'
import { type KnownNumber, type KnownPerson, type KnownRole, type Refused, refuse, type RosterState } from './state.ts'

/** No file takes the last administrator of a kind away, be it by the role or by the standing. */
export function lastTaken(state: RosterState, person: KnownPerson, number: KnownNumber, revoke: readonly KnownRole[]): Refused | null {
  const last = lastOf(state.administrators, person.id, goneWith(state, person, number, revoke))
  if (last === null) return null
  return refuse(staysHere(state, person, number) ? '角色' : '在职状态', '{name}是最后一位{role}，没有别人能接替。请先把这个角色授予另一个人', { name: person.name, role: roleLabel(last) })
}

/** Makes what a plan gives and takes part of what is known. */
export function noteAdministrators(state: RosterState, person: KnownPerson, number: KnownNumber, { grant, revoke }: { grant: readonly KnownRole[]; revoke: readonly KnownRole[] }): void {
  for (const role of goneWith(state, person, number, revoke)) state.administrators.get(role)?.delete(person.id)
  if (staysHere(state, person, number)) for (const { role } of grant) state.administrators.get(role)?.add(person.id)
}

function staysHere(state: RosterState, person: KnownPerson, number: KnownNumber): boolean {
  const leading = person.number === number.number ? number : state.numbers.get(person.number)
  return leading !== undefined && standings[leading.standing].current
}

/** The administrators' roles that the person does not hold any more after this line: who is not here holds none. */
function goneWith(state: RosterState, person: KnownPerson, number: KnownNumber, revoke: readonly KnownRole[]): readonly string[] {
  return staysHere(state, person, number) ? revoke.map(({ role }) => role) : administrators
}

import { createHmac } from 'node:crypto'
import type { Db } from '../../platform/db.ts'
import type { Keyring } from '../../platform/keys.ts'
import { type MemberContent, memberName, memberPosition } from './rules/member-content.ts'
import { upwards } from './rules/roles.ts'
import { listDepartments } from './store/departments.ts'
import { type RosterFacts, rosterFacts, useridsOfNumbers, useridsOfPeople } from './store/members.ts'
import { listUnits, type Unit } from './store/units.ts'
import type { Vault } from './vault.ts'

/** The tree as it is now: read once for a slice of members. */
export type Tree = {
  units: ReadonlyMap<string, Unit>
  /** department by unit */
  departmentOf: ReadonlyMap<string, number>
  /** departments that stand for a unit */
  ours: ReadonlySet<number>
}

export async function readTree(db: Db): Promise<Tree> {
  const departments = (await listDepartments(db)).filter(row => row.unit_id !== null && row.reserved_at === null)
  return {
    units: new Map((await listUnits(db)).map(unit => [unit.id, unit])),
    departmentOf: new Map(departments.map(row => [row.unit_id ?? '', row.department_id])),
    ours: new Set(departments.map(row => row.department_id)),
  }
}

export type Composed = {
  facts: RosterFacts
  /** the unit has no department yet: the member stands in the next one above */
  content: MemberContent
}

export type Composer = { vault: Pick<Vault, 'open'>; keyring: Pick<Keyring, 'deriveAll'>; root: number }

/** What we say of these numbers' members, as the roster has them now. */
export async function composeMembers(db: Db, { vault, keyring, root }: Composer, tree: Tree, numbers: readonly string[]): Promise<Map<string, Composed>> {
  const facts = await rosterFacts(db, numbers)
  const headOf = (each: RosterFacts) => (each.kind === 'staff' ? headNumber(tree, each) : null)
  const [tutors, heads] = await Promise.all([
    useridsOfPeople(db, [...new Set(facts.flatMap(each => each.tutor_id ?? []))]),
    useridsOfNumbers(db, [...new Set(facts.flatMap(each => headOf(each) ?? []))]),
  ])
  return new Map(facts.map(each => {
    const phone = each.phone_sealed === null ? null : vault.open('phone', each.phone_sealed)
    const content: MemberContent = {
      name: memberName(each.name), department: departmentFor(tree, each.unit_id) ?? root, position: memberPosition(each.title),
      leader: each.kind === 'staff' ? (tree.units.get(each.unit_id)?.head_number === each.number ? 1 : 0) : null,
      direct_leader: (each.tutor_id ? tutors.get(each.tutor_id) : heads.get(headOf(each) ?? '')) ?? null,
      enable: 1, mobile: phone === null ? null : marksOf(keyring, phone)[0] ?? null, email: phone === null ? each.email : null,
    }
    return [each.number, { facts: each, content }]
  }))
}

/** Tells a phone from another without keeping it: a mark for each key, the writing one's first. */
export function marksOf(keyring: Composer['keyring'], phone: string): string[] {
  const plain = phone.replace(/^\+86/, '').replaceAll(/[\s-]/g, '')
  return keyring.deriveAll('identity.member-mobile').map(key => createHmac('sha256', key).update(plain).digest('base64url').slice(0, 22))
}

function departmentFor(tree: Tree, unit_id: string): number | null {
  const found = upwards(tree.units, unit_id).find(id => tree.departmentOf.has(id))
  return found === undefined ? null : tree.departmentOf.get(found) ?? null
}

/** The head of the unit; for the head, the head of the unit above. */
function headNumber(tree: Tree, { number, unit_id }: RosterFacts): string | null {
  for (const id of upwards(tree.units, unit_id)) {
    const head = tree.units.get(id)?.head_number
    if (head && head !== number) return head
  }
  return null
}

import { createHmac } from 'node:crypto'
import type { Db } from '../../platform/db.ts'
import type { SeparateConsents } from './deps.ts'
import type { Keyring } from '../../platform/keys.ts'
import { type MemberContent, memberName, memberPosition } from './rules/member-content.ts'
import { upwards } from './rules/roles.ts'
import { superiorNumbers } from './rules/superior.ts'
import { listDepartments } from './store/departments.ts'
import { type RosterFacts, leadersByNumber, leadersByPerson, rosterFacts } from './store/members.ts'
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
  /** the person has agreed that WeCom is told the phone */
  tellsPhone: boolean
  /** a unit that has no department yet stands in the next one above */
  content: MemberContent
  /** false: the superior is no member, so that nothing can be said of it for now */
  ledBySomebody: boolean
}

/** The notice that people agree to before their phone goes to WeCom. */
export const WECOM_PHONE = 'wecom-phone'

/** Where the school has a ground of its own for telling WeCom phones, everyone counts as having agreed to it. */
export function withGround(consents: SeparateConsents, { phones }: { phones: 'agreed' | 'all' }): SeparateConsents {
  if (phones === 'agreed') return consents
  return {
    ...consents,
    agreed: async (db, person_id, name) => name === WECOM_PHONE || await consents.agreed(db, person_id, name),
    agreedAmong: async (db, person_ids, name) => name === WECOM_PHONE ? new Set(person_ids) : await consents.agreedAmong(db, person_ids, name),
  }
}

export type Composer = Phones & Source

/** `consents`: whose phone WeCom may be told. */
export type Source = { root: number; consents(): Pick<SeparateConsents, 'agreedAmong'> }

/** What opens a phone. */
export type Phones = { vault: Pick<Vault, 'open'>; keyring: Pick<Keyring, 'deriveAll'> }

/** What we say of these numbers' members, as the roster has them now; a phone that its person has not agreed to give is as if there were none. Of the phone nothing yet: opening 40,000 takes longer than comparing them. */
export async function composeMembers(db: Db, { root, consents }: Source, tree: Tree, numbers: readonly string[]): Promise<Map<string, Composed>> {
  const known = await rosterFacts(db, numbers)
  const agreed = await consents().agreedAmong(db, known.map(each => each.person_id), WECOM_PHONE)
  const facts = known.map(each => (agreed.has(each.person_id) ? each : { ...each, phone_sealed: null }))
  const superiorOf = (each: RosterFacts) => (each.kind === 'staff' ? superiorNumbers(tree.units, each)[0] ?? null : null)
  const [tutors, superiors] = await Promise.all([
    leadersByPerson(db, [...new Set(facts.flatMap(each => each.tutor_id ?? []))]),
    leadersByNumber(db, [...new Set(facts.flatMap(each => superiorOf(each) ?? []))]),
  ])
  return new Map(facts.map(each => {
    const leader = each.tutor_id ? tutors.get(each.tutor_id) : superiors.get(superiorOf(each) ?? '')
    const content: MemberContent = {
      name: memberName(each.name), department: departmentFor(tree, each.unit_id) ?? root, position: memberPosition(each.title),
      leader: each.kind === 'staff' ? (tree.units.get(each.unit_id)?.head_number === each.number ? 1 : 0) : null,
      direct_leader: leader?.userid ?? null,
      enable: 1, mobile: null, email: each.phone_sealed === null ? each.email : null,
    }
    return [each.number, { facts: each, tellsPhone: agreed.has(each.person_id), content, ledBySomebody: leader?.there ?? false }]
  }))
}

/** The same with the mark of the phone. */
export function withMobile({ facts, content }: Pick<Composed, 'facts' | 'content'>, { vault, keyring }: Phones): MemberContent {
  return facts.phone_sealed === null ? content : { ...content, mobile: marksOf(keyring, vault.open('phone', facts.phone_sealed))[0] ?? null }
}

/** What can be written and compared of it now. */
export function sayable({ content, ledBySomebody }: Composed): MemberContent {
  return ledBySomebody ? content : { ...content, direct_leader: null }
}

/** Tells a phone from another without keeping it: a mark for each key, the writing one's first, which begins with the name of the key. */
export function marksOf(keyring: Phones['keyring'], phone: string): string[] {
  const plain = phone.replace(/^\+86/, '').replaceAll(/[\s-]/g, '')
  return keyring.deriveAll('identity.member-mobile').map(key => `${hmac(key, 'name').slice(0, 6)}.${hmac(key, plain).slice(0, 22)}`)
}

const hmac = (key: Buffer, text: string): string => createHmac('sha256', key).update(text).digest('base64url')

/**
 * The mark to compare with what was said before: that one itself where it stands for the same phone. `stale`: it was made by a key that is
 * going or gone, and should be made anew; of one that is gone nobody can tell, and nothing is written because of it.
 */
export function mobileMark(before: string | null | undefined, marks: readonly string[]): { mark: string | null; stale: boolean } {
  const [newest = null] = marks
  if (!before || newest === null) return { mark: newest, stale: false }
  const ofKey = before.split('.')[0]
  const same = marks.includes(before) || !marks.some(mark => mark.split('.')[0] === ofKey)
  return same ? { mark: before, stale: before !== newest } : { mark: newest, stale: false }
}

function departmentFor(tree: Tree, unit_id: string): number | null {
  const found = upwards(tree.units, unit_id).find(id => tree.departmentOf.has(id))
  return found === undefined ? null : tree.departmentOf.get(found) ?? null
}

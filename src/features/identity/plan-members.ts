import type { Member } from '../../integrations/wecom/index.ts'
import type { Db } from '../../platform/db.ts'
import { type Composer, composeMembers, readTree, sayable, withMobile, type Tree } from './compose-members.ts'
import { compareMember } from './rules/compare-members.ts'
import { comparedFields, type Found, memberSubject } from './rules/differences.ts'
import { isPresent, type MemberContent, type Settings, wantedState } from './rules/member-content.ts'
import { numbersOfUserids } from './store/member-numbers.ts'
import { type DifferenceRow, differencesOf } from './store/differences.ts'
import { listDepartments } from './store/departments.ts'
import { type MemberRow, membersByKeys, type NewMemberRow } from './store/members.ts'

/** What a page of members comes to: planned outside the transaction, written in one. */
export type PagePlan = {
  members: { row: MemberRow | undefined; theirs: Member; number: string | null; /** what we begin with, where nothing is kept yet */ content: MemberContent | null }[]
  found: Found[]
  known: DifferenceRow[]
}

/** The tree and its names, read once for a slice. */
export type Names = { tree: Tree; departments: ReadonlyMap<number, string> }

export async function readNames(db: Db): Promise<Names> {
  return { tree: await readTree(db), departments: new Map((await listDepartments(db)).map(row => [row.department_id, row.name])) }
}

/** Whose member each is, and where it is otherwise than ours. */
export async function planPage(db: Db, composer: Composer, settings: Settings, names: Names, page: readonly Member[]): Promise<PagePlan> {
  const theirs = [...new Map(page.map(member => [member.userid.toLowerCase(), member])).values()]
  const keys = theirs.map(member => member.userid.toLowerCase())
  const rows = new Map((await membersByKeys(db, keys)).map(row => [row.userid_key, row]))
  const unknown = theirs.filter(member => !rows.get(member.userid.toLowerCase())?.number).map(member => member.userid)
  const numbers = await numbersOfUserids(db, unknown)
  const numberOf = (key: string): string | null => rows.get(key)?.number ?? numbers.get(key) ?? null
  const composed = await composeMembers(db, composer, names.tree, keys.flatMap(key => numberOf(key) ?? []))
  const words = { department: (id: number) => names.departments.get(id) ?? String(id), member: (userid: string) => userid }
  const found: Found[] = []
  const members = theirs.map(member => {
    const key = member.userid.toLowerCase()
    const row = rows.get(key)
    const number = numberOf(key)
    const ours = number === null ? undefined : composed.get(number)
    if (number === null || !ours) {
      found.push({ subject: memberSubject(key), field: 'unknown', number: null, name: member.name ?? member.userid, ours: null, theirs: (member.department ?? []).map(words.department).join('、') })
      return { row, theirs: member, number: null, content: null }
    }
    const state = wantedState({ standing: ours.facts.standing, wish: row?.wish ?? null, present: isPresent(member.status ?? 1) }, settings)
    found.push(...compareMember(number, sayable(ours), state, member, words))
    // Opened only for who is met for the first time.
    return { row, theirs: member, number, content: row && row.content !== null ? null : withMobile(ours, composer) }
  })
  const known = (await differencesOf(db, keys.map(memberSubject))).filter(row => comparedFields.some(field => field === row.field))
  return { members, found, known }
}

/** A row for a member that was not known. What we say of it now is where we begin: only what changes in our list from now on is written. */
export function rowFor({ theirs, number, content }: Pick<PagePlan['members'][number], 'theirs' | 'number' | 'content'>, now: number): NewMemberRow {
  const status = theirs.status ?? 4
  return { userid: theirs.userid, number, content: content && JSON.stringify(content), wecom_status: status, seen_at: now, followed_at: status === 1 ? now : null }
}

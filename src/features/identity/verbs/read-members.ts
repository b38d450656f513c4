import type { Tx } from '../../../platform/db.ts'
import { emit } from '../../../platform/events.ts'
import { memberReturned } from '../events-contacts.ts'
import { type PagePlan, rowFor } from '../plan-members.ts'
import type { Found } from '../rules/differences.ts'
import { isPresent } from '../rules/member-content.ts'
import type { Totals } from '../rules/contact-run.ts'
import { insertMembers, type MemberRow, personIdOf, updateMember, updateMembers } from '../store/members.ts'
import { keepFound } from './found-differences.ts'

/** Keeps what a page said. `since`: members seen after this are counted already, having stood in another department too. */
export async function recordPage(tx: Tx, { members, found, known }: PagePlan, since: number): Promise<Totals> {
  const now = tx.bus.clock.now()
  const counts = new Map<string, number>()
  const count = (name: string, by = 1): void => void counts.set(name, (counts.get(name) ?? 0) + by)
  const seen = new Map<number, string[]>()
  for (const each of members) {
    const { row, theirs, number } = each
    const status = theirs.status ?? row?.wecom_status ?? 4
    if ((row?.seen_at ?? 0) < since) {
      count('members')
      count(`status_${status}`)
      if (number === null) count('nobody')
    }
    if (!row) continue
    if (row.number !== number || row.userid !== theirs.userid || (each.content && row.content === null)) await joinMember(tx, row, each)
    if (status === row.wecom_status && (status !== 1 || row.followed_at !== null)) seen.set(status, [...seen.get(status) ?? [], row.userid_key])
    else await recordStatus(tx, { ...row, number }, status)
  }
  await insertMembers(tx, members.filter(each => !each.row).map(each => rowFor(each, now)))
  for (const keys of seen.values()) await updateMembers(tx, keys, { seen_at: now })
  count('differences', await keepFound(tx, known, found))
  return Object.fromEntries(counts)
}

async function joinMember(tx: Tx, row: MemberRow, { theirs, number, content }: PagePlan['members'][number]): Promise<void> {
  await updateMember(tx, row.userid_key, { number, userid: theirs.userid, ...(row.content === null && content && { content: JSON.stringify(content) }) })
}

/** What WeCom says of a member now. One who had left and is there again gets what waited for them. */
export async function recordStatus(tx: Tx, row: MemberRow, status: number): Promise<void> {
  const now = tx.bus.clock.now()
  const there = isPresent(status)
  await updateMember(tx, row.userid_key, {
    wecom_status: status, ...(there && { seen_at: now }),
    ...(status === 1 ? { followed_at: row.followed_at ?? now } : { followed_at: null }),
  })
  if (status === 1 && (row.wecom_status === 5 || row.wecom_status === 2)) await announceReturn(tx, row)
}

export async function announceReturn(tx: Tx, { number, userid }: Pick<MemberRow, 'number' | 'userid'>): Promise<void> {
  const person_id = number === null ? null : await personIdOf(tx, number)
  if (number !== null && person_id !== null) await emit(tx, memberReturned, { number, userid }, { subject: person_id, actor: null })
}

/** Members whom only contact sync sees: they are there, outside the app's range. */
export type Hidden = { rows: MemberRow[]; fresh: { userid: string; number: string | null; content: string | null }[]; found: Found[]; known: PagePlan['known'] }

export async function recordHidden(tx: Tx, { rows, fresh, found, known }: Hidden): Promise<Totals> {
  const now = tx.bus.clock.now()
  await insertMembers(tx, fresh.map(each => ({ ...each, wecom_status: 4, seen_at: now })))
  const present = rows.filter(row => isPresent(row.wecom_status))
  await updateMembers(tx, present.map(row => row.userid_key), { seen_at: now })
  await updateMembers(tx, rows.filter(row => !isPresent(row.wecom_status)).map(row => row.userid_key), { seen_at: now, wecom_status: 4 })
  const differences = await keepFound(tx, known, found)
  return { members: rows.length + fresh.length, hidden: rows.length + fresh.length, differences }
}

import type { Standing } from '../tables.ts'
import { standings } from './standing.ts'

/**
 * What we say of a member in WeCom's address book. A null says nothing: such a field is neither written nor compared.
 * `mobile` is the HMAC of the number, so that a change shows without the number being kept a second time.
 */
export type MemberContent = {
  name: string
  /** the department of the person's unit */
  department: number | null
  position: string | null
  /** heads the unit */
  leader: 0 | 1 | null
  /** userid of the tutor or the superior */
  direct_leader: string | null
  enable: 0 | 1
  mobile: string | null
  email: string | null
}

export type MemberField = keyof MemberContent
export const memberFields: readonly MemberField[] = ['name', 'department', 'position', 'leader', 'direct_leader', 'enable', 'mobile', 'email']

/** What was kept of it; null for nothing and for what an older version wrote. */
export function readContent(text: string | null): Partial<MemberContent> | null {
  if (text === null) return null
  const value: unknown = JSON.parse(text)
  return typeof value === 'object' && value !== null ? value : null
}

/** The fields in which what we say now differs from what we said last; what we say nothing of is left as it is. */
export function fieldsToWrite(before: Partial<MemberContent> | null, now: MemberContent): MemberField[] {
  return memberFields.filter(field => now[field] !== null && now[field] !== (before?.[field] ?? null))
}

export type Settings = {
  /** who gets a member without asking for one: those who joined, or everyone of the roster */
  push: 'joined' | 'everyone'
  /** what becomes of the member of who has left the university */
  leavers: 'keep' | 'disable' | 'delete'
}

type Case = { standing: Standing; wish: 'present' | 'disabled' | 'gone' | null; present: boolean }

/** What should become of a number's member; null: nothing. */
export function wantedState({ standing, wish, present }: Case, { push, leavers }: Settings): 'present' | 'disabled' | 'gone' | null {
  if (wish === 'gone' || wish === 'disabled') return wish
  const { signsIn, current } = standings[standing]
  if (!signsIn) return !present || leavers === 'keep' ? null : leavers === 'delete' ? 'gone' : 'disabled'
  return present || wish === 'present' || (push === 'everyone' && current) ? 'present' : null
}

/** 1 activated, 2 disabled, 4 not activated: is in the address book. */
export function isPresent(status: number | null): boolean {
  return status === 1 || status === 2 || status === 4
}

/** A name as WeCom takes it: 1 to 64 characters (60112). */
export function memberName(name: string): string {
  return [...name.trim()].slice(0, 64).join('')
}

/** A job title as WeCom takes it: up to 128 characters. */
export function memberPosition(title: string | null): string | null {
  const words = (title ?? '').trim()
  return words === '' ? null : [...words].slice(0, 128).join('')
}

type Placed = { department: number[]; is_leader_in_dept: number[] }

/**
 * The departments to write: the unit's first, and behind it those of theirs that are none of our units (a project group, a party branch),
 * which are not ours to take away. At most 20 (60110).
 */
export function placeMember(own: { department: number; leader: 0 | 1 | null }, theirs: Partial<Placed> | null, isOurs: (department: number) => boolean): Placed {
  const leads = (department: number): number => theirs?.is_leader_in_dept?.[theirs.department?.indexOf(department) ?? -1] ?? 0
  const others = (theirs?.department ?? []).filter(id => id !== own.department && !isOurs(id)).slice(0, 19)
  return { department: [own.department, ...others], is_leader_in_dept: [own.leader ?? leads(own.department), ...others.map(leads)] }
}

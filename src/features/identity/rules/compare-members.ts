import { type Found, memberSubject } from './differences.ts'
import type { MemberContent } from './member-content.ts'

/** A member as the app reads it (90201). */
export type Theirs = {
  userid: string
  name?: string | undefined
  department?: number[] | undefined
  main_department?: number | undefined
  position?: string | undefined
  is_leader_in_dept?: number[] | undefined
  direct_leader?: string[] | undefined
  status?: number | undefined
}

type Words = {
  /** a department as a reader knows it */
  department(id: number): string
  /** a member's name by userid */
  member(userid: string): string
}

/** Where WeCom says otherwise than we do, in what may be read. `state` is what should become of the member; null where nothing should. */
export function compareMember(number: string, ours: MemberContent, state: 'present' | 'disabled' | 'gone' | null, theirs: Theirs, words: Words): Found[] {
  const about = { subject: memberSubject(theirs.userid.toLowerCase()), number, name: ours.name }
  const found: Found[] = []
  const differ = (field: Found['field'], mine: string, other: string): void => { found.push({ ...about, field, ours: mine, theirs: other }) }
  if ((theirs.name ?? '') !== ours.name) differ('name', ours.name, theirs.name ?? '')
  const departments = theirs.department ?? []
  if (ours.department !== null && !(departments.includes(ours.department) && (theirs.main_department ?? ours.department) === ours.department)) {
    const shown = [theirs.main_department, ...departments].filter((id): id is number => id !== undefined)
    differ('department', words.department(ours.department), [...new Set(shown)].map(words.department).join('、'))
  }
  if (ours.position !== null && (theirs.position ?? '') !== ours.position) differ('position', ours.position, theirs.position ?? '')
  const leads = ours.department === null ? undefined : theirs.is_leader_in_dept?.[departments.indexOf(ours.department)]
  if (ours.leader !== null && leads !== undefined && leads !== ours.leader) differ('leader', ours.leader === 1 ? '是' : '否', leads === 1 ? '是' : '否')
  const superior = theirs.direct_leader?.[0] ?? ''
  if (ours.direct_leader !== null && superior.toLowerCase() !== ours.direct_leader.toLowerCase()) {
    differ('direct_leader', words.member(ours.direct_leader), superior === '' ? '' : words.member(superior))
  }
  const enabled = theirs.status !== 2
  if (state === 'present' && !enabled) differ('enable', '启用', '已停用')
  if ((state === 'disabled' || state === 'gone') && enabled) differ('enable', state === 'gone' ? '删除' : '停用', theirs.status === 1 ? '已激活' : '未激活')
  return found
}

/** What can differ. `ours`: what choosing ours does; `theirs`: theirs may be taken over. */
type Meaning = { label: string; kind: 'member' | 'department'; ours: string | null; theirs?: string }

export const differenceFields = {
  name: { label: '姓名', kind: 'member', ours: '把本校的姓名写入企业微信' },
  department: { label: '部门', kind: 'member', ours: '把成员移到本校的部门' },
  position: { label: '岗位', kind: 'member', ours: '把本校的岗位写入企业微信', theirs: '把企业微信里的职务记为岗位' },
  leader: { label: '部门负责人', kind: 'member', ours: '按本校名单设置部门负责人' },
  direct_leader: { label: '直属上级', kind: 'member', ours: '按本校名单设置直属上级' },
  enable: { label: '启用或停用', kind: 'member', ours: '按本校的状态启用或停用成员' },
  missing: { label: '不在企业微信', kind: 'member', ours: '在企业微信里建立成员' },
  unknown: { label: '不在本校名单', kind: 'member', ours: '在企业微信里停用或删除成员' },
  hidden: { label: '不在应用可见范围', kind: 'member', ours: null },
  refused: { label: '没有写入', kind: 'member', ours: '再写一次' },
  'unit-name': { label: '部门名称', kind: 'department', ours: '把本校的名称写入企业微信', theirs: '采用企业微信里的名称' },
  'unit-parent': { label: '上级部门', kind: 'department', ours: '把部门移到本校的上级下面' },
  'unit-missing': { label: '部门不在企业微信', kind: 'department', ours: '在企业微信里建立部门' },
  'unit-unknown': { label: '部门不在本校名单', kind: 'department', ours: '在企业微信里删除部门（部门必须是空的）' },
} as const satisfies Record<string, Meaning>

export type DifferenceField = keyof typeof differenceFields
export type Decision = 'ours' | 'theirs' | 'ignore' | 'reopen'

export const fieldNames: readonly DifferenceField[] = Object.keys(differenceFields).filter(isDifferenceField)

export function isDifferenceField(word: string): word is DifferenceField {
  return Object.hasOwn(differenceFields, word)
}

/** Those that reading a member's page finds; the others come from walks of their own. */
export const comparedFields: readonly DifferenceField[] = ['name', 'department', 'position', 'leader', 'direct_leader', 'enable', 'unknown', 'hidden', 'missing']

/** What may be decided about a field, by what is set up. */
export function decisionsFor(field: DifferenceField, { writes }: { writes: boolean }): Decision[] {
  const meaning: Meaning = differenceFields[field]
  return [...(meaning.ours !== null && writes ? ['ours' as const] : []), ...(meaning.theirs !== undefined ? ['theirs' as const] : []), 'ignore']
}

export const decisionLabels: Readonly<Record<Decision, string>> = { ours: '以本校为准', theirs: '以企业微信为准', ignore: '忽略', reopen: '恢复' }

/** A difference that was found: what it is about, and what both sides say. */
export type Found = { subject: string; field: DifferenceField; number: string | null; name: string; ours: string | null; theirs: string | null; problem?: string | null }

export const memberSubject = (key: string): string => `m:${key}`
export const departmentSubject = (id: number): string => `d:${id}`
export const unitSubject = (id: string): string => `u:${id}`

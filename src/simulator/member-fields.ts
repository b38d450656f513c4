import { fold, newMember, type Corp } from './corp.ts'
import { WecomError } from './errors.ts'
import { bytes, read, type Of } from './shape.ts'
import type { Limits, Member } from './types.ts'

export const memberShape = {
  userid: 'text', name: 'text', alias: 'text', mobile: 'text', email: 'text', biz_mail: 'text', department: ['number'], order: ['number'],
  main_department: 'number', is_leader_in_dept: ['number'], direct_leader: ['text'], position: 'text', gender: 'text', telephone: 'text',
  address: 'text', avatar_mediaid: 'text', enable: 'number', extattr: 'any', to_invite: 'flag', new_userid: 'text', nickname: 'text',
  external_position: 'text', external_profile: 'any', biz_mail_alias: 'any',
} as const
export type MemberFields = Of<typeof memberShape>

function plainPhone(phone: string): string {
  return phone.replace(/^\+86/, '').replaceAll('-', '')
}

/** A mobile is the same with and without +86. */
export function samePhone(one: string, other: string): boolean {
  return one !== '' && plainPhone(one) === plainPhone(other)
}

type Rule = { code: number; names: keyof MemberFields; broken(fields: MemberFields, corp: Corp): boolean }

function over(text: string | undefined, max: number): boolean {
  return text !== undefined && [...text].length > max
}

function mailWrong(mail: string | undefined): boolean {
  return mail !== undefined && mail !== '' && (bytes(mail) < 6 || bytes(mail) > 64 || !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(mail))
}

function listMismatch(list: number[] | undefined, fields: MemberFields): boolean {
  return list !== undefined && fields.department !== undefined && list.length !== fields.department.length
}

/** The limits of §3.2, one row each, in the order in which they are told. */
const rules: Rule[] = [
  { code: 60112, names: 'name', broken: (f) => f.name !== undefined && (f.name.trim() === '' || over(f.name, 64)) },
  { code: 40058, names: 'alias', broken: (f) => over(f.alias, 64) },
  { code: 60103, names: 'mobile', broken: (f) => f.mobile !== undefined && f.mobile !== '' && !/^\+?[0-9-]{5,31}$/.test(f.mobile) },
  { code: 60105, names: 'email', broken: (f) => mailWrong(f.email) },
  { code: 60105, names: 'biz_mail', broken: (f) => mailWrong(f.biz_mail) },
  { code: 60110, names: 'department', broken: (f) => (f.department?.length ?? 0) > 20 },
  { code: 60123, names: 'department', broken: (f) => f.department?.some((id) => !Number.isInteger(id) || id < 0) ?? false },
  { code: 40058, names: 'order', broken: (f) => listMismatch(f.order, f) },
  { code: 40058, names: 'order', broken: (f) => f.order?.some((n) => n < 0 || n >= 2 ** 32) ?? false },
  { code: 60132, names: 'is_leader_in_dept', broken: (f) => listMismatch(f.is_leader_in_dept, f) },
  { code: 40058, names: 'main_department', broken: (f) => f.main_department !== undefined && f.department !== undefined && !f.department.includes(f.main_department) },
  { code: 60257, names: 'direct_leader', broken: (f) => (f.direct_leader?.length ?? 0) > 1 },
  { code: 60111, names: 'direct_leader', broken: (f, corp) => f.direct_leader?.some((id) => !corp.find(id)) ?? false },
  { code: 40058, names: 'position', broken: (f) => over(f.position, 128) },
  { code: 40058, names: 'gender', broken: (f) => f.gender !== undefined && !['1', '2'].includes(f.gender) },
  { code: 40058, names: 'telephone', broken: (f) => over(f.telephone, 32) },
  { code: 40058, names: 'address', broken: (f) => over(f.address, 128) },
]

function taken(corp: Corp, fields: MemberFields, self: string): void {
  for (const other of corp.members.values()) {
    if (fold(other.userid) === fold(self)) continue
    if (fields.mobile && samePhone(other.mobile, fields.mobile)) throw new WecomError(60104, '', { userid: other.userid })
    if (fields.email && fold(other.email) === fold(fields.email)) throw new WecomError(60106)
  }
}

function checkRoom(corp: Corp, departments: readonly number[], { membersPerDepartment }: Limits, self?: Member): void {
  const full = departments.some((id) => !self?.department.includes(id) && corp.inDepartment(id).length >= membersPerDepartment)
  if (full) throw new WecomError(81001)
}

function check(corp: Corp, fields: MemberFields, self: string): void {
  const broken = rules.find((rule) => rule.broken(fields, corp))
  if (broken) throw new WecomError(broken.code, broken.names)
  taken(corp, fields, self)
}

/** Unknown departments land in 其他（待设置部门）: the platform makes them there and says so. */
function placeDepartments(corp: Corp, wanted: number[] | undefined): { ids: number[]; made: { id: number; name: string }[] } {
  const ids = wanted === undefined || wanted.length === 0 || wanted.includes(0) ? [unsorted(corp)] : wanted
  const made = ids.filter((id) => !corp.departments.has(id)).map((id) => {
    const department = { id, name: `待设置部门 ${id}`, parentid: unsorted(corp) }
    corp.departments.set(id, department)
    return { id, name: department.name }
  })
  return { ids, made }
}

function unsorted(corp: Corp): number {
  const name = '其他（待设置部门）'
  for (const department of corp.departments.values()) if (department.name === name) return department.id
  const id = Math.max(...corp.departments.keys()) + 1
  corp.departments.set(id, { id, name, parentid: 1 })
  return id
}

const copied = [
  'name', 'alias', 'mobile', 'email', 'biz_mail', 'order', 'is_leader_in_dept', 'direct_leader', 'main_department', 'position', 'gender',
  'telephone', 'address', 'extattr',
] as const

function assign(member: Member, fields: MemberFields): void {
  for (const key of copied) if (fields[key] !== undefined) Object.assign(member, { [key]: fields[key] })
  if (fields.enable !== undefined) member.status = fields.enable === 0 ? 2 : member.status === 2 ? (member.joined ? 1 : 4) : member.status
}

const userIdRule = /^[0-9A-Za-z][0-9A-Za-z_\-@.]{0,63}$/

/** user/create. The new member is not active (4) until he joins. */
export function createMember(corp: Corp, body: unknown, limits: Limits): { member: Member; made: { id: number; name: string }[] } {
  const fields = read(memberShape, body)
  const userid = fields.userid ?? ''
  if (userid === '') throw new WecomError(41009)
  if (!userIdRule.test(userid)) throw new WecomError(40003, 'userid')
  if (corp.find(userid)) throw new WecomError(60102)
  if (fields.name === undefined) throw new WecomError(60112, 'name')
  if (!fields.mobile && !fields.email) throw new WecomError(60129)
  check(corp, fields, userid)
  if (corp.members.size >= limits.accounts) throw new WecomError(45024)
  const { ids, made } = placeDepartments(corp, fields.department)
  checkRoom(corp, ids, limits)
  const member = newMember({ userid, name: fields.name, department: ids, label: '新成员', status: 4 })
  assign(member, fields)
  corp.add(member)
  return { member, made }
}

/** user/update: only what is given changes; the mobile of an active member silently does not. */
export function updateMember(corp: Corp, body: unknown, limits: Limits): Member {
  const fields = read(memberShape, body)
  if (!fields.userid) throw new WecomError(41009)
  const member = corp.find(fields.userid)
  if (!member) throw new WecomError(60111)
  if (fields.new_userid !== undefined) checkRename(corp, member, fields.new_userid)
  check(corp, { department: member.department, ...fields }, member.userid)
  const kept = member.status === 1 ? { ...fields, mobile: undefined } : fields
  if (fields.department !== undefined) {
    const { ids } = placeDepartments(corp, fields.department)
    checkRoom(corp, ids, limits, member)
    corp.moved()
    const zeros = ids.map(() => 0)
    Object.assign(member, { department: ids, order: zeros, is_leader_in_dept: [...zeros], main_department: ids[0] ?? 1 })
  }
  assign(member, kept)
  if (fields.new_userid !== undefined) corp.rename(member.userid, fields.new_userid)
  return member
}

/** Only a userid that the system made, and only once. */
function checkRename(corp: Corp, member: Member, renamed: string): void {
  if (!member.generated) throw new WecomError(301036, 'only a userid made by the system, and only once')
  if (!userIdRule.test(renamed)) throw new WecomError(40003, 'new_userid')
  if (corp.find(renamed)) throw new WecomError(60102)
}

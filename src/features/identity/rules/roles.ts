import type { Right } from '../../../platform/rights.ts'

/** What a grant is for: everything, a department and what is below it, one clearance item, one service. */
export type ScopeKind = 'all' | 'unit' | 'item' | 'service'

const MINUTE = 60_000
/** Phones inside WeCom come back silently; desks in corridors must not stay open. */
const hall = { idle: 120 * MINUTE, absolute: 720 * MINUTE }
/** Whoever decides about others comes back sooner. */
const console = { idle: 30 * MINUTE, absolute: 720 * MINUTE }

export type Limits = { readonly idle: number; readonly absolute: number }

type Definition = {
  label: string
  /** what it is for, in one sentence */
  purpose: string
  rights: readonly Right[]
  /** what it may be granted for; empty where it is nobody's to grant */
  scopes: readonly ScopeKind[]
  /** of a session, in milliseconds */
  limits: Limits
  /** asked before the console opens */
  secondFactor: boolean
}

/** The roles as data. Guards go by the rights, approver rules by the key, rosters by the label. */
export const roles = {
  student: { label: '学生', purpose: '办理自己的事项。跟随在读学号，不用授予', rights: [], scopes: [], limits: hall, secondFactor: false },
  staff: { label: '教职工', purpose: '办理自己的事项和收到的待办。跟随在职工号，不用授予', rights: [], scopes: [], limits: hall, secondFactor: false },
  tutor: { label: '辅导员', purpose: '审批所带学生的申请', rights: [], scopes: ['all', 'unit'], limits: hall, secondFactor: false },
  approver: { label: '审批人', purpose: '审批一个部门或一个事项的申请', rights: [], scopes: ['all', 'unit', 'service'], limits: hall, secondFactor: false },
  clerk: { label: '离校节点办理人', purpose: '确认毕业生办完了本环节的离校手续', rights: [], scopes: ['all', 'unit', 'item'], limits: hall, secondFactor: false },
  'photo-reviewer': { label: '照片审核员', purpose: '审核毕业生上传的照片', rights: [], scopes: ['all', 'unit'], limits: hall, secondFactor: false },
  operator: {
    label: '现场工作人员', purpose: '当面核实本人以后，帮助重置密码、解除绑定', rights: ['console.open', 'people.read', 'accounts.help'],
    scopes: ['all', 'unit'], limits: console, secondFactor: true,
  },
  'help-desk': {
    // A ticket says who asks and whether the roster knows them; whoever looks further into people is an operator.
    label: '客服', purpose: '答复登录不了或办事遇到困难的人', rights: ['console.open', 'tickets.answer'],
    scopes: ['all'], limits: console, secondFactor: true,
  },
  'service-owner': {
    label: '事项负责人', purpose: '照看一个部门或一个事项的申请：查看进展、改派、暂停、恢复和终止，跟进评价', rights: ['console.open', 'cases.manage', 'cases.people', 'ratings.follow'],
    scopes: ['all', 'unit', 'service'], limits: console, secondFactor: true,
  },
  registrar: {
    label: '教务员', purpose: '审批学籍类申请；全校范围的还管理证明文件和成绩', rights: ['console.open', 'people.read', 'documents.manage', 'grades.import'],
    scopes: ['all', 'unit'], limits: console, secondFactor: true,
  },
  finance: { label: '财务人员', purpose: '查看缴费订单，办理退款，处理对账差异', rights: ['console.open', 'payments.manage'], scopes: ['all'], limits: console, secondFactor: true },
  admin: {
    label: '系统管理员', purpose: '让系统运行：名单、通讯录、事项、后台作业和设置',
    rights: ['console.open', 'people.read', 'roster.import', 'groups.manage', 'contacts.sync', 'applications.read', 'ratings.follow', 'cases.manage', 'cases.override', 'services.manage', 'connections.manage', 'api.manage', 'hall.manage', 'documents.manage', 'grades.import', 'jobs.run'],
    scopes: ['all'], limits: console, secondFactor: true,
  },
  security: {
    label: '安全管理员', purpose: '管人的权限：角色、账号、二次验证和查看完整的个人信息', rights: ['console.open', 'people.read', 'people.reveal', 'accounts.help', 'roles.grant', 'factors.reset'],
    scopes: ['all'], limits: console, secondFactor: true,
  },
  audit: { label: '审计管理员', purpose: '查看谁在什么时候做了什么，不做别的', rights: ['console.open', 'audit.read'], scopes: ['all'], limits: console, secondFactor: true },
} as const satisfies Record<string, Definition>

export type Role = keyof typeof roles

/** Nobody holds two of these: who keeps the system running, who gives rights, and who checks both. */
export const administrators: readonly Role[] = ['admin', 'security', 'audit']

/** Who is here and holds each of the administrators' roles now. */
export type Administrators = ReadonlyMap<string, ReadonlySet<string>>

/** Of each administrators' role the last holder stays: who could give it back, run the system or check both would be gone. The role of these that nobody else holds; null where there is none. */
export function lastOf(held: Administrators, person_id: string, of: readonly string[] = administrators): string | null {
  return of.find(role => held.get(role)?.size === 1 && held.get(role)?.has(person_id)) ?? null
}

export type Scope = { scope_kind: ScopeKind; /** '' for everything */ scope_id: string }

export const EVERYTHING: Scope = { scope_kind: 'all', scope_id: '' }

/** In a roster a role is for a department or, with this, for all. */
export const WHOLE_UNIVERSITY = ''

/** A roster's scope. */
export function scopeOf(unit_id: string): Scope {
  return unit_id === WHOLE_UNIVERSITY ? EVERYTHING : { scope_kind: 'unit', scope_id: unit_id }
}

export function isScopeKind(word: string): word is ScopeKind {
  return ['all', 'unit', 'item', 'service'].includes(word)
}

/** Rights whose pages show no more than the grant's scope; any other right comes with a grant for everything alone. */
const NARROW: readonly Right[] = ['console.open', 'people.read', 'accounts.help', 'ratings.follow', 'cases.manage', 'cases.people']

export function isRole(word: string): word is Role {
  return Object.hasOwn(roles, word)
}

const definitionOf = (role: string): Definition | undefined => (isRole(role) ? roles[role] : undefined)

/** As a phrase; a word that is no role stays as it is. */
export function roleLabel(role: string): string {
  return definitionOf(role)?.label ?? role
}

export type Reach = { everything: boolean; /** departments, with what is below them */ units: readonly string[]; /** keys */ services: readonly string[] }

/** How far the right goes with these grants. */
export function reachOf(grants: readonly (Scope & { role: string })[], right: Right): Reach {
  const bringing = grants.filter(({ role }) => definitionOf(role)?.rights.includes(right))
  const of = (kind: ScopeKind) => NARROW.includes(right) ? bringing.filter(({ scope_kind }) => scope_kind === kind).map(({ scope_id }) => scope_id) : []
  return { everything: bringing.some(({ scope_kind }) => scope_kind === 'all'), units: of('unit'), services: of('service') }
}

/** The strictest limits of these roles, the kind of the number among them. */
export function limitsOf(held: readonly string[]): Limits {
  const limits = held.flatMap(role => definitionOf(role)?.limits ?? [])
  return { idle: Math.min(hall.idle, ...limits.map(each => each.idle)), absolute: Math.min(hall.absolute, ...limits.map(each => each.absolute)) }
}

/** Does one of these roles ask for a second factor before the console opens? */
export function asksSecondFactor(held: readonly string[]): boolean {
  return held.some(role => definitionOf(role)?.secondFactor === true)
}

/** The roles that can be granted, in the order of the table. */
export const grantable: readonly Role[] = Object.keys(roles).filter(isRole).filter(role => roles[role].scopes.length > 0)

/** May the role be granted for this kind of scope? */
export function mayCover(role: Role, kind: ScopeKind): boolean {
  const { scopes }: Definition = roles[role]
  return scopes.includes(kind)
}

/** The other administrator's role that somebody holds who is to have this one; null where there is none. */
export function clashWith(role: string, held: readonly string[]): string | null {
  if (!administrators.some(each => each === role)) return null
  return held.find(other => other !== role && administrators.some(each => each === other)) ?? null
}

/** What these grants allow; a grant for less than everything brings only the rights whose pages keep to its scope. */
export function rightsOf(grants: readonly { role: string; scope_kind: ScopeKind }[]): readonly Right[] {
  return [...new Set(grants.flatMap(({ role, scope_kind }) => {
    const rights = definitionOf(role)?.rights ?? []
    return scope_kind === 'all' ? rights : rights.filter(right => NARROW.includes(right))
  }))]
}

/** `教务员` is for the person's own department, `教务员(全校)` for all of it; null where no role is meant. Administrators are always for all. */
export function readRole(word: string): { role: Role; whole: boolean } | null {
  const found = /^(.+?)(?:\((全校)\))?$/.exec(word.normalize('NFKC').replace(/\s/g, ''))
  const role = grantable.find(key => roles[key].label === found?.[1])
  return role === undefined ? null : { role, whole: found?.[2] !== undefined || !mayCover(role, 'unit') }
}

/** Does the roster's word mean an administrators' role? */
export function namesAdministrator(word: string): boolean {
  const read = readRole(word)
  return read !== null && administrators.includes(read.role)
}

type Unit = { id: string; parent_id: string | null }

/** The unit and those above it, nearest first; safe against circles that an import could not have made. */
export function upwards(units: ReadonlyMap<string, Unit>, unit_id: string): string[] {
  const path: string[] = []
  for (let at: string | null = unit_id; at !== null && !path.includes(at); at = units.get(at)?.parent_id ?? null) path.push(at)
  return path
}

/** The unit and everything below it. */
export function downwards(units: ReadonlyMap<string, Unit>, unit_id: string): string[] {
  return [...units.keys()].filter(id => upwards(units, id).includes(unit_id))
}

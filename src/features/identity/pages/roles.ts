import { schoolTime } from '../../../platform/dates.ts'
import type { T } from '../../../platform/text.ts'
import type { ScopePlace } from '../deps.ts'
import type { GrantsTable } from '../grant-tables.ts'
import { endsSoon, stateOf } from '../rules/grants.ts'
import { grantable, isScopeKind, mayCover, type Role, roleLabel, roles, type Scope } from '../rules/roles.ts'
import type { ListedGrant } from '../store/roles.ts'
import type { Person } from '../store/people.ts'
import type { Unit } from '../store/units.ts'

/** What scopes are called. */
export type Names = { units: readonly Unit[]; places: readonly ScopePlace[] }

const PLACE_WORDS = { item: '离校环节：{name}', service: '事项：{name}' } as const

export function scopeWords(t: T, { scope_kind, scope_id }: Scope, { units, places }: Names): string {
  if (scope_kind === 'all') return t('全校')
  if (scope_kind === 'unit') return units.find(unit => unit.id === scope_id)?.name ?? t('已撤销的部门')
  const name = places.find(place => place.kind === scope_kind && place.id === scope_id)?.name
  return t(PLACE_WORDS[scope_kind], { name: name === undefined ? scope_id : t(name) })
}

/** `unit:ID` as a form's field says it; null where it is no scope. */
export function readScope(word: string): Scope | null {
  const [kind = '', ...rest] = word.split(':')
  const scope_id = rest.join(':')
  return isScopeKind(kind) && (kind === 'all') === (scope_id === '') ? { scope_kind: kind, scope_id } : null
}

const writeScope = ({ scope_kind, scope_id }: Scope) => (scope_kind === 'all' ? 'all' : `${scope_kind}:${scope_id}`)

function scopeOptions(t: T, { units, places }: Names) {
  const scopes: Scope[] = [
    { scope_kind: 'all', scope_id: '' }, ...units.map(({ id }): Scope => ({ scope_kind: 'unit', scope_id: id })), ...places.map(({ kind, id }): Scope => ({ scope_kind: kind, scope_id: id })),
  ]
  return scopes.map(scope => ({ value: writeScope(scope), text: scopeWords(t, scope, { units, places }) }))
}

const SCOPE_WORDS = { all: '全校', unit: '部门', item: '离校环节', service: '事项' } as const

/** What a role is for and how far it may go, beside its choice. */
function roleHelp(t: T, role: Role): string {
  const kinds = (['all', 'unit', 'item', 'service'] as const).filter(kind => mayCover(role, kind)).map(kind => t(SCOPE_WORDS[kind]))
  return t('{purpose}。范围：{scopes}', { purpose: t(roles[role].purpose), scopes: kinds.join(t('、')) })
}

export function periodWords(t: T, { starts_at, ends_at, ended_at }: Pick<GrantsTable, 'starts_at' | 'ends_at' | 'ended_at'>, now: number): string {
  const day = (at: number) => schoolTime(at).date
  if (ended_at !== null) return t('{from} 至 {until}', { from: day(starts_at), until: day(ended_at) })
  const until = ends_at === null ? t('长期') : t('到 {day} 为止', { day: day(ends_at - 1) })
  return starts_at > now ? t('从 {day} 起，{until}', { day: day(starts_at), until }) : until
}

type Shown = { t: T; names: Names; people: ReadonlyMap<string, string>; now: number; rosters: string }

/** Who gave it and why, in one line. */
function originWords({ t, people, rosters }: Shown, { source, granted_by, reason }: GrantsTable): string {
  if (source === 'roster') return rosters
  const who = people.get(granted_by ?? '')
  return who ? t('{who} 授予：{reason}', { who, reason: reason ?? '' }) : (reason ?? '')
}

export function grantCell(shown: Shown, grant: GrantsTable) {
  const { t, names, now } = shown
  const state = stateOf(grant, now)
  return {
    id: grant.id, title: `${t(roleLabel(grant.role))}（${scopeWords(t, grant, names)}）`, note: [periodWords(t, grant, now), originWords(shown, grant)].filter(Boolean).join(' · '),
    over: state === 'over', tag: tagOf(t, grant, now),
  }
}

function tagOf(t: T, grant: GrantsTable, now: number) {
  const state = stateOf(grant, now)
  if (state === 'over') return { text: t('已结束'), meaning: 'grey' }
  if (state === 'coming') return { text: t('还没开始'), meaning: 'blue' }
  return endsSoon(grant, now) ? { text: t('快到期'), meaning: 'amber' } : undefined
}

export type GrantForm = { role?: string; scope?: string; from?: string; until?: string; reason?: string }

export function grantPage({ t, person, form, names, errors, today }: { t: T; person: Person; form: GrantForm; names: Names; errors: Record<string, string>; today: string }) {
  return {
    title: t('授予角色'), lead: `${person.name} ${person.number} · ${person.unit_name}`, back: { label: person.name, href: `/admin/people/${person.id}` }, errors, action: `/admin/people/${person.id}/grants`,
    role: { name: 'role', label: t('角色'), type: 'radio', required: true, value: form.role, error: errors['role'], options: grantable.map(role => ({ value: role, text: t(roleLabel(role)), help: roleHelp(t, role) })) },
    scope: { name: 'scope', label: t('范围'), type: 'select', required: true, value: form.scope ?? 'all', error: errors['scope'], options: scopeOptions(t, names), help: t('部门包括它下面的部门') },
    from: { name: 'from', label: t('从哪天起'), type: 'date', value: form.from ?? today, min: today, error: errors['from'] },
    until: { name: 'until', label: t('到哪天为止'), type: 'date', value: form.until, min: today, error: errors['until'], help: t('不填就是长期。临时的工作请填，到期会自动收回') },
    reason: { name: 'reason', label: t('原因'), type: 'textarea', rows: 2, required: true, value: form.reason, maxlength: 200, error: errors['reason'], help: t('会留在记录里，例如“接替张老师负责文学院教务”') },
  }
}

type Question = { t: T; grant: GrantsTable; person: Person; names: Names; now: number; form: { until?: string; reason?: string }; errors: Record<string, string> }

const reasonField = (t: T, form: { reason?: string }, errors: Record<string, string>) => ({ label: t('原因'), required: true, value: form.reason, maxlength: 200, error: errors['reason'] })

export function endPage({ t, grant, person, names, form, errors }: Question) {
  const what = { name: person.name, role: t(roleLabel(grant.role)), scope: scopeWords(t, grant, names) }
  return {
    title: t('收回角色'), heading: false, errors,
    confirm: {
      title: t('收回角色'), sentence: t('{name} 的“{role}（{scope}）”会立即收回，正在打开的页面下一步就不能用了', what), danger: true,
      effects: [t('已经分派给这个人的待办不会消失，需要时可以转交给别人')],
      action: `/admin/grants/${grant.id}/end`, label: t('收回角色'), back: `/admin/people/${person.id}`, reason: reasonField(t, form, errors),
    },
  }
}

export function renewalPage({ t, grant, person, names, now, form, errors }: Question) {
  return {
    title: t('修改期限'), lead: `${person.name} · ${t(roleLabel(grant.role))}（${scopeWords(t, grant, names)}）`, back: { label: person.name, href: `/admin/people/${person.id}` }, errors,
    action: `/admin/grants/${grant.id}/renewal`, present: t('现在：{period}', { period: periodWords(t, grant, now) }),
    until: { name: 'until', label: t('到哪天为止'), type: 'date', value: form.until, min: schoolTime(now).date, error: errors['until'], help: t('不填就是长期') },
    reason: { name: 'reason', type: 'textarea', rows: 2, ...reasonField(t, form, errors) },
  }
}

export type RolesFilter = { role?: string; unit?: string; soon?: string; after?: string }

type List = { t: T; rows: readonly ListedGrant[]; next: string | null; counts: ReadonlyMap<string, number>; names: Names; query: RolesFilter; now: number }

/** Who holds what. */
export function rolesPage({ t, rows, next, counts, names, query, now }: List) {
  const filtered = Boolean(query.role || query.unit || query.soon)
  const address = (after: string) => `?${new URLSearchParams(Object.entries({ ...query, after }).filter(([, value]) => value))}`
  return {
    title: t('角色'), lead: t('谁在什么范围、到什么时候为止能做什么。要授予角色，请从“人员”里打开那个人'), filtered, empty: filtered ? t('没有符合条件的授权') : t('还没有授予任何角色'),
    filters: {
      action: '/admin/roles', target: 'grants', ...(filtered && { clear: '/admin/roles' }),
      fields: [
        { name: 'role', label: t('角色'), type: 'select', value: query.role, options: grantable.map(role => ({ value: role, text: t('{role}（{n}）', { role: t(roleLabel(role)), n: counts.get(role) ?? 0 }) })) },
        { name: 'unit', label: t('所在部门'), type: 'select', value: query.unit, options: names.units.map(({ id, name }) => ({ value: id, text: name })) },
        { name: 'soon', label: t('期限'), type: 'select', value: query.soon, options: [{ value: '1', text: t('14 天内到期') }] },
      ],
    },
    purpose: query.role ? roleHelpOf(t, query.role) : undefined,
    rows: rows.map(grant => ({
      id: grant.id, href: `/admin/people/${grant.person_id}`,
      cells: {
        name: { text: `${grant.name} ${grant.number}`, href: `/admin/people/${grant.person_id}` }, unit: grant.unit_name, role: t(roleLabel(grant.role)), scope: scopeWords(t, grant, names),
        period: periodCell(t, grant, now), granted: { text: '', time: grant.granted_at },
      },
    })),
    first: query.after ? address('') : undefined, next: next === null ? undefined : address(next),
  }
}

function periodCell(t: T, grant: GrantsTable, now: number) {
  const tag = tagOf(t, grant, now)
  return tag ? { text: '', tag, note: periodWords(t, grant, now) } : periodWords(t, grant, now)
}

function roleHelpOf(t: T, role: string): string {
  const known = grantable.find(each => each === role)
  return known ? roleHelp(t, known) : ''
}

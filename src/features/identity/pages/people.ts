import type { EventRow } from '../../../platform/events.ts'
import type { EventLabel } from '../../../platform/feature.ts'
import { can } from '../../../platform/rights.ts'
import type { T } from '../../../platform/text.ts'
import type { SignedIn } from '../../../platform/web.ts'
import { accountLocked, passwordChanged, passwordReset, wecomBound, wecomMoved, wecomUnbound } from '../events.ts'
import { roleEventLabels } from '../events-roles.ts'
import { factorLabels } from '../events-factor.ts'
import type { FactorsTable } from '../factor-tables.ts'
import type { GrantsTable } from '../grant-tables.ts'
import { mayMove } from '../rules/binding.ts'
import { maskEmail, maskPhone } from '../rules/mask.ts'
import { kindLabels, standings } from '../rules/standing.ts'
import type { bindingsOf } from '../store/bindings.ts'
import type { numbersOf, Person } from '../store/people.ts'
import type { Found } from '../store/search.ts'
import type { Unit } from '../store/units.ts'
import { grantCell, type Names } from './roles.ts'

export type Filter = { q?: string; kind?: string; unit?: string; after?: string }

export function peoplePage({ t, person: reader, found, units, query }: { t: T; person: SignedIn; found: Found; units: readonly Unit[]; query: Filter }) {
  const filtered = Boolean(query.q || query.kind || query.unit)
  const next = new URLSearchParams(Object.entries({ ...query, after: found.next ?? '' }).filter(([, value]) => value))
  return {
    title: t('人员'), ...(can(reader, 'roster.import') && { actions: [{ label: t('导入名单'), href: '/admin/import', icon: 'upload', kind: 'main' }] }), imports: can(reader, 'roster.import'),
    empty: filtered ? t('没有符合条件的人') : t('还没有人员'), filtered,
    filters: {
      action: '/admin/people', target: 'people', search: { value: query.q, label: t('姓名、拼音、首字母或学工号') }, ...(filtered && { clear: '/admin/people' }),
      fields: [
        { name: 'kind', label: t('身份'), type: 'select', value: query.kind, options: Object.entries(kindLabels).map(([value, text]) => ({ value, text: t(text) })) },
        { name: 'unit', label: t('部门'), type: 'select', value: query.unit, options: units.map(({ id, name }) => ({ value: id, text: name })) },
      ],
    },
    rows: found.people.map(person => ({
      id: person.id, href: `/admin/people/${person.id}`,
      cells: { name: { text: person.name, href: `/admin/people/${person.id}` }, number: person.number, kind: t(kindLabels[person.kind]), unit: person.unit_name, standing: standingCell(t, person) },
    })),
    first: query.after ? `?${new URLSearchParams(Object.entries({ ...query, after: '' }).filter(([, value]) => value))}` : undefined,
    next: found.next === null ? undefined : `?${next}`,
  }
}

function standingCell(t: T, { standing }: Pick<Person, 'standing'>) {
  const { label, current } = standings[standing]
  return { tag: { text: t(label), meaning: standing === 'suspended' ? 'amber' : current ? 'green' : 'grey' } }
}

type One = {
  t: T
  /** who looks at the page */
  reader: SignedIn
  /** does the hall keep the passwords? */
  passwords: boolean
  person: Person
  leader: Person | null
  numbers: Awaited<ReturnType<typeof numbersOf>>
  bindings: Awaited<ReturnType<typeof bindingsOf>>
  /** held now or to come, then what was once held */
  grants: readonly GrantsTable[]
  past: readonly GrantsTable[]
  groups: readonly { name: string }[]
  names: Names
  /** the names of who granted */
  granters: ReadonlyMap<string, string>
  phone: string | null
  events: readonly EventRow[]
  labels: Readonly<Record<string, EventLabel>>
  factor: FactorsTable | null
  now: number
}

export function personPage({ t, reader, passwords, person, leader, numbers, bindings, grants, past, groups, names, granters, phone, events, labels, factor, now }: One) {
  const shown = { t, names, people: granters, now, rosters: t('来自名单') }
  return {
    title: person.name, back: { label: t('人员'), href: '/admin/people' }, id: person.id, helps: can(reader, 'accounts.help'), passwords, moves: can(reader, 'accounts.help') && mayMove(reader.person_id, [person.id]), grants: can(reader, 'roles.grant'), factor: can(reader, 'factors.reset') && factor !== null,
    reveals: can(reader, 'people.reveal'),
    facts: [
      { label: t('学工号'), value: person.number }, { label: t('英文姓名'), value: person.name_en },
      { label: t('身份'), value: t(kindLabels[person.kind]) }, { label: t('部门'), value: person.unit_name },
      { label: t('岗位'), value: person.title }, ...(leader ? [{ label: person.kind === 'student' ? t('辅导员') : t('直接上级'), value: leader.name, href: `/admin/people/${leader.id}` }] : []),
      ...(groups.length > 0 ? [{ label: t('工作组'), value: groups.map(group => group.name).join(t('、')) }] : []),
      { label: t('手机号'), value: phone === null ? undefined : maskPhone(phone) }, { label: t('电子邮箱'), value: person.email === null ? undefined : maskEmail(person.email) },
    ],
    numbers: numbers.map(each => ({
      number: each.number, bound: bindings.find(binding => binding.number === each.number && binding.ended_at === null)?.userid ?? null,
      cells: { number: each.number, standing: standingCell(t, each), unit: each.unit_name, study: [each.level, each.major, each.class_name, each.title].filter(Boolean).join(' · '), period: [each.entered_on, each.ends_on].filter(Boolean).join(' – ') },
    })),
    roles: grants.map(grant => grantCell(shown, grant)), past: can(reader, 'roles.grant') ? past.map(grant => grantCell(shown, grant)) : [],
    events: (can(reader, 'audit.read') ? events : events.filter(({ name }) => can(reader, 'roles.grant') && RIGHTS.includes(name))).toReversed().slice(0, 50).map(({ name, data, at }) => ({ title: t(labels[name]?.text ?? name, wordsOf(t, data, labels[name])), at, tone: labels[name]?.tone })),
  }
}

/** What who grants rights reads of a person's record; the whole of it is the auditor's. */
const RIGHTS: readonly string[] = [...Object.keys(roleEventLabels), ...Object.keys(factorLabels), passwordChanged.name, passwordReset.name, accountLocked.name, wecomBound.name, wecomMoved.name, wecomUnbound.name]

function wordsOf(t: T, data: Record<string, unknown>, label: EventLabel | undefined): Record<string, string> {
  const phrases = Object.entries(label?.words?.(data) ?? {}).map(([key, phrase]) => [key, t(phrase)])
  return Object.fromEntries([...Object.entries(data).map(([key, value]) => [key, String(value)]), ...phrases])
}

const QUESTIONS = {
  'unbinding': { title: '解除绑定', sentence: '学工号 {number} 和企业微信的绑定会解除，这个学工号在所有设备上的登录立即结束。申请和待办不会丢' },
  'password-reset': { title: '恢复初始密码', sentence: '学工号 {number} 的密码会变回初始密码，登录后必须修改，这个学工号在所有设备上的登录立即结束。初始密码 3 天内有效，请先核实本人身份，并提醒本人尽快登录' },
} as const

/** Asks before what cannot be taken back; `reason`: what was written, or why that will not do. */
export function questionPage(t: T, { id, number, act, reason = {} }: { id: string; number: string; act: keyof typeof QUESTIONS; reason?: { value?: string; error?: string } }) {
  const { title, sentence } = QUESTIONS[act]
  const confirm = { title: t(title), sentence: t(sentence, { number }), danger: true, action: `/admin/people/${id}/${act}`, label: t(title), back: `/admin/people/${id}`, hidden: { number }, ...(act === 'password-reset' && { reason: { required: true, maxlength: 200, rows: 2, help: t('写明怎样核实了本人，会留在记录里'), ...reason } }) }
  return { title: t(title), heading: false, confirm }
}

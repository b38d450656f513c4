import { schoolTime } from '../../../platform/dates.ts'
import type { T } from '../../../platform/text.ts'
import type { Unit } from '../../identity/index.ts'
import { type Client, type Faults, OVERLAPS, type State, stateOf, type Typed } from '../rules.ts'
import type { Token } from '../tables.ts'

/** What the form can choose from. */
export type Choices = { scopes: Readonly<Record<string, string>>; kinds: readonly { kind: string; title: string }[]; units: readonly Unit[] }

const STATES: Record<State, { text: string; meaning: string }> = {
  current: { text: '可用', meaning: 'green' }, 'ends-soon': { text: '快要到期', meaning: 'amber' }, over: { text: '已到期', meaning: 'grey' }, ended: { text: '已停用', meaning: 'grey' },
}

function tagOf(client: Client, now: number, t: T) {
  const { text, meaning } = STATES[stateOf(client, now)]
  return { text: t(text), meaning }
}

/** `today`: calls of this day, by client. */
export function listPage(clients: readonly Client[], { units, today, now, t }: { units: readonly Unit[]; today: ReadonlyMap<string, number>; now: number; t: T }) {
  const nameOf = new Map(units.map(({ id, name }) => [id, name]))
  return {
    title: t('接口'), lead: t('学校的其他系统用令牌调用大厅：核验文件、代学生开具文件'),
    actions: [{ label: t('接口说明'), href: '/api/v1/docs' }, { label: t('开通接口'), href: '/admin/api/new', kind: 'main' }],
    rows: clients.map(client => ({ id: client.id, href: `/admin/api/${client.id}`, cells: {
      name: { text: client.name, note: nameOf.get(client.unit_id) ?? '' },
      today: t('调用 {n} 次', { n: today.get(client.id) ?? 0 }),
      used: client.last_used_at ? { text: '', time: client.last_used_at } : t('没有用过'),
      until: dayBefore(client.expires_at),
      state: { text: '', tag: tagOf(client, now, t) },
    } })),
  }
}

/** The last day that counts whole. */
function dayBefore(at: number): string {
  return schoolTime(at - 1).date
}

export function typedOf({ name, unit_id, contact, ground, scopes, kinds, units, per_minute, per_day, expires_at }: Client): Typed {
  return { name, unit: unit_id, contact, ground, scopes, kinds, units, per_minute: String(per_minute), per_day: String(per_day), until: dayBefore(expires_at) }
}

/** A new client: limits that an office's system does not reach by itself, and a year. */
export function emptyTyped(now: number): Typed {
  return { name: '', unit: '', contact: '', ground: '', scopes: [], kinds: [], units: [], per_minute: '60', per_day: '5000', until: dayBefore(now + 365 * 86_400_000) }
}

type Form = { typed: Typed; client: Client | null; faults: Faults; choices: Choices; t: T }

function fieldsOf({ typed, faults, choices, t }: Form) {
  const field = (name: keyof Typed, rest: Record<string, unknown>) => ({ name, value: typed[name], error: errorsOf(faults, t)[name], ...rest })
  return [
    field('name', { label: t('名称'), required: true, maxlength: 40, help: t('学生会看到，如“就业信息系统”') }),
    field('unit', { label: t('使用的部门'), type: 'select', required: true, options: choices.units.map(({ id, name }) => ({ value: id, text: name })) }),
    field('contact', { label: t('联系人'), required: true, maxlength: 200, help: t('出问题时找谁：姓名和电话') }),
    field('ground', { label: t('依据'), type: 'textarea', rows: 2, required: true, maxlength: 500, help: t('凭什么处理学生的信息：职责的规定，或者学生签署的协议') }),
    field('scopes', { label: t('可以做什么'), type: 'checkbox', required: true, options: Object.entries(choices.scopes).map(([value, label]) => ({ value, text: t(label), help: value })) }),
    field('kinds', { label: t('可以开具的文件'), type: 'checkbox', long: true, options: choices.kinds.map(({ kind, title }) => ({ value: kind, text: t(title) })) }),
    field('units', { label: t('可以为哪些院系的学生开具'), type: 'checkbox', long: true, help: t('包括下级部门；都不选就是全校'), options: choices.units.map(({ id, name }) => ({ value: id, text: name })) }),
    field('per_minute', { label: t('每分钟最多调用'), type: 'number', required: true, min: 1, max: 6000, suffix: t('次调用') }),
    field('per_day', { label: t('每天最多调用'), type: 'number', required: true, min: 1, max: 1_000_000, suffix: t('次调用') }),
    field('until', { label: t('有效期到'), type: 'date', required: true, help: t('到期前两周会提醒管理员') }),
  ]
}

function errorsOf(faults: Faults, t: T): Record<string, string> {
  return Object.fromEntries(Object.entries(faults).map(([name, { sentence, params }]) => [name, t(sentence, params)]))
}

/** The form of a new client, or one that is there with its tokens. `token`: a new one, shown this once. */
export function clientPage(form: Form & { tokens: readonly Token[]; now: number; token?: string | undefined }) {
  const { client, t, now, tokens, token } = form
  const going = tokens.filter(({ ends_at }) => ends_at === null || ends_at > now)
  return {
    title: client ? client.name : t('开通接口'), back: { label: t('接口'), href: '/admin/api' }, errors: errorsOf(form.faults, t), fields: fieldsOf(form), token,
    action: client ? `/admin/api/${client.id}` : '/admin/api', label: t(client ? '保存' : '开通'),
    ...client && {
      id: client.id, state: tagOf(client, now, t), ended: client.ended_at !== null, used: client.last_used_at,
      tokens: going.map(({ id, created_at, ends_at }) => ({
        id, begin: `hall_${id}_…`, created_at, ends_at, stop: `/admin/api/${client.id}/tokens/${id}/end`,
      })),
      overlaps: OVERLAPS.map(hours => ({ value: String(hours), text: hours === 0 ? t('马上作废') : t('{n} 小时以后作废', { n: hours }) })),
    },
  }
}

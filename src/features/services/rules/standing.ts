import { dayParts } from '../../../platform/dates.ts'
import type { T } from '../../../platform/text.ts'
import type { WorkingTime } from '../../../platform/working-time.ts'
import type { ServiceDefinition } from '../catalogue.ts'
import type { Status } from './application.ts'

export type Meaning = 'green' | 'amber' | 'red' | 'grey' | 'blue'
/** A node that somebody holds now. `since`: epoch ms. */
export type Holding = { label: string; names: readonly string[]; since: number }

/** The state of an application in one sentence that a person would say. */
export function standingSentence(t: T, status: Status, facts: { holding: readonly Holding[]; promise: ServiceDefinition['guide']['promise']; now: number; own: boolean; /** by an administrator: nobody can act, and no limit runs */ suspended: boolean; /** a delay that nobody can end */ until?: { label: string; at: number } | undefined }): string {
  if (status !== 'running') return t(facts.own && status === 'returned' ? '已退回，请修改后重新提交' : ENDINGS[status])
  if (facts.suspended) return t('已被管理员暂停，恢复后接着办理')
  const [first] = facts.holding
  if (!first) return facts.until ? t('{label}，到 {month}{day}日 {time}', { label: t(facts.until.label), ...dayParts(t, facts.until.at) }) : t('正在流转')
  const since = Math.min(...facts.holding.map(holding => holding.since))
  const said = { elapsed: elapsed(t, facts.now - since), promise: promised(t, facts.promise) }
  const who = (words: (holding: Holding) => string) => facts.holding.map(words).join(t('、'))
  if (facts.holding.every(holding => holding.label.endsWith('审批'))) return t('等{who} 审批，已 {elapsed}，承诺 {promise}', { who: who(holding => holder(t, holding)), ...said })
  // 用印, 维修, 验收: what is waited for is said by the step itself.
  return t('等{who}，已 {elapsed}，承诺 {promise}', { who: who(holding => t('{label}（{names}）', { label: t(holding.label), names: namesOf(t, holding) })), ...said })
}

/** 承诺时限 as people say it. */
export function promised(t: T, promise: ServiceDefinition['guide']['promise']): string {
  return 'working_days' in promise ? t('{n} 个工作日', { n: promise.working_days }) : t('{n} 个工作小时', { n: promise.working_hours })
}

/** By when (epoch ms) what is sent at `from` is promised to be done. */
export function dueAt({ add, addDays }: Pick<WorkingTime, 'add' | 'addDays'>, promise: ServiceDefinition['guide']['promise'], from: number): number {
  return 'working_days' in promise ? addDays(from, promise.working_days) : add(from, promise.working_hours * 60)
}

/** The end of what stood still from `stopped_at` until `now`: as much working time is left as there was. What was late stays so. */
export function resumedAt({ add, between }: Pick<WorkingTime, 'add' | 'between'>, { due_at, stopped_at, now }: { due_at: number; stopped_at: number; now: number }): number {
  const left = between(stopped_at, due_at)
  return left > 0 ? add(now, left) : due_at
}

/** 约 11月25日前办结; of hours the time too. */
export function dueWords(t: T, promise: ServiceDefinition['guide']['promise'], due: number): string {
  return t('working_days' in promise ? '约 {month}{day}日前办结' : '约 {month}{day}日 {time} 前办结', dayParts(t, due))
}

/** Below so many finished applications, nine of ten of them say nothing. */
const ENOUGH = 10

/** How long it took nine of ten people, from sending to the end. */
export function usualWords(t: T, usual: { finished: number; minutes: number } | undefined): string {
  if (!usual || usual.finished < ENOUGH) return t('还不知道：近一年办结的申请不到 {n} 份', { n: ENOUGH })
  return t('近一年九成的申请在 {time}内办结（含休息日）', { time: upTo(t, usual.minutes) })
}

/** Rounded up: what is promised by experience must hold. */
function upTo(t: T, minutes: number): string {
  if (minutes < 60) return t('{n} 分钟', { n: Math.max(1, minutes) })
  return minutes <= 48 * 60 ? t('{n} 小时', { n: Math.ceil(minutes / 60) }) : t('{n} 天', { n: Math.ceil(minutes / 1440) })
}

/** 3 小时; what has only begun is one minute old. */
export function elapsed(t: T, ms: number): string {
  const minutes = Math.max(1, Math.floor(ms / 60_000))
  if (minutes < 60) return t('{n} 分钟', { n: minutes })
  return minutes < 24 * 60 ? t('{n} 小时', { n: Math.floor(minutes / 60) }) : t('{n} 天', { n: Math.floor(minutes / 1440) })
}

export const STATUS_TAGS: Record<Status, { text: string; meaning: Meaning }> = {
  draft: { text: '未提交', meaning: 'grey' },
  running: { text: '审批中', meaning: 'blue' },
  returned: { text: '已退回', meaning: 'amber' },
  approved: { text: '已通过', meaning: 'green' },
  rejected: { text: '已驳回', meaning: 'red' },
  withdrawn: { text: '已撤回', meaning: 'grey' },
  revoked: { text: '已撤销', meaning: 'grey' },
  ended: { text: '已终止', meaning: 'red' },
}

const ENDINGS: Record<Exclude<Status, 'running'>, string> = {
  draft: '还没有提交', returned: '已退回申请人修改', approved: '审批已通过', rejected: '申请已被驳回', withdrawn: '申请人已撤回', revoked: '通过后已撤销', ended: '审批已被管理员终止',
}

// More names than these are counted: a pool of ten registrars is not read out.
const NAMED = 2

/** A node is called after its office: 辅导员审批 is held by 辅导员 李敏. */
function holder(t: T, holding: Holding): string {
  return t('{office} {people}', { office: t(holding.label.replace(/审批$/, '')), people: namesOf(t, holding) })
}

function namesOf(t: T, { names }: Holding): string {
  const shown = names.slice(0, NAMED).join(t('、'))
  return names.length > NAMED ? t('{names}等 {n} 人', { names: shown, n: names.length }) : shown
}

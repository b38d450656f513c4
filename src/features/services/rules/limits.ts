import { type Static, Type } from 'typebox'
import { schoolInstant, schoolTime } from '../../../platform/dates.ts'
import type { Fault } from '../fields/field.ts'
import type { Status } from './application.ts'

const code = Type.String({ minLength: 1, maxLength: 40 })
/** as 2026-12-01T08:00, in the school's time */
const Instant = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}$' })

/** Who may apply within the audience, how often, how many, and from when until when. */
export const Limits = Type.Object({
  /** departments by their codes, with what is below them */
  units: Type.Optional(Type.Array(code, { minItems: 1, maxItems: 200, uniqueItems: true })),
  /** years of entry: 2024 is 2024 级 */
  entry_years: Type.Optional(Type.Array(Type.Integer({ minimum: 1950, maximum: 2200 }), { minItems: 1, maxItems: 50, uniqueItems: true })),
  /** 学工号 of those who may whatever their department and year */
  numbers: Type.Optional(Type.Array(code, { minItems: 1, maxItems: 2000, uniqueItems: true })),
  /** what is said to all others */
  why: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  once: Type.Optional(Type.Enum(['ever', 'term', 'year'])),
  /** how many one person may have under way */
  at_once: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  /** how many there are for all together, counted since `opens` */
  total: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  opens: Type.Optional(Instant),
  /** the first instant at which it is over */
  closes: Type.Optional(Instant),
}, { additionalProperties: false, minProperties: 1 })
export type Limits = Static<typeof Limits>

/** What stands against applying: in a word, and with what to do. */
export type Stop = { tag: string } & Fault

/** Statuses that hold a place; refused, withdrawn, revoked and ended let go of it. */
export const HOLDING: readonly Status[] = ['running', 'returned', 'approved']

/** `units`: codes from the own department upwards; `own`: what the person sent of this service and holds a place, by when (ms); `taken`: places that all together hold. */
export type Applicant = { number: string; units: readonly string[]; entry_year: number | null; own: readonly { status: Status; submitted_at: number | null }[]; taken: number }

/** Null: nothing. What cannot be changed by waiting comes first. */
export function stopOf(limits: Limits, applicant: Applicant, now: number): Stop | null {
  const { why = '', once, at_once, total, opens, closes } = limits
  const { own, taken } = applicant
  if (!isNamed(limits, applicant)) return { tag: '不在范围', sentence: why }
  if (opens !== undefined && now < instantOf(opens)) return { tag: '未开始', sentence: '{at} 起可以办理，请到时再来', params: { at: words(opens) } }
  if (closes !== undefined && now >= instantOf(closes)) return { tag: '已截止', sentence: '{at} 已经截止。确有需要请联系咨询部门', params: { at: words(closes) } }
  if (once && own.some(({ submitted_at }) => (submitted_at ?? 0) >= periodStart(once, now))) return { tag: '已申请过', sentence: ONCE[once] }
  const open = own.filter(({ status }) => status !== 'approved').length
  if (at_once !== undefined && open >= at_once) return { tag: '有未办完的', sentence: '同时最多办理 {n} 份。请等前面的办完，或撤回不需要的，再提交新的', params: { n: at_once } }
  if (total !== undefined && taken >= total) return { tag: '名额已满', sentence: '{n} 个名额已经用完。有人撤回或没有通过时会空出来，可以过些时候再看', params: { n: total } }
  return null
}

const ONCE = {
  ever: '每人只能办理一次，你已经申请过。进度在“我的办理”里', term: '每人每学期只能办理一次，你本学期已经申请过。进度在“我的办理”里', year: '每人每学年只能办理一次，你本学年已经申请过。进度在“我的办理”里',
}

function isNamed({ units, entry_years, numbers }: Limits, applicant: Applicant): boolean {
  if (numbers?.includes(applicant.number)) return true
  if (!units && !entry_years) return !numbers
  return (!units || units.some(unit => applicant.units.includes(unit))) && (!entry_years || (applicant.entry_year !== null && entry_years.includes(applicant.entry_year)))
}

/** When (ms) the term or school year began: the years on 1 August, the second terms on 1 February. */
function periodStart(once: NonNullable<Limits['once']>, now: number): number {
  if (once === 'ever') return 0
  const [year = 0, month = 0] = schoolTime(now).date.split('-').map(Number)
  const day = once === 'term' && month >= 2 && month < 8 ? `${year}-02-01` : `${month >= 8 ? year : year - 1}-08-01`
  return schoolInstant(day) ?? 0
}

/** The instant (ms) of a time of the definition. */
export function instantOf(at: string): number {
  return schoolInstant(...parts(at)) ?? 0
}

/** 2026-12-01 08:00 */
export function words(at: string): string {
  return at.replace('T', ' ')
}

/** What is wrong with limits besides their shape. */
export function limitFaults(limits: Limits | undefined): string[] {
  if (!limits) return []
  const { units, entry_years, numbers, why, opens, closes } = limits
  const [from, to] = [opens, closes].map(at => at === undefined ? undefined : schoolInstant(...parts(at)))
  const names = units ?? entry_years ?? numbers
  return [
    ...names && why === undefined ? ['/limits/why: say why others may not'] : [], ...!names && why !== undefined ? ['/limits/why: nobody is left out'] : [],
    ...from === null ? ['/limits/opens: there is no such time'] : [], ...to === null ? ['/limits/closes: there is no such time'] : [],
    ...from && to && to <= from ? ['/limits/closes: must be after opens'] : [],
  ]
}

function parts(at: string): [string, string] {
  const [date = '', time = ''] = at.split('T')
  return [date, time]
}

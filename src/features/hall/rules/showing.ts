import { SCHOOL_OFFSET } from '../../../platform/dates.ts'
import type { Audience } from '../tables.ts'

export const AUDIENCES: Record<Audience, string> = { all: '所有人', student: '学生', staff: '教职工' }

type Shown = { audience: Audience; starts_at: number; ends_at: number | null }

/** coming: its time begins later · shown: now · over: its time has ended */
export type Stage = 'coming' | 'shown' | 'over'

export function stageOf({ starts_at, ends_at }: Omit<Shown, 'audience'>, now: number): Stage {
  if (ends_at !== null && ends_at <= now) return 'over'
  return starts_at > now ? 'coming' : 'shown'
}

/** Whom something is for that reaches this kind of person. */
export function audienceOf(kind: string): Audience {
  return kind === 'staff' ? 'staff' : 'student'
}

/** Is it for this kind of person, now? */
export function isShownTo(shown: Shown, kind: string, now: number): boolean {
  return stageOf(shown, now) === 'shown' && (shown.audience === 'all' || shown.audience === audienceOf(kind))
}

export function readAudience(text: string): Audience | null {
  return text === 'all' || text === 'student' || text === 'staff' ? text : null
}

/** A day and time of the school as a browser sends it, 2026-11-21T09:30, in epoch ms; null where it is none. */
export function readMoment(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(text)) return null
  const at = Date.parse(`${text}Z`)
  return Number.isNaN(at) ? null : at - SCHOOL_OFFSET
}

/** The same the other way; '' for null. */
export function momentText(at: number | null): string {
  return at === null ? '' : new Date(at + SCHOOL_OFFSET).toISOString().slice(0, 16)
}

export type Period = { audience: Audience; starts_at: number; ends_at: number | null }

/** Whom for and how long, as typed. Without a beginning it begins now. What is wrong by field; the sentences are phrases. */
export function readPeriod({ audience, starts, ends }: { audience: string; starts: string; ends: string }, now: number): { period: Period; faults: Record<string, string> } {
  const [read, starts_at, ends_at] = [readAudience(audience), starts === '' ? now : readMoment(starts), ends === '' ? null : readMoment(ends)]
  return {
    period: { audience: read ?? 'all', starts_at: starts_at ?? now, ends_at },
    faults: {
      ...(read === null && { audience: '请选择对谁显示' }),
      ...(starts_at === null && { starts: '请填写完整的日期和时间' }),
      ...(ends !== '' && ends_at === null && { ends: '请填写完整的日期和时间' }),
      ...(ends_at !== null && starts_at !== null && ends_at <= starts_at && { ends: '结束时间要晚于开始时间' }),
    },
  }
}

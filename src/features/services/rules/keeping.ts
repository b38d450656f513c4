import { SCHOOL_OFFSET } from '../../../platform/dates.ts'
import type { T } from '../../../platform/text.ts'

/** Months for which what has ended is kept, where its service says nothing. */
export const KEPT_MONTHS = 36

const DAY = 86_400_000
/** A draft is kept so long after it was last touched; ms. */
export const DRAFT_KEPT = 90 * DAY
/** Nobody's is deleted sooner after they were told; ms. */
export const NOTICE = 14 * DAY

type Dated = { status: string; created_at: number; saved_at: number | null; ended_at: number | null }

/** When a draft was last touched, or what has ended has ended (epoch ms). */
export function keptSince({ status, created_at, saved_at, ended_at }: Dated): number {
  return status === 'draft' ? saved_at ?? created_at : ended_at ?? created_at
}

/** When the content goes (epoch ms): the same day of the school's calendar so many months later, or the last of a shorter month. */
export function expiryOf(row: Dated, { keep = KEPT_MONTHS }: { keep?: number | undefined }): number {
  const since = keptSince(row)
  if (row.status === 'draft') return since + DRAFT_KEPT
  const there = new Date(since + SCHOOL_OFFSET)
  const day = there.getUTCDate()
  there.setUTCMonth(there.getUTCMonth() + keep, 1)
  there.setUTCDate(Math.min(day, new Date(Date.UTC(there.getUTCFullYear(), there.getUTCMonth() + 1, 0)).getUTCDate()))
  return there.getTime() - SCHOOL_OFFSET
}

/** 3 年, 18 个月. */
export function keptWords(t: T, { keep = KEPT_MONTHS }: { keep?: number | undefined }): string {
  return keep % 12 === 0 ? t('{n} 年', { n: keep / 12 }) : t('{n} 个月', { n: keep })
}

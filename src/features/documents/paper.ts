import type { Language } from '../../platform/text.ts'
import type { SealPlace } from './templates.ts'

const POINTS_PER_MM = 72 / 25.4
const A4_HEIGHT = 297
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']

/** Pages that the HTML of a paper has: each is a section of its own. A paper without sections flows, and counts as one. */
export function sheetsIn(html: string): number {
  return Math.max(1, html.split('<section class="sheet').length - 1)
}

/** Where the seal stands on an A4 page as a PDF counts: points from the lower left corner. `pages`: how many the paper has. */
export function sealBox({ page, left, top, size }: SealPlace, pages = 1): { page: number; rect: [number, number, number, number] } {
  const points = (mm: number) => Math.round(mm * POINTS_PER_MM * 100) / 100
  return { page: page === 'last' ? pages : page, rect: [points(left), points(A4_HEIGHT - top - size), points(left + size), points(A4_HEIGHT - top)] }
}

/** `2026-11-21` as `2026年11月21日` or `21 November 2026`. What is no date stays as it is. */
export function longDate(day: string, language: Language): string {
  const [, year, month, date] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day) ?? []
  if (!year || !month || !date) return day
  return language === 'zh' ? `${year}年${Number(month)}月${Number(date)}日` : `${Number(date)} ${MONTHS[Number(month) - 1]} ${year}`
}

import { schoolInstant, schoolTime } from '../../../platform/dates.ts'
import { defineMachine } from '../../../platform/machine.ts'
import type { SignedIn } from '../../../platform/web.ts'
import type { DocumentRow } from '../tables.ts'
import { shareEnded } from './events.ts'
import type { Share } from './tables.ts'

export const shareMachine = defineMachine({
  name: 'documents.share', table: 'documents_shares',
  edges: { end: { from: ['open'], to: 'ended', emits: shareEnded } },
  sentences: { ended: '这个分享已经结束了' },
})

/** What a link is worth now. `revoked`: of the document, which comes before the rest except its owner's end. */
export type Standing = 'open' | 'ended' | 'expired' | 'used-up' | 'revoked'

export function standingOf({ status, expires_at, views, views_most }: Pick<Share, 'status' | 'expires_at' | 'views' | 'views_most'>, document: Pick<DocumentRow, 'status'>, now: number): Standing {
  if (status === 'ended') return 'ended'
  if (expires_at <= now) return 'expired'
  if (document.status === 'revoked') return 'revoked'
  return views_most !== null && views >= views_most ? 'used-up' : 'open'
}

/** Only its owner shares a document, and sees the links; the same rule for button and route. */
export function canShare(viewer: Pick<SignedIn, 'person_id'>, { person_id, status }: Pick<DocumentRow, 'person_id' | 'status'>): boolean {
  return viewer.person_id === person_id && status === 'issued'
}

export const MOST_VIEWS = 100
/** days that a link may hold; days that one holds where nothing else is said */
export const LONGEST = 180
export const USUAL_DAYS = 30
/** Links that one person may make in a day: they write to strangers. */
export const SHARES_A_DAY = 20
/** mails about one link in a day, the first included */
export const MAILS_A_DAY = 6
export const DAY = 24 * 3_600_000

/** The last instant of a school day as typed (YYYY-MM-DD), or the sentence why it cannot be one. */
export function endOfDay(typed: string, now: number): number | string {
  const begins = /^\d{4}-\d{2}-\d{2}$/.test(typed) ? schoolInstant(typed) : null
  if (begins === null) return '请选择有效期的最后一天'
  const ends = begins + DAY - 1
  if (ends <= now) return '有效期要在今天或以后'
  return ends > now + (LONGEST + 1) * DAY ? '有效期最长 180 天' : ends
}

/** The day a form begins with. */
export function usualDay(now: number): string {
  return schoolTime(now + USUAL_DAYS * DAY).date
}

/** Views typed into a form: null for none typed, NaN for what is none. */
export function viewsIn(typed: string): number | null {
  const plain = typed.normalize('NFKC').trim()
  if (plain === '') return null
  const count = /^\d{1,4}$/.test(plain) ? Number(plain) : Number.NaN
  return count >= 1 && count <= MOST_VIEWS ? count : Number.NaN
}

/** Passcodes that may be tried on one link in a window; a right one does not count. Six characters of 32 stand against 5 tries in 10 minutes for half a year at 1 to 8000. */
export const TRIES = 5
export const TRY_WINDOW = 10 * 60_000
/** The same of all who have a document's code and type a passcode at 真伪认证: one of them alone cannot shut out the others. */
export const TRIES_OF_ALL = 30
/** so long one opening lets a browser look and download, ms */
export const OPENING_HOLDS = 60 * 60_000

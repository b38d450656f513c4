const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** ms that a mailed link holds */
export const LINK_LIFE = DAY
const PAUSE = MINUTE
/** links that one person may have sent in 24 hours */
const PER_PERSON = 10
/** links to one mailbox in 24 hours, whoever asks: its owner may be a stranger */
const PER_MAILBOX = 5

export const MAILBOX_DAY = DAY

/** Why no link goes out now; null where it may. Times (epoch ms) are those of the last 24 hours, oldest first. */
export function linkRefusal(own: readonly number[], toMailbox: readonly number[], now: number): { sentence: string; params: Record<string, number> } | null {
  const wait = Math.max(0, (own.at(-1) ?? 0) + PAUSE - now)
  if (wait > 0) return { sentence: '确认邮件刚刚发过，请 {seconds} 秒后再试', params: { seconds: Math.ceil(wait / 1000) } }
  const day = Math.max(full(own, PER_PERSON, now), full(toMailbox, PER_MAILBOX, now))
  return day > 0 ? { sentence: '24 小时内发出的确认邮件太多，请 {hours} 小时后再试', params: { hours: Math.ceil(day / (60 * MINUTE)) } } : null
}

function full(asked: readonly number[], most: number, now: number): number {
  return asked.length < most ? 0 : Math.max(0, (asked.at(-most) ?? now) + DAY - now)
}

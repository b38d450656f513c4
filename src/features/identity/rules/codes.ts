const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** What a code proves; one for one purpose is worthless for another. */
export type CodePurpose = 'join' | 'phone' | 'reset' | 'first-use' | 'unbind' | 'bind'

/** ms that a code holds */
export const CODE_LIFE = 5 * MINUTE
export const CODE_TRIES = 5
/** ms between two codes to one phone */
export const CODE_PAUSE = MINUTE
/** codes to one phone in 24 hours */
export const CODES_PER_DAY = 10
export const CODE_DAY = 24 * HOUR

// Who asks for these is not signed in: the page must not tell whether the phone is known.
const HIDING: readonly CodePurpose[] = ['join', 'reset']

/** Must the page say the same for a phone that nobody has? */
export function hidesWhoIsKnown(purpose: CodePurpose): boolean {
  return HIDING.includes(purpose)
}

/** Six digits from a digest; 2^48 is so much larger than 10^6 that all come equally often. */
export function codeFrom(digest: Buffer): string {
  return String(digest.readUIntBE(0, 6) % 1_000_000).padStart(6, '0')
}

/** As people type a code: any width, spaces or dashes between. */
export function typedCode(typed: string): string {
  return typed.normalize('NFKC').replace(/[\s\p{Pd}]/gu, '').slice(0, 20)
}

/**
 * An address may ask `perHour` times at once and then once every 3600 / perHour seconds: a whole campus behind one address is slowed, never shut out.
 * `at`: the moment by which what it asked is used up, as kept; null for the first time. `wait`: ms until it may ask again, 0 where it may.
 */
export function askedFrom(at: number | null, now: number, perHour: number): { at: number; wait: number } {
  const each = HOUR / perHour
  const until = Math.max(at ?? now, now)
  const wait = until + each - (now + HOUR)
  return wait > 0 ? { at: until, wait: Math.ceil(wait) } : { at: Math.ceil(until + each), wait: 0 }
}

/** ms until the phone may be sent another code, 0 where it may. `asked`: when it was asked for in the last 24 hours, oldest first. */
export function phoneWait(asked: readonly number[], now: number): { wait: number; full: boolean } {
  const last = asked.at(-1)
  const pause = last === undefined ? 0 : Math.max(0, last + CODE_PAUSE - now)
  const day = asked.length < CODES_PER_DAY ? 0 : Math.max(0, (asked.at(-CODES_PER_DAY) ?? now) + CODE_DAY - now)
  return { wait: Math.max(pause, day), full: day > pause }
}

/** What addresses of one visitor have in common: an IPv6 network has 2^64 of them. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')
  if (!plain.includes(':')) return plain
  const [head = '', tail = ''] = plain.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === '' ? [] : tail.split(':')
  const zeros = plain.includes('::') ? Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0') : []
  return [...left, ...zeros, ...right].slice(0, 4).map(group => group.toLowerCase().replace(/^0+(?=.)/, '')).join(':')
}

/** `unknown`: it may have gone out */
export type CodeState = 'sending' | 'sent' | 'failed' | 'unknown'

/** What a code's row says where nobody knows whether its SMS went out. */
export const UNKNOWN = 'unknown'

type Settled = { started_at: number | null; sent_at: number | null; refused_at: number | null; reason: string | null; expires_at: number }

/** How the SMS fares; one that has not begun to go out when its code expires has failed. */
export function codeState({ started_at, sent_at, refused_at, reason, expires_at }: Settled, now: number): CodeState {
  if (sent_at !== null) return 'sent'
  if (reason === UNKNOWN || (refused_at === null && started_at !== null && expires_at <= now)) return 'unknown'
  return refused_at !== null || expires_at <= now ? 'failed' : 'sending'
}

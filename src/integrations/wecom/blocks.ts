import type { Clock } from '../../platform/clock.ts'
import { refusal } from './errors.ts'

const MINUTE = 60_000
const HOUR = 3_600_000
const DAY = 86_400_000
const SHANGHAI = 8 * HOUR

type Block = { until: number; errcode: number; times: number }

/**
 * What the platform has closed to us for a while. It does not say which limit was met; a minute's limit ends after 60 s,
 * an hour's after 60 min, a day's with the natural day (90312). So a block that is met again right after its end was a longer one.
 * Wrong credentials count too: repeated, they block the caller's address for an hour (90313).
 */
export function blocks(clock: Clock) {
  const known = new Map<string, Block>()
  return {
    /** Throws at once, without asking the platform, while an interface is closed. */
    check(key: string): void {
      const block = known.get(key)
      if (block && block.until > clock.now()) throw refusal(block.errcode, 'blocked', block.until - clock.now())
    },
    /** Notes a refusal; the milliseconds after which trying again makes sense, undefined where time does not help. */
    begin(key: string, errcode: number): number | undefined {
      const now = clock.now()
      const times = known.get(key)?.times ?? 0
      const length = lengthOf(errcode, times, now)
      if (length === undefined) return undefined
      known.set(key, { until: now + length, errcode, times: times + 1 })
      return length
    },
    end(key: string): void { known.delete(key) },
  }
}

function lengthOf(errcode: number, times: number, now: number): number | undefined {
  if (errcode === 45009) return [MINUTE, HOUR][times] ?? DAY - (now + SHANGHAI) % DAY
  return [45033, 40001, 40013, 40091].includes(errcode) ? MINUTE : undefined
}

import { randomUUID } from 'node:crypto'
import type { Json } from '../shape.ts'
import { strikes, type Trouble } from '../trouble.ts'
import type { Notice, PayOptions } from './types.ts'
import { chinaTime, encrypted, signedHeaders } from './wire.ts'

export type Notices = ReturnType<typeof createNotices>

const [S, M, H] = [1000, 60_000, 3600_000]
/** §4.2: after the first, 15 times in a day. */
const RETRIES = [15 * S, 15 * S, 30 * S, 3 * M, 10 * M, 20 * M, 30 * M, 30 * M, 30 * M, 60 * M, 3 * H, 3 * H, 3 * H, 6 * H, 6 * H]
const PATIENCE = 5000
const LATE = 60 * S
const WORDS: Record<string, string> = { 'TRANSACTION.SUCCESS': '支付成功', 'REFUND.SUCCESS': '退款成功', 'REFUND.ABNORMAL': '退款异常', 'REFUND.CLOSED': '退款关闭' }

/** Sends what has happened, and again until it is taken, by the platform's timetable on the simulator's clock. */
export function createNotices({ options, trouble, now, changed, reach }: { options: PayOptions; trouble: Trouble; now: () => number; changed(): void; /** where an address of the hall really listens */ reach(url: string): string }) {
  const log: Notice[] = []
  const sending = new Set<Promise<void>>()

  function envelope({ id, event, content, at }: Notice): string {
    const original = event.startsWith('REFUND') ? 'refund' : 'transaction'
    const key = strikes(trouble, 'payWrongKey') ? 'x'.repeat(32) : options.apiV3Key
    return JSON.stringify({ id, create_time: chinaTime(at), resource_type: 'encrypt-resource', event_type: event, summary: WORDS[event] ?? '', resource: encrypted(key, original, content) })
  }

  async function post(notice: Notice): Promise<number | null> {
    const body = envelope(notice)
    const headers = { 'content-type': 'application/json', 'user-agent': 'Mozilla/4.0', ...signedHeaders(options, trouble, body, now()) }
    try {
      return (await fetch(reach(notice.url), { method: 'POST', headers, body, redirect: 'manual', signal: AbortSignal.timeout(PATIENCE) })).status
    } catch {
      return null
    }
  }

  async function attempt(notice: Notice): Promise<void> {
    notice.next_at = Infinity
    const status = await post(notice)
    notice.tries.push({ at: now(), status })
    const wait = RETRIES[notice.tries.length - 1]
    if (status === 200 || status === 204) notice.state = 'delivered'
    else if (wait === undefined) notice.state = 'failed'
    else notice.next_at = now() + wait
    changed()
  }

  function track(work: Promise<void>): void {
    sending.add(work)
    void work.finally(() => sending.delete(work))
  }

  /** Everything whose time has come. */
  function tick(): void {
    for (const notice of log) if (notice.state === 'waiting' && notice.next_at <= now()) track(attempt(notice))
  }

  return {
    log, tick,
    raise(event: string, number: string, url: string, content: Json): void {
      if (url === '') return
      const lost = strikes(trouble, 'payNoCallback')
      const late = strikes(trouble, 'payLateCallback')
      const notice: Notice = { id: randomUUID(), event, number, url, content, at: now(), next_at: late ? now() + LATE : now(), tries: [], state: lost ? 'failed' : 'waiting', trouble: [...lost ? ['丢失'] : [], ...late ? ['延迟'] : []] }
      log.push(notice)
      if (log.length > 300) log.shift()
      tick()
      if (!lost && strikes(trouble, 'payTwice')) {
        notice.trouble.push('重复')
        track(attempt({ ...notice, tries: [] }))
      }
      changed()
    },
    /** Sends it once more, whatever became of it. */
    async again(id: string): Promise<boolean> {
      const notice = log.find(each => each.id === id)
      if (!notice) return false
      notice.state = 'waiting'
      await attempt(notice)
      return notice.state !== 'waiting'
    },
    busy: (): boolean => sending.size > 0,
    settled: async (): Promise<void> => { await Promise.all(sending) },
    clear: () => void log.splice(0),
  }
}

import type { Clock } from '../../platform/clock.ts'
import { AppError } from '../../platform/errors.ts'
import type { Leases } from '../../platform/lease.ts'

const DAY = 24 * 3_600_000
/** The platform's codes live 7 days (91714); ours is renewed a day before, so that nobody is shown one that ends tomorrow. */
const SHOWN_FOR = 6 * DAY
const LARGEST = 1024 * 1024

export type JoinCode = { picture: Buffer; type: string; until: number }

/** The code that joins the corporation, shared by all processes and renewed by one; its picture comes from the platform's own address. */
export function joinCalls({ leases, clock, ask }: { leases: Leases; clock: Clock; ask(): Promise<string> }) {
  async function address(): Promise<{ url: string; until: number }> {
    const kept = await leases.value('wecom:join-code', async () => ({ value: JSON.stringify({ url: await ask(), until: clock.now() + 7 * DAY }), expires_at: clock.now() + SHOWN_FOR }))
    return JSON.parse(kept)
  }

  return {
    /** Until when the code that is shown now can be scanned. */
    async joinCodeUntil(): Promise<number> {
      return (await address()).until
    },
    /** `upstream` where the platform does not give the picture. */
    async joinCode(): Promise<JoinCode> {
      const { url, until } = await address()
      try {
        const response = await fetch(url, { signal: AbortSignal.timeout(5000), redirect: 'error' })
        const type = response.headers.get('content-type') ?? ''
        if (!response.ok || !/^image\/(png|jpeg)$/.test(type) || Number(response.headers.get('content-length') ?? 0) > LARGEST) throw new Error(`${response.status} ${type}`)
        return { picture: Buffer.from(await response.arrayBuffer()), type, until }
      } catch (error) {
        throw new AppError('upstream', '企业微信暂时没有给出二维码，请过一会儿再试', { code: 'wecom:no-join-code', cause: error })
      }
    },
  }
}

import type { Clock } from '../../platform/clock.ts'

type Question = { body?: Uint8Array | string; headers?: Record<string, string>; /** milliseconds for all of it */ timeout: number; /** bytes */ largest: number }

/** Asks an authority over HTTP; throws where it does not answer whole and in time. */
export async function ask(url: string, { body, headers = {}, timeout, largest }: Question): Promise<Buffer> {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST', headers, signal: AbortSignal.timeout(timeout),
    ...body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body), redirect: 'error' as const },
  })
  if (!response.ok || !response.body) throw new Error(`${new URL(url).origin} answers ${response.status}`)
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body) {
    size += part.length
    if (size > largest) throw new Error(`${new URL(url).origin} answers more than ${largest} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

/** Whether the rest that began at `since` still lasts; one that begins in the future began by a clock that was set right since. */
export const rests = (since: number, rest: number, now: number): boolean => now >= since && now < since + rest

/** Who has just failed is not asked again for a while, so that a silent server costs one document its patience and not each. */
export function withRest(clock: Clock, rest: number): { resting(): boolean; run<R>(work: () => Promise<R>): Promise<R> } {
  let failed = -Infinity
  const resting = () => rests(failed, rest, clock.now())
  return {
    resting,
    async run(work) {
      if (resting()) throw new Error('it failed a moment ago')
      try {
        return await work()
      } catch (error) {
        failed = clock.now()
        throw error
      }
    },
  }
}

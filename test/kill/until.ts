import { setTimeout as pause } from 'node:timers/promises'

const LOOK_EVERY = 40

/** Looks again and again until there is something; other processes tell nobody when they are done. Throws after `within` ms. */
export async function until<R>(what: string, look: () => Promise<R | null | undefined | false> | R | null | undefined | false, within = 30_000): Promise<R> {
  const end = performance.now() + within
  for (;;) {
    const found = await look()
    if (found !== null && found !== undefined && found !== false) return found
    if (performance.now() > end) throw new Error(`not within ${within / 1000} s: ${what}`)
    await pause(LOOK_EVERY)
  }
}

/** Repeats what got no answer, as a person does: the connection broke, or the page said that it does not work right now. */
export async function patiently<R extends { status: number }>(act: () => Promise<R>, within = 60_000): Promise<R> {
  return await until('an answer', async () => {
    const page = await act().catch(lostOnly)
    return page && page.status < 500 ? page : null
  }, within)
}

function lostOnly(error: unknown): null {
  if (error instanceof TypeError) return null // what fetch throws when a connection is refused or breaks
  throw error
}

import { setTimeout as pause } from 'node:timers/promises'
import { isAway } from '../../src/platform/db.ts'

const LOOK_EVERY = 40

/** Looks again and again until there is something; other processes tell nobody when they are done. Throws after `within` ms. */
export async function until<R>(what: string, look: () => Promise<R | null | undefined | false> | R | null | undefined | false, within = 60_000): Promise<R> {
  const end = performance.now() + within
  for (;;) {
    const seen = await look()
    if (seen !== null && seen !== undefined && seen !== false) return seen
    if (performance.now() > end) throw new Error(`not within ${within / 1000} s: ${what}`)
    await pause(LOOK_EVERY)
  }
}

/** Repeats what got no answer, as a person does: the connection broke, or the page said that it does not work right now. */
export async function patiently<R extends { status: number }>(act: () => Promise<R>, within = 120_000): Promise<R> {
  let last = ''
  return await until('an answer', async () => {
    try {
      const page = await act()
      if (page.status < 500) return page
      last = `status ${page.status}`
    } catch (error) {
      if (!(error instanceof TypeError)) throw error // fetch throws it when a connection is refused or breaks
      last = error.message
    }
    return null
  }, within).catch((error: unknown) => { throw new Error(`the last answer was ${last}`, { cause: error }) })
}

/** What a query finds, as soon as the database answers. */
export async function found<R>(query: () => Promise<R>): Promise<R> {
  const { rows } = await until('the database to answer', async () => {
    try {
      return { rows: await query() }
    } catch (error) {
      if (isAway(error)) return null
      throw error
    }
  }, 60_000)
  return rows
}

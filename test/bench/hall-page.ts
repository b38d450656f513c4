import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import autocannon from 'autocannon'
import type { Cleaner } from '../support/database.ts'
import { compare } from './support/compare.ts'
import { type Figure, rowOf } from './support/figure.ts'
import type { Door } from './support/page-server.ts'

// Steady is what is asked for: a hall serves for weeks, and until so many pages the compiler still finds something to make faster, on either side.
const WARM_UP = 30_000

/**
 * The hall's first page, signed in, from the database, against the very same pages drawn by a bare Fastify. Each is served by
 * a process of its own; the load comes from this one. Some 400 people ask in turn, for a person may ask 600 times a minute.
 */
export const hallPage: Figure = {
  stores: ['sqlite', 'mariadb'],
  async measure(t, { rounds, share }) {
    const [hall, bare] = await Promise.all([serve(t, 'hall'), serve(t, 'bare')])
    for (const door of [hall, bare]) await load(door, { amount: WARM_UP })
    const duration = Math.max(2, Math.round(6 * share))
    const comparison = await compare(rounds, { ours: () => load(hall, { duration }), limit: () => load(bare, { duration }) })
    return [rowOf(comparison, { name: 'hall page, signed in (limit: bare Fastify)', unit: 'requests/s', atLeast: 0.5 })]
  },
}

async function serve(t: Cleaner, which: 'hall' | 'bare'): Promise<Door> {
  // Logs as in production, to nowhere.
  const child = fork(join(import.meta.dirname, 'support/page-server.ts'), [which], { env: { ...process.env, LOG_LEVEL: 'info' }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  t.after(async () => {
    if (child.exitCode !== null) return
    child.send('stop')
    await once(child, 'exit')
  })
  const told: unknown = await Promise.race([once(child, 'message').then(([message]) => message), once(child, 'exit').then(([code]) => { throw new Error(`${which} ended with ${code}`) })])
  if (!isDoor(told)) throw new Error('the server says where it is')
  return told
}

async function load({ origin, cookies }: Door, howMuch: { duration: number } | { amount: number }): Promise<number> {
  const requests = cookies.map(cookie => ({ path: '/', headers: { cookie, accept: 'text/html' } }))
  const result = await autocannon({ url: origin, connections: 10, ...howMuch, requests })
  if (result.errors + result.non2xx > 0) throw new Error(`${result.errors} errors and ${result.non2xx} other answers than the page`)
  return result.requests.total / result.duration
}

function isDoor(message: unknown): message is Door {
  return typeof message === 'object' && message !== null && 'origin' in message && 'cookies' in message
}

import { type App, createApp } from '../../src/app.ts'
import type { Clock } from '../../src/platform/clock.ts'
import { createEmbeddedDispatcher } from '../../src/platform/dispatch-embedded.ts'
import { createRunner } from '../../src/platform/run-jobs.ts'
import { startTestApp } from '../support/app.ts'
import { type Cleaner, quietLog } from '../support/database.ts'
import { cast } from '../support/people.ts'
import { compare } from './support/compare.ts'
import { copyDatabase } from './support/copy-database.ts'
import { type Figure, rowOf } from './support/figure.ts'
import { drawRaw, warmPages } from './support/raw-pages.ts'

const PAGES = 2
const WARM_UP = 2
const KIND = 'enrolment-zh'

/**
 * A checked batch from its beginning until the last sealed file is in the store and registered, against page.pdf() of the same papers, one
 * by one, on as many warm pages. BENCH_MEMORY=10000 goes on with so many more and tells what the process weighs on the way.
 */
export const bulk: Figure = {
  stores: ['sqlite'],
  async measure(t, { rounds, share }) {
    const hall = await startTestApp(t)
    const app = await createApp({ ...hall.app.config, databaseUrl: await copyDatabase(t, hall.app) }, { clock: hall.clock, log: quietLog })
    t.after(() => app.close())
    const numbers = (await app.database.db.selectFrom('identity_numbers').select('number').where('kind', '=', 'student').where('standing', '=', 'enrolled').orderBy('number').limit(Math.ceil(200 * share)).execute()).map(row => row.number)
    const drawn = await watchPages(app)
    const run = await batches(t, app, hall.clock)
    const pages = await warmPages(t, PAGES)
    const sides = {
      async ours() {
        drawn.length = 0
        const id = await run.prepare(numbers)
        const began = performance.now()
        await run.issue(id)
        return drawn.length / (performance.now() - began) * 1000
      },
      async limit() {
        const began = performance.now()
        await drawRaw(pages, drawn)
        return drawn.length / (performance.now() - began) * 1000
      },
    }
    for (let round = 0; round < WARM_UP; round++) for (const side of [sides.ours, sides.limit]) await side()
    const row = rowOf(await compare(rounds, sides), { name: `bulk issue, begun to sealed and stored (limit: ${PAGES} warm pages, one by one)`, unit: 'documents/s', digits: 1, atLeast: 1.1 })
    await weigh(Number(process.env.BENCH_MEMORY ?? 0), async () => { drawn.length = 0; await run.issue(await run.prepare(numbers)); return numbers.length })
    return [row]
  },
}

/** What the process weighs after each thousand, once it has collected its waste. */
async function weigh(total: number, more: () => Promise<number>): Promise<void> {
  for (let done = 0, next = 0; done < total;) {
    done += await more()
    if (done < next && done < total) continue
    next += 1000
    globalThis.gc?.()
    const { rss, heapUsed, external } = process.memoryUsage()
    console.error(`${done} documents: ${[`heap ${heapUsed}`, `external ${external}`, `resident ${rss}`].map(text => text.replace(/\d+$/, bytes => `${Math.round(Number(bytes) / 1024 / 1024)} MB`)).join(', ')}`)
  }
}

/** The pages that are drawn, whole, as they would have to be drawn one by one. */
async function watchPages(app: App): Promise<string[]> {
  const drawn: string[] = []
  const pdf = app.browser.pdf
  app.browser.pdf = (html, options) => {
    drawn.push(html)
    return pdf(html, options)
  }
  return drawn
}

async function batches(t: Cleaner, app: App, clock: Clock) {
  const { database } = app
  const admin = (await cast(app)).admin
  const works = app.features.flatMap(feature => feature.jobs ?? []).filter(work => ['documents.check-batch', 'documents.issue-slice', 'documents.tell-batch'].includes(work.job.name))
  const dispatcher = createEmbeddedDispatcher({ database, runner: createRunner({ database, works, clock, log: quietLog }), log: quietLog })
  await dispatcher.start()
  t.after(() => dispatcher.stop())
  const { bulk: verbs } = app.documents
  const actor = { person_id: admin.person_id, number: admin.number }
  const reached = async (id: string, status: string) => {
    while ((await database.db.selectFrom('documents_batches').select('status').where('id', '=', id).executeTakeFirstOrThrow()).status !== status) await new Promise(resolve => setTimeout(resolve, 5))
  }
  return {
    async prepare(numbers: readonly string[]): Promise<string> {
      const people = await app.identity.peopleByNumbers(database.db, numbers)
      const id = await database.write(tx => verbs.prepare(tx, actor, { kind: KIND, name: '', purpose: '', again: true, deliver: 'none', by_name: '', strangers: [], people: people.map(person => ({ person_id: person.id, number: person.number, name: person.name })) }))
      await reached(id, 'ready')
      return id
    },
    async issue(id: string): Promise<void> {
      await database.write(tx => verbs.begin(tx, actor, id))
      await reached(id, 'done')
    },
  }
}

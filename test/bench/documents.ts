import { type App, createApp } from '../../src/app.ts'
import { documentReserved } from '../../src/features/documents/index.ts'
import type { Clock } from '../../src/platform/clock.ts'
import { createEmbeddedDispatcher } from '../../src/platform/dispatch-embedded.ts'
import { emit } from '../../src/platform/events.ts'
import { newCode, newId } from '../../src/platform/ids.ts'
import { createRunner } from '../../src/platform/run-jobs.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { applyForCertificate, idIn } from '../support/certificate.ts'
import { type Cleaner, quietLog } from '../support/database.ts'
import { cast } from '../support/people.ts'
import { compare } from './support/compare.ts'
import { copyDatabase } from './support/copy-database.ts'
import { type Figure, rowOf } from './support/figure.ts'
import { drawRaw, warmPages } from './support/raw-pages.ts'

const PAGES = 2
// Steady is what is asked for: until the compiler has seen everything, a document costs a third more.
const WARM_UP = 3

/**
 * Reserved documents with their jobs in the queue, until the last sealed file is in the store and registered, against page.pdf() of the
 * same HTML on as many warm pages. Telling people about it is other jobs' work and left out.
 */
export const documents: Figure = {
  stores: ['sqlite'],
  async measure(t, { rounds, share }) {
    const { app, clock } = await hallWithOneDocument(t)
    const count = Math.ceil(80 * share)
    const drawn: string[] = []
    const pdf = app.browser.pdf
    app.browser.pdf = (html, options) => {
      drawn.push(html)
      return pdf(html, options)
    }
    const drawing = await startDrawing(t, app, clock)
    const pages = await warmPages(t, PAGES)
    const sides = {
      async ours() {
        drawn.length = 0
        const began = performance.now()
        const over = drawing(count)
        await reserve(app, count)
        await over
        return count / (performance.now() - began) * 1000
      },
      async limit() {
        const began = performance.now()
        await drawRaw(pages, drawn)
        return drawn.length / (performance.now() - began) * 1000
      },
    }
    for (let round = 0; round < WARM_UP; round++) for (const side of [sides.ours, sides.limit]) await side()
    const comparison = await compare(rounds, sides)
    return [rowOf(comparison, { name: `documents, job to sealed file (limit: ${PAGES} warm pages)`, unit: 'documents/s', digits: 1, atLeast: 0.9 })]
  },
}

/** A hall whose dispatcher stands still, with one document to copy. */
async function hallWithOneDocument(t: Cleaner): Promise<{ app: App; clock: Clock }> {
  const hall = await startTestApp(t)
  const { student, tutor, registrars: [registrar] } = await cast(hall.app)
  await applyForCertificate(await hall.phone(student.userid))
  for (const { userid } of [tutor, registrar ?? tutor]) await approve(hall, userid)
  await hall.drain()
  const app = await createApp({ ...hall.app.config, databaseUrl: await copyDatabase(t, hall.app) }, { clock: hall.clock, log: quietLog })
  t.after(() => app.close())
  return { app, clock: hall.clock }
}

async function approve({ phone }: TestApp, userid: string): Promise<void> {
  const desk = await phone(userid)
  const page = await desk.get((await desk.get('/received')).link('在读证明'))
  const task = idIn(page.root.querySelector('form[action^="/tasks/"]')?.getAttribute('action') ?? '')
  await desk.submit(page, `/tasks/${task}/decision`, { decision: 'approve', comment: '' })
}

async function reserve({ database }: App, count: number): Promise<void> {
  const model = await database.db.selectFrom('documents_documents').selectAll().orderBy('id').executeTakeFirstOrThrow()
  await database.write(async tx => {
    for (let number = 0; number < count; number++) {
      const [id, code] = [newId(), newCode()]
      await tx.insertInto('documents_documents').values({ ...model, id, code, number: code, application_id: null, status: 'reserved', sha256: null, level: null, issued_at: null }).execute()
      await emit(tx, documentReserved, { document_id: id }, { subject: id, actor: null })
    }
  })
}

/** Starts the dispatcher for drawing alone; what it returns resolves when so many more documents were drawn. */
async function startDrawing(t: Cleaner, { database, features }: App, clock: Clock): Promise<(count: number) => Promise<void>> {
  const works = features.flatMap(feature => feature.jobs ?? []).filter(work => work.job.name === 'documents.draw')
  const runner = createRunner({ database, works, clock, log: quietLog })
  let left = 0
  let over = () => {}
  const watched = { ...runner, async runJob(id: string) {
    const ran = await runner.runJob(id)
    if (ran && --left === 0) over()
    return ran
  } }
  const dispatcher = createEmbeddedDispatcher({ database, runner: watched, log: quietLog })
  await dispatcher.start()
  t.after(() => dispatcher.stop())
  return count => new Promise(resolve => {
    left = count
    over = resolve
  })
}

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { type App, createApp } from '../../src/app.ts'
import { quietLog } from '../support/database.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { applyForCertificate } from '../support/certificate.ts'
import type { Client } from '../support/client.ts'
import { compareCalls } from './support/compare.ts'
import { copyDatabase } from './support/copy-database.ts'
import { type Figure, rowOf } from './support/figure.ts'
import { isWork, openByHand, type Statement } from './support/by-hand.ts'

const CALLS = 20
// Steady is what is asked for: a process decides for weeks, and only after some hundred decisions has the compiler seen everything.
const WARM_UP = 400

/**
 * 同意 on a tutor's task, against the very statements it ran, sent by hand to the driver in one transaction: once from the route's
 * first line to its commit, once the whole request with its session, its guards and its answer. The database is copied before
 * anything is decided: on one copy everything is decided to learn the statements, on another it is measured, on the third the
 * statements are run again with the same values.
 */
export const decision: Figure = {
  stores: ['sqlite', 'mariadb'],
  async measure(t, { rounds }) {
    const hall = await startTestApp(t)
    const each = (rounds + 1) * CALLS
    const presses = await waiting(hall, 2 * each + WARM_UP)
    const [learnt, pressed, again] = [await copyDatabase(t, hall.app), await copyDatabase(t, hall.app), await copyDatabase(t, hall.app)]
    const statements = await learn(hall, learnt, presses)
    // Without its dispatcher: what follows a decision is not part of it.
    const app = await createApp({ ...hall.app.config, databaseUrl: pressed }, { clock: hall.clock, log: quietLog })
    const routeTime = timeRoutes(app)
    const http = await app.http()
    t.after(() => app.close())
    const byHand = await openByHand(again)
    t.after(() => byHand.close())
    for (let number = 2 * each; number < presses.length; number++) {
      await press(http, presses[number])
      await byHand.transaction(statements[number]?.all ?? [])
    }
    const route = await compareCalls(rounds, CALLS, {
      async ours(number) {
        await press(http, presses[number])
        return routeTime()
      },
      limit: number => byHand.transaction(statements[number]?.ofRoute ?? []),
    })
    const whole = await compareCalls(rounds, CALLS, {
      ours: number => press(http, presses[each + number]),
      limit: number => byHand.transaction(statements[each + number]?.all ?? []),
    })
    const [first] = statements
    return [
      rowOf(route, { name: `one decision, route to commit (limit: ${first?.ofRoute.length} statements)`, unit: 'ms', digits: 2, atMost: 1.5 }),
      rowOf(whole, { name: `one decision, the whole request (limit: ${first?.all.length} statements)`, unit: 'ms', digits: 2 }),
    ]
  },
}

type Press = { url: string; cookie: string; payload: string }

/** So many applications before their tutors, and what the tutors' browsers will send. */
async function waiting({ app, phone, drain }: TestApp, count: number): Promise<Press[]> {
  const { db } = app.database
  const students = await db.selectFrom('identity_bindings as binding').innerJoin('identity_numbers as number', 'number.number', 'binding.number')
    .select('binding.userid').where('number.kind', '=', 'student').where('number.standing', '=', 'enrolled').orderBy('binding.userid').limit(count).execute()
  for (let number = 0; number < count; number++) await applyForCertificate(await phone(students[number % students.length]?.userid ?? ''))
  await drain()
  const tasks = await db.selectFrom('approvals_tasks as task').innerJoin('identity_bindings as binding', 'binding.person_id', 'task.person_id')
    .select(['task.id', 'binding.userid']).where('task.status', '=', 'open').orderBy('task.id').execute()
  const tutors = new Map<string, Press>()
  for (const { userid } of tasks) if (!tutors.has(userid)) tutors.set(userid, await readyToPress(await phone(userid)))
  return tasks.flatMap(({ id, userid }) => {
    const tutor = tutors.get(userid)
    return tutor ? [{ ...tutor, url: `/tasks/${id}/decision` }] : []
  })
}

async function readyToPress(tutor: Client): Promise<Press> {
  const page = await tutor.get('/received')
  const payload = new URLSearchParams({ _csrf: page.value('_csrf'), decision: 'approve', comment: '同意' }).toString()
  return { url: '', payload, cookie: [...tutor.cookies].map(pair => pair.join('=')).join('; ') }
}

async function press(http: Awaited<ReturnType<App['http']>>, asked: Press | undefined): Promise<void> {
  if (!asked) throw new Error('the sample has too few students')
  const { url, cookie, payload } = asked
  const { statusCode, body } = await http.inject({ method: 'POST', url, payload, headers: { cookie, accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' } })
  if (statusCode !== 303) throw new Error(`the decision was answered with ${statusCode}: ${body}`)
}

/** Fastify says so on this channel where a route's own lines begin, after its session, its guards and its body. */
const ROUTE_BEGINS = 'tracing:fastify.request.handler:start'

/** Answers with the last press's milliseconds from its route to its commit. */
function timeRoutes({ database }: App): () => number {
  let [began, committed] = [0, 0]
  subscribe(ROUTE_BEGINS, () => { began = performance.now() })
  const { write } = database
  database.write = async work => {
    const done = await write(work)
    committed = performance.now()
    return done
  }
  return () => committed - began
}

type Learnt = { all: Statement[]; ofRoute: Statement[] }

/** Presses everything on the copy; the statements of each, and those among them that its route sent until its commit. */
async function learn({ app: { config }, clock }: TestApp, databaseUrl: string, presses: readonly Press[]): Promise<Learnt[]> {
  let running: Statement[] = []
  let before = 0
  const app = await createApp({ ...config, databaseUrl }, { clock, log: quietLog, onQuery: ({ sql, parameters }) => running.push({ sql, parameters }) })
  const http = await app.http()
  const markRoute = () => { before = running.length }
  subscribe(ROUTE_BEGINS, markRoute)
  const learnt: Learnt[] = []
  for (const asked of presses) {
    running = []
    await press(http, asked)
    const committed = running.findLastIndex(({ sql }) => sql === 'commit')
    learnt.push({ all: running.filter(isWork), ofRoute: running.slice(before, committed).filter(isWork) })
  }
  unsubscribe(ROUTE_BEGINS, markRoute)
  await http.close()
  await app.close()
  return learnt
}

import { type App, createApp } from '../../src/app.ts'
import { quietLog } from '../support/database.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { applyForCertificate } from '../support/certificate.ts'
import type { Client } from '../support/client.ts'
import { compareCalls } from './support/compare.ts'
import { copyDatabase } from './support/copy-database.ts'
import { type Figure, rowOf } from './support/figure.ts'
import { openByHand, type Statement } from './support/by-hand.ts'

const CALLS = 20

/**
 * 同意 on a tutor's task, from the request to its answer, against the very statements it ran, sent by hand to the driver in one
 * transaction. The database is copied before anything is decided: on one copy everything is decided to learn the statements, on
 * another it is measured, on the third the statements are run again with the same values.
 */
export const decision: Figure = {
  stores: ['sqlite', 'mariadb'],
  async measure(t, { rounds }) {
    const hall = await startTestApp(t)
    const presses = await waiting(hall, (rounds + 1) * CALLS)
    const [learnt, pressed, again] = [await copyDatabase(t, hall.app), await copyDatabase(t, hall.app), await copyDatabase(t, hall.app)]
    const statements = await learn(hall, learnt, presses)
    // Without its dispatcher: what follows a decision is not part of it.
    const app = await createApp({ ...hall.app.config, databaseUrl: pressed }, { clock: hall.clock, log: quietLog })
    const http = await app.http()
    t.after(() => app.close())
    const byHand = await openByHand(again)
    t.after(() => byHand.close())
    const comparison = await compareCalls(rounds, CALLS, {
      ours: number => press(http, presses[number]),
      limit: number => byHand.transaction(statements[number] ?? []),
    })
    return [rowOf(comparison, { name: `one decision (limit: its ${statements[0]?.length} statements by hand)`, unit: 'ms', digits: 2, atMost: 1.5 })]
  },
}

type Press = { url: string; cookie: string; payload: string }

/** So many applications before their tutors, and what the tutors' browsers will send. */
async function waiting({ app, phone, drain }: TestApp, count: number): Promise<Press[]> {
  const { db } = app.database
  const students = await db.selectFrom('identity_bindings as binding').innerJoin('identity_numbers as number', 'number.number', 'binding.number')
    .select('binding.userid').where('number.kind', '=', 'student').where('number.standing', '=', 'enrolled').orderBy('binding.userid').limit(count).execute()
  for (const { userid } of students) await applyForCertificate(await phone(userid))
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

/** Presses everything on the copy; the statements of each. */
async function learn({ app: { config }, clock }: TestApp, databaseUrl: string, presses: readonly Press[]): Promise<Statement[][]> {
  let running: Statement[] = []
  const app = await createApp({ ...config, databaseUrl }, { clock, log: quietLog, onQuery: ({ sql, parameters }) => running.push({ sql, parameters }) })
  const http = await app.http()
  const learnt: Statement[][] = []
  for (const asked of presses) {
    running = []
    await press(http, asked)
    learnt.push(running.filter(statement => !/^(begin|commit|set session)/i.test(statement.sql)))
  }
  await http.close()
  await app.close()
  return learnt
}


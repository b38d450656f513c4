import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { store } from '../support/database.ts'
import { checkApplications, checkCards, checkDeliveries, checkDocuments, checkJobs, checkTrail, drained } from './count.ts'
import { castOf, type Hall, type Role, startHall } from './hall.ts'
import { seeded } from './moments.ts'
import { FATES, live, type Story } from './story.ts'
import { until } from './until.ts'

const KILLS = 50
const APPLICATIONS = 30
/** HALL_TEST_SEED=… plays the kills of an earlier run again, as far as the machine does the same. */
const seed = Number(process.env.HALL_TEST_SEED ?? Date.now() % 1_000_000)

/** Where a kill waits for its victim; a number: so many milliseconds after its last start. */
type Point = { role: Role; at: string | number; delay: number; goesOn: boolean }

const PLACES: readonly (readonly [Role, string | number, times: number, delay?: number])[] = [
  ['worker', 'asked message/send', 4], ['worker', 'answered message/send', 4],
  ['worker', 'asked media/upload', 2], ['worker', 'answered media/upload', 2],
  ['worker', 'asked message/update_template_card', 3], ['worker', 'answered message/update_template_card', 3],
  ['worker', 'mail to', 1], ['worker', 'mail body', 3], ['worker', 'mail taken', 2],
  ['worker', 'running documents.draw', 5, 1500], ['worker', 'running approvals.card-click', 3, 15],
  ['worker', 'running messages.send-wecom', 2, 15], ['worker', 'running messages.send-mail', 1, 15], ['worker', 'running messages.update-card', 1, 15],
  ['web', 'post', 5, 40], ['web', 'click', 3, 30], ['web', 'asked auth/getuserinfo', 1],
  ['worker', 600, 2], ['web', 600, 1], ['worker', 2500, 1], ['web', 2500, 1],
]

test(`killed ${KILLS} times at random, the hall loses nothing and does nothing twice (seed ${seed})`, async t => {
  const hall = await startHall(t)
  const random = seeded(seed)
  const told: string[] = []
  const began = performance.now()
  const stories = driveApplications(hall, told)
  const kills = killAll(hall, planOf(random), told)
  await explained(hall, told, async () => {
    const [all] = await Promise.all([stories, kills])
    const driven = seconds(began)
    await drained(hall)
    const left = seconds(began)
    await checkApplications(hall, all)
    const documents = await checkDocuments(hall, all)
    const deliveries = await checkDeliveries(hall)
    const cards = await checkCards(hall)
    const jobs = await checkJobs(hall)
    await stopAll(hall)
    const events = await checkTrail(hall)
    assert.equal(told.length, KILLS)
    report(t, { seed, store, kills: told.length, applications: all.length, documents, deliveries, cards, jobs, events, driven, left, total: seconds(began) })
  })
})

function planOf(random: () => number): Point[] {
  const points = PLACES.flatMap(([role, at, times, delay = 0]) => Array.from({ length: times }, (): Point =>
    ({ role, at: typeof at === 'number' ? random() * at : at, delay: random() * delay, goesOn: random() < 0.5 })))
  assert.equal(points.length, KILLS)
  return points.map(point => ({ point, place: random() })).toSorted((one, other) => one.place - other.place).map(({ point }) => point)
}

// Nobody came by: then it is killed wherever it is.
const PATIENCE = 2000

async function killAll(hall: Hall, plan: readonly Point[], told: string[]): Promise<void> {
  const watching = watchJobs(hall)
  const up: Record<string, Promise<void>> = {}
  try {
    for (const { role, at, delay, goesOn } of plan) {
      const victim = hall.processes[role]
      const blow = async () => {
        if (delay > 0) await new Promise(resolve => setTimeout(resolve, delay))
        await victim.kill()
        up[victim.name] = victim.start().ready.catch(() => {})
      }
      // A number of milliseconds may end before it is up; for a moment it has to be.
      if (typeof at === 'string') {
        await up[victim.name]
        await breathe(hall)
      }
      const came = await hall.moments.strike(typeof at === 'number' ? { name: 'nothing', within: at, goesOn } : { name: at, within: PATIENCE, goesOn }, blow)
      told.push(`${victim.name} ${typeof at === 'number' ? `${Math.round(at)} ms after a start` : `${at} + ${Math.round(delay)} ms${came ? '' : ' (nobody came by)'}`}`)
    }
    await Promise.all(Object.values(up))
  } finally {
    watching.stop()
  }
}

// Work whose every try is killed is given up after its eighth, so that what kills its process does not do so for ever. That is meant,
// and told elsewhere: here whatever comes near it may end first.
const NEAR = 5

async function breathe({ database: { db } }: Hall): Promise<void> {
  await until('work that was struck often to end', async () =>
    (await db.selectFrom('jobs').select('id').where('status', 'in', ['waiting', 'running']).where('attempts', '>=', NEAR).limit(1).executeTakeFirst()) === undefined)
}

/** Says of every job that begins that it does. */
function watchJobs({ database: { db }, moments }: Hall): { stop(): void } {
  const seen = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  async function look(): Promise<void> {
    for (const { id, name, attempts } of await db.selectFrom('jobs').select(['id', 'name', 'attempts']).where('status', '=', 'running').execute()) {
      const run = `${id} ${attempts}`
      if (!seen.has(run)) void moments.pass(`running ${name}`)
      seen.add(run)
    }
    if (!stopped) timer = setTimeout(() => void look(), 8)
  }
  void look()
  return { stop() { stopped = true; clearTimeout(timer) } }
}

/** Applications begin evenly over the kills, so that there is always something to strike. */
async function driveApplications(hall: Hall, told: readonly string[]): Promise<Story[]> {
  const cast = await castOf(hall.database, APPLICATIONS)
  return await Promise.all(cast.map(async (people, number) => {
    await until('its turn', () => told.length >= Math.floor(number * (KILLS - 5) / APPLICATIONS), 900_000)
    return await live(hall, people, FATES[number % FATES.length] ?? FATES[0], `s${number}@example.com`)
  }))
}

async function stopAll({ processes }: Hall): Promise<void> {
  for (const each of new Set(Object.values(processes))) {
    each.signal('SIGTERM')
    assert.equal(await each.ended(), 0, `${each.name} ends in peace`)
  }
}

/** A failure comes with the kills and the last words of the processes. */
async function explained(hall: Hall, told: readonly string[], work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const left = await hall.database.db.selectFrom('jobs').selectAll().where('status', '!=', 'done').execute()
    console.error([`seed ${seed}`, ...told, ...left.map(row => JSON.stringify(row)), ...[...new Set(Object.values(hall.processes))].map(each => each.words())].join('\n'))
    throw error
  }
}

const seconds = (since: number) => Math.round((performance.now() - since) / 100) / 10

function report(t: TestContext, figures: object): void {
  t.diagnostic(JSON.stringify(figures))
}

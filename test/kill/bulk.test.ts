import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createApp } from '../../src/app.ts'
import { loadConfig } from '../../src/platform/config.ts'
import { quietLog } from '../support/database.ts'
import { students, xlsxOf } from '../support/roster.ts'
import { checkJobs, checkTrail, drained } from './count.ts'
import { type Hall, startHall } from './hall.ts'
import { seeded } from './moments.ts'
import { found, patiently, until } from './until.ts'

/** HALL_TEST_BULK=5000 issues so many, HALL_TEST_KILLS=40 strikes so often. */
const COUNT = Number(process.env.HALL_TEST_BULK ?? 300)
const KILLS = Number(process.env.HALL_TEST_KILLS ?? 9)
const seed = Number(process.env.HALL_TEST_SEED ?? Date.now() % 1_000_000)

test(`a batch of ${COUNT}, with worker, browser and Redis killed ${KILLS} times at random, gives each person one document (seed ${seed})`, async t => {
  const hall = await startHall(t, { own: true, env: { SECOND_FACTOR: 'off', FIRST_USE_PROOF: 'off' } })
  const numbers = await enrol(hall)
  const desk = await hall.phone(await registrarOf(hall))
  const form = await desk.get('/admin/documents/batches/new')
  const { path } = await desk.submit(form, '/admin/documents/batches', { kind: 'enrolment-zh', name: '', purpose: '', by: 'numbers', unit: '', class_name: '', entered: '', numbers: numbers.join('\n'), deliver: 'none' })
  const ready = await until('everybody to be checked', async () => (await patiently(() => desk.get(path))).has('检查完了') ? await desk.get(path) : null, 900_000)
  const barred = await countOf(hall, ['barred'])
  const began = performance.now()
  await desk.submit(ready, `${path}/beginning`)
  const told = await strikeAtRandom(hall, COUNT - barred)
  await until('the batch to end', async () => (await found(() => hall.database.db.selectFrom('documents_batches').select('status').executeTakeFirstOrThrow())).status === 'done', 900_000)
    .catch(async error => { console.error([`seed ${seed}`, ...told, ...new Set(Object.values(hall.processes).map(each => each.words()))].join('\n')); throw error })
  const seconds = (performance.now() - began) / 1000
  await drained(hall)

  const rows = await hall.database.db.selectFrom('documents_documents').select(['id', 'person_number', 'number', 'code', 'sha256', 'status']).orderBy('person_number').execute()
  assert.equal(rows.length, COUNT - barred)
  assert.deepEqual(new Set(rows.map(row => row.status)), new Set(['issued']))
  assert.equal(new Set(rows.map(row => row.person_number)).size, rows.length, 'nobody has two')
  assert.equal(new Set(rows.flatMap(row => [row.number, row.code])).size, 2 * rows.length)
  const serials = rows.map(row => Number(row.number.slice(8))).toSorted((one, other) => one - other)
  assert.deepEqual(serials, serials.map((_, index) => index + 1), 'numbers have no gap')
  for (const { sha256 } of rows) {
    const sha = sha256 ?? ''
    assert.equal(createHash('sha256').update(await readFile(join(hall.folder, 'files', sha.slice(0, 2), sha.slice(2, 4), sha))).digest('hex'), sha)
  }
  assert.equal(await countOf(hall, ['issued']), rows.length)
  const jobs = await checkJobs(hall)
  const events = await checkTrail(hall)
  t.diagnostic(JSON.stringify({ seed, documents: rows.length, barred, kills: told.length, jobs, events, seconds: Math.round(seconds * 10) / 10, perSecond: Math.round(rows.length / seconds * 10) / 10 }))
})

/** So many more students, who are on no other list. */
async function enrol(hall: Hall): Promise<string[]> {
  const app = await createApp(loadConfig(hall.env), { log: quietLog })
  try {
    const report = await app.identity.importRoster('students', await xlsxOf(students(COUNT)), { file_name: 'students.xlsx', goodRows: true })
    assert.ok(report.written, JSON.stringify(report.errors[0]))
  } finally {
    await app.close()
  }
  return students(COUNT).map(row => row['学号'] ?? '')
}

async function registrarOf({ database: { db } }: Hall): Promise<string> {
  const { userid } = await db.selectFrom('identity_grants as held').innerJoin('identity_bindings as binding', 'binding.person_id', 'held.person_id')
    .select('binding.userid').where('held.role', '=', 'registrar').where('held.scope_kind', '=', 'all').executeTakeFirstOrThrow()
  return userid
}

async function countOf({ database: { db } }: Hall, outcomes: readonly ('barred' | 'issued')[]): Promise<number> {
  const { n } = await found(() => db.selectFrom('documents_batch_items').select(({ fn }) => fn.countAll<number>().as('n')).where('outcome', 'in', outcomes).executeTakeFirstOrThrow())
  return Number(n)
}

/** Each blow falls when so much is done, spread by chance over the whole. */
async function strikeAtRandom(hall: Hall, total: number): Promise<string[]> {
  const random = seeded(seed)
  const places = Array.from({ length: KILLS }, () => Math.floor(random() * total * 0.95)).toSorted((one, other) => one - other)
  const { redis } = hall.servers
  const told: string[] = []
  for (const [index, place] of places.entries()) {
    await until('the batch to go on', async () => await countOf(hall, ['issued']) >= place, 600_000)
    const victim = (['worker', 'browser', ...redis ? ['redis'] : []])[index % (redis ? 3 : 2)] ?? 'worker'
    if (victim === 'browser') killBrowser(hall)
    else if (victim === 'redis' && redis) {
      await redis.kill()
      await redis.restart()
    } else {
      await hall.processes.worker.kill()
      await hall.processes.worker.start().ready
    }
    told.push(`${victim} after ${place}`)
  }
  return told
}

/** Browsers of this hall are known by the folder that they write to. */
function killBrowser({ folder }: Hall): void {
  for (const name of readdirSync('/proc').filter(each => /^\d+$/.test(each))) {
    try {
      if (readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(folder) && readFileSync(`/proc/${name}/comm`, 'utf8').startsWith('chrom')) process.kill(Number(name), 'SIGKILL')
    } catch {
      // it has ended meanwhile
    }
  }
}

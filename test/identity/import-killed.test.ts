import assert from 'node:assert/strict'
import { test } from 'node:test'
import { progressOf } from '../../src/features/identity/store/import-rows.ts'
import type { Db } from '../../src/platform/db.ts'
import { type Hall, startHall } from '../kill/hall.ts'
import { seeded } from '../kill/moments.ts'
import { patiently, until } from '../kill/until.ts'
import { startTestApp } from '../support/app.ts'
import { store } from '../support/database.ts'
import { stateOf, student, students, XLSX, xlsxOf } from './import-desk.ts'

const ROWS = 4000
const SLICES = ROWS / 200
const AGES = 240_000
// Where several processes share a database, the work of a killed one is taken over when its lease ends, a minute later: fewer blows there.
const BLOWS = store === 'sqlite' ? { reading: 3, writing: 5 } : { reading: 1, writing: 1 }

/** Every row another student; one in five hundred cannot be imported, one person is there under two numbers. */
const content = xlsxOf(students(ROWS).map((row, at) => at % 500 === 250 ? { ...row, 性别: '？' } : at === ROWS - 1 ? { ...student(7), 学号: 'M2025000007', 入学日期: '2026-09-01' } : row))

const slices = async (db: Db, id: string): Promise<{ read: number; written: number }> => {
  const rows = await db.selectFrom('identity_import_slices').select('done_at').where('import_id', '=', id).execute()
  return { read: rows.length, written: rows.filter(row => row.done_at !== null).length }
}

const statusOf = async (db: Db, id: string) => (await db.selectFrom('identity_imports').select('status').where('id', '=', id).executeTakeFirstOrThrow()).status

const countNumbers = async (db: Db) => Number((await db.selectFrom('identity_numbers').select(each => each.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()).count)

/** What an import tells and leaves behind, without ids and times. */
async function outcomeOf(db: Db, id: string) {
  const rows = await db.selectFrom('identity_import_rows').select(['line', 'outcome', 'number', 'told']).where('import_id', '=', id).orderBy('line').execute()
  return { progress: await progressOf(db, id), rows: rows.map(row => ({ ...row })), state: await stateOf({ app: { database: { db } } }) }
}

/** At so many random places of the way, by the count of slices: SIGKILL, a look at what is there, and a new start. */
async function blows(hall: Hall, count: number, chance: () => number, reached: () => Promise<number>, look: () => Promise<void>): Promise<number[]> {
  const struck: number[] = []
  const places = Array.from({ length: count }, () => 1 + Math.floor(chance() * (SLICES - 2))).toSorted((a, b) => a - b)
  for (const place of places) {
    await until(`slice ${place}`, async () => await reached() >= place, AGES)
    await hall.processes.worker.kill()
    struck.push(await reached())
    await look()
    await hall.processes.worker.start().ready
  }
  return struck
}

test('killed while it reads and while it writes a roster of thousands, the hall goes on where it was: every row once, the report that of a run nobody killed', async t => {
  const bytes = await content
  const hall = await startHall(t, { env: { SECOND_FACTOR: 'off' } })
  const { database: { db } } = hall
  const chance = seeded(20261121)
  const admin = await db.selectFrom('identity_grants as g').innerJoin('identity_bindings as b', 'b.person_id', 'g.person_id').select('b.userid').where('g.role', '=', 'admin').where('b.ended_at', 'is', null).executeTakeFirstOrThrow()
  const before = await countNumbers(db)
  const desk = await hall.phone(admin.userid)
  const page = await desk.submit(await desk.get('/admin/import'), '/admin/import', { kind: 'students', encoding: '', file: { filename: '学生.xlsx', type: XLSX, content: bytes } })
  const id = page.path.split('/').at(-1) ?? ''

  const reading = await blows(hall, BLOWS.reading, chance, async () => (await slices(db, id)).read, async () => {
    const rows = await db.selectFrom('identity_import_rows').select(each => each.fn.countAll<number>().as('count')).where('import_id', '=', id).executeTakeFirstOrThrow()
    assert.equal(Number(rows.count), (await slices(db, id)).read * 200, 'a slice and its rows are there together')
  })
  await until('the file to be read', async () => await statusOf(db, id) === 'checked', AGES)
  const checked = await patiently(() => desk.get(page.path))
  assert.ok(checked.has('不能导入'), checked.text)
  await patiently(() => desk.submit(checked, `${page.path}/application`, { good_rows: '1' }))

  const writing = await blows(hall, BLOWS.writing, chance, async () => (await slices(db, id)).written, async () => {
    const progress = await progressOf(db, id)
    assert.deepEqual([progress.done, progress.created], [(await slices(db, id)).written * 200, await countNumbers(db) - before], 'the progress is what is written, no more and no less')
  })
  await until('the last row', async () => await statusOf(db, id) === 'done', AGES)
  assert.ok([...reading, ...writing].some(place => place > 0 && place < SLICES), `struck at ${reading.join()} and ${writing.join()} of ${SLICES}`)

  const killed = await outcomeOf(db, id)
  assert.deepEqual(killed.progress, { rows: ROWS, done: ROWS, created: ROWS - 8, changed: 0, unchanged: 0, refused: 8, conflict: 0 })
  const done = await patiently(() => desk.get(page.path))
  assert.ok(done.has(`已经写入：新增 ${ROWS - 8}`), done.text)
  assert.equal((await db.selectFrom('events').select('name').where('name', '=', 'identity.roster-imported').where('subject', '=', id).execute()).length, 1, 'its end is told once')

  const { app: { identity, database } } = await startTestApp(t)
  const report = await identity.importRoster('students', bytes, { file_name: '学生.xlsx', goodRows: true })
  const unkilled = await database.db.selectFrom('identity_imports').select('id').orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow()
  assert.equal(report.errors.length, 8)
  assert.deepEqual(killed, await outcomeOf(database.db, unkilled.id))
})

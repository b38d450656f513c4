import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { sql } from 'kysely'
import { AppError } from '../../src/platform/errors.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import type { Client, Page } from '../support/client.ts'
import { store } from '../support/database.ts'
import { cast } from '../support/people.ts'
import { approved, documentOf } from './office.ts'

const HOUR = 3_600_000

async function drawingJob({ app }: TestApp) {
  return app.database.db.selectFrom('jobs').select(['status', 'attempts', 'error']).where('name', '=', 'documents.draw').executeTakeFirstOrThrow()
}

/** After an hour it is tried again, and everybody is told once. */
async function goesOn(hall: TestApp, application: string, userid: string): Promise<void> {
  const { number } = await documentOf(hall.app, application)
  hall.clock.advance(HOUR)
  await hall.drain()
  const document = await documentOf(hall.app, application)
  assert.deepEqual([document.status, document.number], ['issued', number])
  assert.equal(hall.simulator.state.mails.length, 1)
  assert.equal(hall.simulator.state.messagesTo(userid).filter(message => message.msgtype === 'file').length, 1)
}

test('a store that takes no file keeps a document waiting under its number; it is issued once the store is back', async t => {
  const place = brokenStore(t)
  const hall = await startTestApp(t, { env: { FILES_URL: `file:${place.path}` } })
  const { student, admin } = await cast(hall.app)
  const application = await approved(hall, await hall.phone(student.userid))
  await hall.drain()
  assert.equal((await documentOf(hall.app, application)).status, 'reserved')
  const job = await drawingJob(hall)
  assert.deepEqual([job.status, job.attempts], ['waiting', 0], 'waiting is no failed try')
  assert.ok((await (await hall.phone(admin.userid)).get('/admin')).has('存文件的地方（FILES_URL）拒绝了办事大厅（EEXIST）'))
  place.mend()
  await goesOn(hall, application, student.userid)
})

/** A place for files where nothing can be put. */
function brokenStore(t: TestContext): { path: string; mend(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'store-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'files')
  writeFileSync(path, '')
  return { path, mend: () => rmSync(path) }
}

for (const [what, error] of [['a browser that dies', new AppError('upstream', '浏览器在绘制时退出', { code: 'browser-lost' })], ['a disk that is full', new AppError('upstream', '文件没有存下', { code: 'file-not-stored' })]] as const) {
  test(`${what} while a document is drawn loses nothing, a whole day long`, async t => {
    const hall = await startTestApp(t)
    const { student } = await cast(hall.app)
    const { pdf } = hall.app.browser
    hall.app.browser.pdf = async () => { throw error }
    const application = await approved(hall, await hall.phone(student.userid))
    for (let hour = 0; hour < 24; hour++) {
      await hall.drain()
      hall.clock.advance(HOUR)
    }
    const job = await drawingJob(hall)
    assert.deepEqual([(await documentOf(hall.app, application)).status, job.status], ['reserved', 'waiting'])
    assert.ok(job.attempts > 8, String(job.attempts))
    hall.app.browser.pdf = pdf
    await goesOn(hall, application, student.userid)
  })
}

test('where the database has no more room, pages are still read, who sends something reads that nothing was kept, and after room is made it is sent once', { skip: store === 'mariadb' && 'the server waits for room by itself' }, async t => {
  const hall = await startTestApp(t)
  const { db } = hall.app.database
  const students = await db.selectFrom('identity_bindings as binding').innerJoin('identity_numbers as number', 'number.number', 'binding.number')
    .select('binding.userid').where('number.kind', '=', 'student').where('number.standing', '=', 'enrolled').orderBy('binding.userid').limit(40).execute()
  const asks = await Array.fromAsync(students, async ({ userid }) => {
    const phone = await hall.phone(userid)
    const form = await phone.get('/documents/new/certificates')
    return { phone, ask: () => phone.submit(form, '/documents/requests', { kind: 'enrolment-zh' }) }
  })
  await sql`vacuum`.execute(db)
  const { rows: [size] } = await sql<{ page_count: number }>`pragma page_count`.execute(db)
  await sql`pragma max_page_count = ${sql.lit(size?.page_count ?? 0)}`.execute(db)
  // Some room is left in the pages that there are.
  let refused = asks.shift()
  let answer = await refused?.ask()
  for (; answer?.status === 200; answer = await refused?.ask()) refused = asks.shift()
  assert.ok(answer?.status === 503 && answer.has('服务器的磁盘满了，刚才提交的内容没有保存'), answer?.text)
  const kept = async () => (await db.selectFrom('documents_requests').select('id').execute()).length
  const before = await kept()
  assert.equal((await refused?.phone.get('/documents'))?.status, 200)

  await sql`pragma max_page_count = 1000000`.execute(db)
  assert.equal((await refused?.ask())?.status, 200)
  assert.equal(await kept(), before + 1)
})

/** A batch of so many, checked; its page. */
async function batchOf(hall: TestApp, count: number): Promise<{ desk: Client; page: Page; signIn(): Promise<Client> }> {
  const { db } = hall.app.database
  const { userid } = await db.selectFrom('identity_grants as held').innerJoin('identity_bindings as binding', 'binding.person_id', 'held.person_id').select('binding.userid')
    .where('held.role', '=', 'registrar').where('held.scope_kind', '=', 'all').executeTakeFirstOrThrow()
  const numbers = await db.selectFrom('identity_numbers').select('number').where('kind', '=', 'student').where('standing', '=', 'enrolled').orderBy('number').limit(count).execute()
  const signIn = () => hall.phone(userid)
  const desk = await signIn()
  const made = await desk.submit(await desk.get('/admin/documents/batches/new'), '/admin/documents/batches', {
    kind: 'enrolment-zh', name: '', purpose: '', by: 'numbers', unit: '', class_name: '', entered: '', numbers: numbers.map(({ number }) => number).join('\n'), deliver: 'none',
  })
  await hall.drain()
  return { desk, page: await desk.get(made.path), signIn }
}

test('a batch that finds no more room in the database waits for it, however long, and each of its papers is issued once', { skip: store === 'mariadb' && 'the server waits for room by itself' }, async t => {
  const hall = await startTestApp(t)
  const { db } = hall.app.database
  const { desk, page, signIn } = await batchOf(hall, 30)
  await desk.submit(page, `${page.path}/beginning`)
  await sql`vacuum`.execute(db)
  const { rows: [size] } = await sql<{ page_count: number }>`pragma page_count`.execute(db)
  await sql`pragma max_page_count = ${sql.lit(size?.page_count ?? 0)}`.execute(db)
  for (let hours = 0; hours < 12; hours++) {
    // What cannot even be taken is for later as well.
    await hall.drain().catch(() => {})
    hall.clock.advance(HOUR)
  }
  assert.ok((await documents(hall)).filter(row => row.status === 'issued').length < 30)

  await sql`pragma max_page_count = 1000000`.execute(db)
  await hall.drain()
  const done = await (await signIn()).get(page.path)
  assert.ok(done.has('已完成') && done.has('30 / 30'), done.text)
  const issued = await documents(hall)
  assert.deepEqual([issued.length, new Set(issued.map(row => row.person_number)).size, issued.every(row => row.status === 'issued')], [30, 30, true])
})

const documents = async ({ app }: TestApp) => await app.database.db.selectFrom('documents_documents').select(['person_number', 'status']).execute()

test('before the database’s disk is full a batch waits, and who looks reads why', async t => {
  const hall = await startTestApp(t)
  const { desk, page } = await batchOf(hall, 30)
  const { room } = hall.app.database
  // So many looks still find enough.
  let enough = 0
  hall.app.database.room = async () => enough-- > 0 ? null : 3 * 1024 * 1024
  await desk.submit(page, `${page.path}/beginning`)
  await hall.drain()
  const admin = await hall.phone((await cast(hall.app)).admin.userid)
  for (const seen of [await desk.get(page.path), await admin.get('/admin')]) assert.ok(seen.has('数据库所在的磁盘快满了（还有 3 MB）'), seen.text)
  enough = 1
  hall.clock.advance(60_000)
  await hall.drain()
  hall.clock.advance(30_000)
  const held = await desk.get(page.path)
  const done = Number(/(\d+) \/ 30/.exec(held.text)?.[1])
  assert.ok(done > 0 && done < 30 && !held.has('大约还要'), held.text)
  hall.app.database.room = room
  hall.clock.advance(60_000)
  await hall.drain()
  assert.ok((await desk.get(page.path)).has('30 / 30'))
})

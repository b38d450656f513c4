import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { AppError } from '../../src/platform/errors.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
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

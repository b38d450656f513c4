import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { createApp } from '../../src/app.ts'
import { drawDocument } from '../../src/features/documents/jobs.ts'
import { findBrowser } from '../../src/integrations/browser/find.ts'
import { enqueue } from '../../src/platform/jobs.ts'
import { printed, workshop } from '../integrations/seal-material.ts'
import { startTestApp } from '../support/app.ts'
import { quietLog } from '../support/database.ts'
import { cast } from '../support/people.ts'
import { approved, documentOf } from './office.ts'

const MINUTE = 60_000

/** A place for a browser where there is none yet. */
function emptyPlace(t: TestContext): { path: string; install(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'no-browser-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'chromium-headless-shell')
  return { path, install: () => symlinkSync(findBrowser() ?? assert.fail('this test needs a browser'), path) }
}

test('without a browser a document waits and says so, the console says what to install, and then it goes on by itself', async t => {
  const place = emptyPlace(t)
  const hall = await startTestApp(t, { env: { CHROMIUM_PATH: place.path } })
  const { student, admin } = await cast(hall.app)
  const phone = await hall.phone(student.userid)
  const application = await approved(hall, phone)
  await hall.drain()

  const { id } = await documentOf(hall.app, application)
  const waiting = await phone.get(`/documents/${id}`)
  assert.ok(waiting.has('生成中') && waiting.has('学校的服务器暂时不能生成文件'), waiting.text)
  assert.equal((await phone.get(`/documents/${id}/file`)).status, 404)
  const desk = await hall.phone(admin.userid)
  for (const path of ['/admin', '/admin/documents']) assert.ok((await desk.get(path)).has('chromium-headless-shell'), path)

  place.install()
  hall.clock.advance(MINUTE)
  await hall.drain()
  assert.ok((await phone.get(`/documents/${id}`)).has('已签章'))
  assert.ok(!(await desk.get('/admin')).has('服务器上没有浏览器'))
  const job = await hall.app.database.db.selectFrom('jobs').select(['attempts', 'status']).where('name', '=', drawDocument.name).executeTakeFirstOrThrow()
  assert.deepEqual({ ...job }, { attempts: 1, status: 'done' }, 'waiting is no failed try')
})

test('without a seal a document waits and the console says so; after a start with a seal it goes on', async t => {
  const hall = await startTestApp(t, { env: { SEAL_P12: '', SEAL_P12_PASSWORD: '', SEAL_IMAGE: '' } })
  const other = await startTestApp(t)
  const { student, admin } = await cast(hall.app)
  const phone = await hall.phone(student.userid)
  const application = await approved(hall, phone)
  await hall.drain()
  const { id } = await documentOf(hall.app, application)
  assert.ok((await phone.get(`/documents/${id}`)).has('学校的服务器暂时不能生成文件'))
  assert.ok((await (await hall.phone(admin.userid)).get('/admin/documents')).has('没有配置电子签章'))

  const restarted = await createApp({ ...hall.app.config, seal: other.app.config.seal }, { clock: hall.clock, log: quietLog })
  t.after(() => restarted.close())
  hall.clock.advance(MINUTE)
  const [job] = await restarted.runner.due('documents', 1)
  assert.equal(await restarted.runner.runJob(job?.id ?? ''), true)
  assert.equal((await documentOf(hall.app, application)).status, 'issued')
})

test('a seal whose certificate has ended seals nothing', async t => {
  const hall = await startTestApp(t)
  const { student, admin } = await cast(hall.app)
  const phone = await hall.phone(student.userid)
  const application = await approved(hall, phone)
  hall.clock.advance(21 * 365 * 24 * 60 * MINUTE)
  const [job] = await hall.app.runner.due('documents', 1)
  await hall.app.runner.runJob(job?.id ?? '')
  assert.equal((await documentOf(hall.app, application)).status, 'reserved')
  assert.ok((await (await hall.phone(admin.userid)).get('/admin')).has('电子签章的证书已经过期'))
})

test('two workers draw the same document at once: one file, one message, one mail', async t => {
  const place = emptyPlace(t)
  const hall = await startTestApp(t, { env: { CHROMIUM_PATH: place.path } })
  const { student } = await cast(hall.app)
  const application = await approved(hall, await hall.phone(student.userid))
  await hall.drain()
  const { id } = await documentOf(hall.app, application)
  const second = await createApp(hall.app.config, { clock: hall.clock, log: quietLog })
  t.after(() => second.close())
  await hall.app.database.write(tx => enqueue(tx, drawDocument, { document_id: id }, { at: hall.clock.now() + MINUTE }))
  const jobs = await hall.app.database.db.selectFrom('jobs').select('id').where('name', '=', drawDocument.name).where('status', '=', 'waiting').execute()
  assert.equal(jobs.length, 2)
  place.install()
  hall.clock.advance(MINUTE)
  await Promise.all(jobs.map(({ id: job }, which) => [hall.app, second][which]?.runner.runJob(job)))
  await hall.drain()

  const events = await hall.app.database.db.selectFrom('events').select('name').where('name', 'like', 'documents.%').where('subject', '=', application).execute()
  assert.deepEqual(events.map(event => event.name), ['documents.reserved', 'documents.issued'])
  assert.equal(hall.simulator.state.mails.length, 1)
  assert.equal(hall.simulator.state.messagesTo(student.userid).filter(message => message.msgtype === 'file').length, 1)
})

test('a document is drawn from the template that was kept when it was approved', async t => {
  const place = emptyPlace(t)
  const hall = await startTestApp(t, { env: { CHROMIUM_PATH: place.path } })
  const { student } = await cast(hall.app)
  const phone = await hall.phone(student.userid)
  const application = await approved(hall, phone)
  await hall.drain()
  const { db } = hall.app.database
  const { id, template_hash } = await documentOf(hall.app, application)
  const kept = await db.selectFrom('documents_templates').select('source').where('hash', '=', template_hash).executeTakeFirstOrThrow()
  // As if the catalogue had been changed since: what was kept is not what the catalogue says.
  await db.updateTable('documents_templates').set({ source: kept.source.replace('特此证明', '谨此证明') }).where('hash', '=', template_hash).execute()

  place.install()
  hall.clock.advance(MINUTE)
  await hall.drain()
  const { file } = await workshop(t)
  const { bytes } = await phone.get(`/documents/${id}/file`)
  assert.match(await printed('pdftotext', await file('a.pdf', bytes), '-'), /谨此证明/)
})

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { startTestApp, type TestApp } from '../support/app.ts'
import { type Bucket, startBucket } from '../support/bucket.ts'
import { startClamd } from '../support/clamd.ts'
import type { Client, File, Page } from '../support/client.ts'
import { cast } from '../support/people.ts'
import { checkJobs } from '../kill/count.ts'
import { agree, approved, documentOf, issued, upload } from './office.ts'

const [MINUTE, HOUR] = [60_000, 3_600_000]
const APPLY = '/services/enrolment-certificate/apply'
const AWAY = '现在取不到这个文件，它没有丢。请过几分钟再试'
const NOTE: File = { filename: '要求.pdf', type: 'application/pdf', content: Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj\n<<>>\nendobj\n') }

type World = { hall: TestApp; bucket: Bucket; desk: Client }

/** The hall with its files in a bucket, and an administrator at the console. */
async function start(t: TestContext, env: Record<string, string> = {}): Promise<World> {
  const bucket = await startBucket()
  t.after(() => bucket.stop())
  const hall = await startTestApp(t, { env: { FILES_URL: bucket.url(), ...env } })
  return { hall, bucket, desk: await hall.phone((await cast(hall.app)).admin.userid) }
}

const mailsTo = ({ simulator }: TestApp, address: string): number => simulator.state.mails.filter(mail => mail.to.includes(address)).length
const filesTo = ({ simulator }: TestApp, userid: string): number => simulator.state.messagesTo(userid).filter(message => message.msgtype === 'file').length
const readiness = async ({ origin }: TestApp): Promise<unknown> => { const answer = await fetch(`${origin}/readyz`); return [answer.status, await answer.json()] }
const jobsOf = ({ app }: TestApp, name: string) => app.database.db.selectFrom('jobs').select(['status', 'attempts']).where('name', '=', name).orderBy('id').execute()

async function send(phone: Client, mailbox: string, attachment?: File): Promise<Page> {
  return phone.submit(await phone.get(APPLY), APPLY, { purpose: 'visa', language: 'zh', mailbox, remark: '签证中心要求', ...attachment && { attachment }, intent: 'submit' })
}

test('the storage stops and comes back: pages say so, nothing typed is lost, and a paper waits, is made once, arrives once and is genuine', async t => {
  const { hall, bucket, desk } = await start(t)
  const { student } = await cast(hall.app)
  const earlier = await issued(hall, { which: 3, fields: { mailbox: 'earlier@example.com' } })
  assert.deepEqual(await readiness(hall), [200, { status: 'ready', files: 'ok' }])
  const phone = await hall.phone(student.userid)
  const sent = await send(phone, 'one@example.com', NOTE)
  const attachment = sent.root.querySelector('a[href*="/attachments/"]')?.getAttribute('href') ?? assert.fail(sent.text)
  assert.deepEqual(Buffer.from((await phone.get(attachment)).bytes), NOTE.content)
  await hall.drain()

  await bucket.kill()
  await t.test('who opens a file or a paper reads that it is not lost, and may try again', async () => {
    for (const [who, path] of [[phone, attachment], [earlier.phone, earlier.page.link('下载文件')]] as const) {
      const page = await who.get(path)
      assert.deepEqual([page.status, page.heading, page.has(AWAY), page.link('再试一次')], [503, '暂时不可用', true, path])
    }
    const { status, headers } = await earlier.phone.get(earlier.page.link('下载文件'), { accept: 'application/json' })
    assert.deepEqual([status, headers.get('content-type')?.startsWith('application/problem+json')], [503, true])
  })

  await t.test('who uploads a file reads it at the field, and everything typed is there', async () => {
    const other = await hall.phone((await cast(hall.app, 5)).student.userid)
    const refused = await send(other, 'other@example.com', NOTE)
    assert.deepEqual([refused.status, refused.path, refused.has('“要求.pdf”没有存下，现在存不了文件'), refused.value('mailbox'), refused.value('remark').trim()], [422, APPLY, true, 'other@example.com', '签证中心要求'])
    assert.equal((await other.get(APPLY)).value('mailbox'), 'other@example.com', 'it is with the draft')
    assert.match((await send(other, 'other@example.com')).path, /^\/applications\//, 'without a file it can be sent')
  })

  await t.test('verification asks the register and the file that was dropped, not the storage', async () => {
    assert.ok((await hall.stranger().get(`/verify/${earlier.document.code}`)).has(earlier.document.number))
    assert.ok((await upload(hall.stranger(), earlier.pdf)).has('真实有效'))
  })

  await earlier.phone.submit(earlier.page, `/documents/${earlier.document.id}/mailing`, { mailbox: 'again@example.com', whose: 'mine' })
  const application = sent.path.split('/')[2] ?? ''
  await agree(hall, application)
  await hall.drain()
  const { id, number } = await documentOf(hall.app, application)
  await t.test('the paper and the mail wait, their owner and the console are told why, and the hall stays ready', async () => {
    assert.ok((await phone.get(`/documents/${id}`)).has('学校的服务器暂时不能生成文件'))
    for (const path of ['/admin', '/admin/documents']) assert.ok((await desk.get(path)).has('存文件的地方（FILES_URL）没有应答（ECONNRESET）'), path)
    assert.deepEqual(await readiness(hall), [200, { status: 'ready', files: 'away' }])
    assert.deepEqual((await jobsOf(hall, 'documents.draw')).map(row => [row.status, row.attempts]), [['done', 1], ['waiting', 0]], 'waiting is no failed try')
    assert.equal(mailsTo(hall, 'again@example.com'), 0)
  })

  await bucket.restart()
  hall.clock.advance(MINUTE)
  await hall.drain()
  const document = await documentOf(hall.app, application)
  assert.deepEqual([document.status, document.number], ['issued', number])
  assert.deepEqual(['earlier', 'again', 'one', 'other'].map(name => mailsTo(hall, `${name}@example.com`)), [1, 1, 1, 0])
  assert.equal(filesTo(hall, student.userid), 1)
  const { bytes } = await phone.get(`/documents/${id}/file`)
  assert.ok((await upload(hall.stranger(), bytes)).has('真实有效'))
  assert.deepEqual(Buffer.from((await phone.get(attachment)).bytes), NOTE.content)
  assert.ok(!(await desk.get('/admin')).has('FILES_URL'))
  await checkJobs({ database: hall.app.database })
})

test('a storage that is full, refuses the key and loses its bucket, two days long, loses no paper, no mail and no scan', async t => {
  const clamd = await startClamd()
  t.after(() => clamd.stop())
  const { hall, bucket } = await start(t, { CLAMD_URL: clamd.url })
  const { student, admin } = await cast(hall.app)
  const earlier = await issued(hall, { which: 3, fields: { mailbox: 'earlier@example.com' } })
  const phone = await hall.phone(student.userid)
  await clamd.kill()
  const sent = await send(phone, 'one@example.com', NOTE)
  bucket.ail({ status: 507, code: 'XMinioStorageFull' })
  await clamd.restart()
  await earlier.phone.submit(earlier.page, `/documents/${earlier.document.id}/mailing`, { mailbox: 'again@example.com', whose: 'mine' })
  const application = sent.path.split('/')[2] ?? ''
  await agree(hall, application)
  for (const [status, code, words] of [[507, 'XMinioStorageFull', '满了（507 XMinioStorageFull）'], [403, 'AccessDenied', '拒绝了办事大厅（403 AccessDenied）'], [404, 'NoSuchBucket', '不存在（404 NoSuchBucket）']] as const) {
    bucket.ail({ status, code })
    for (let tries = 0; tries < 4; tries++) {
      await hall.drain()
      hall.clock.advance(4 * HOUR)
    }
    const desk = await hall.phone(admin.userid) // an earlier session is over
    assert.ok((await desk.get('/admin')).has(words), words)
  }
  assert.equal((await documentOf(hall.app, application)).status, 'reserved')
  bucket.ail(null)
  const attachments = async () => (await hall.app.database.db.selectFrom('services_attachments').select('status').where('application_id', '=', application).execute()).map(row => row.status)
  // A scanner that is late looks again in a minute, a browser costs a try.
  for (let hours = 0; hours < 6 && ((await attachments()).includes('waiting') || (await documentOf(hall.app, application)).status !== 'issued'); hours++) {
    hall.clock.advance(HOUR)
    await hall.drain()
  }
  assert.equal((await documentOf(hall.app, application)).status, 'issued')
  assert.deepEqual(['earlier', 'again', 'one'].map(name => mailsTo(hall, `${name}@example.com`)), [1, 1, 1])
  assert.deepEqual(await attachments(), ['clean'])
  await checkJobs({ database: hall.app.database })
})

test('the storage goes away between drawing and storing: the paper is drawn again and made once', async t => {
  const { hall, bucket } = await start(t)
  const { student } = await cast(hall.app)
  const { pdf } = hall.app.browser
  const gone = Promise.withResolvers<true>()
  hall.app.browser.pdf = async (...asked) => {
    const drawn = await pdf(...asked)
    bucket.ail({ status: 403, code: 'AccessDenied' })
    gone.resolve(true)
    return drawn
  }
  const application = await approved(hall, await hall.phone(student.userid))
  // A browser that is late costs a try.
  for (let tries = 0; tries < 8 && !await Promise.race([gone.promise, false]); tries++) {
    hall.clock.advance(MINUTE)
    await hall.drain()
  }
  const [job] = await hall.app.database.db.selectFrom('jobs').select(['status', 'error']).where('name', '=', 'documents.draw').execute()
  assert.deepEqual([job?.status, /文件没有存下/.test(job?.error ?? '')], ['waiting', true])
  hall.app.browser.pdf = pdf
  bucket.ail(null)
  hall.clock.advance(MINUTE)
  await hall.drain()
  assert.equal((await documentOf(hall.app, application)).status, 'issued')
  assert.deepEqual([mailsTo(hall, 'student@example.com'), filesTo(hall, student.userid)], [1, 1])
})

test('a batch waits for the storage and is issued once; its archive is a whole file, or a page that says why not', async t => {
  const { hall, bucket } = await start(t)
  const { db } = hall.app.database
  const registrar = await db.selectFrom('identity_grants as held').innerJoin('identity_bindings as binding', 'binding.person_id', 'held.person_id').select('binding.userid')
    .where('held.role', '=', 'registrar').where('held.scope_kind', '=', 'all').executeTakeFirstOrThrow()
  const signIn = () => hall.phone(registrar.userid)
  const numbers = (await db.selectFrom('identity_numbers').select('number').where('kind', '=', 'student').where('standing', '=', 'enrolled').orderBy('number').limit(3).execute()).map(row => row.number)
  const desk = await signIn()
  const { path } = await desk.submit(await desk.get('/admin/documents/batches/new'), '/admin/documents/batches', {
    kind: 'enrolment-zh', name: '', purpose: '', by: 'numbers', unit: '', class_name: '', entered: '', numbers: numbers.join('\n'), deliver: 'none',
  })
  await hall.drain()
  bucket.ail({ status: 507, code: 'XMinioStorageFull' })
  await desk.submit(await desk.get(path), `${path}/beginning`)
  for (let hours = 0; hours < 24; hours += 2) {
    await hall.drain()
    hall.clock.advance(2 * HOUR)
  }
  const waiting = await (await signIn()).get(path)
  assert.ok(waiting.has('存文件的地方（FILES_URL）满了（507 XMinioStorageFull）') && waiting.has('0 / 3'), waiting.text)

  bucket.ail(null)
  hall.clock.advance(MINUTE)
  await hall.drain()
  const again = await signIn()
  const done = await again.get(path)
  assert.ok(done.has('已完成') && done.has('3 / 3'), done.text)
  const fetched = async () => (await db.selectFrom('events').select('id').where('name', '=', 'documents.batch-fetched').execute()).length
  bucket.ail({ status: 503, code: 'SlowDown' })
  const refused = await again.get(`${path}/archive`)
  assert.deepEqual([refused.status, refused.has(AWAY), await fetched()], [503, true, 0])
  bucket.ail(null)
  const archive = await again.get(`${path}/archive`)
  assert.deepEqual([archive.status, archive.headers.get('content-type'), await fetched()], [200, 'application/zip', 1])
  assert.equal(Buffer.from(archive.bytes.subarray(0, 2)).toString(), 'PK')
})

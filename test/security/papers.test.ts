import assert from 'node:assert/strict'
import { deflateSync } from 'node:zlib'
import { after, test } from 'node:test'
import { PDF, PdfArray, PdfDict, PdfName, PdfStream } from '@libpdf/core'
import { issued, sharedCleaner, upload } from '../documents/office.ts'
import { startTestApp } from '../support/app.ts'
import { cast } from '../support/people.ts'
import { access } from './access.ts'
import { ask, send, tokenOf } from './attack.ts'

const hall = await startTestApp(sharedCleaner(after))
const { db } = hall.app.database
const { student, phone, document, pdf, code } = await issued(hall)
const DAY = 24 * 3_600_000
const day = new Date(hall.clock.now() + 8 * DAY).toISOString().slice(0, 10)

test('another student finds no door to a paper, its links, its requests and its corrections, whatever number they learn', async () => {
  const form = await phone.get(`/documents/${document.id}/shares/new`)
  const consent = form.root.querySelector('input[name=consent]')?.getAttribute('value') ?? ''
  const share = await phone.submit(form, `/documents/${document.id}/shares`, { until: day, recipient: '某某单位', mailbox: 'hr@example.com', consent, passcode: 'on' })
  const begun = await phone.submit(await phone.get('/documents/new/certificates'), '/documents/requests', { kind: 'enrolment-en' })
  const wrong = await phone.get(`${begun.path}/correction`)
  await phone.submit(wrong, `${begun.path}/correction`, { line: 'rest', said: '少了一行' })
  await hall.drain()
  const correction = await db.selectFrom('documents_corrections').select('id').executeTakeFirstOrThrow()
  const delivery = await db.selectFrom('messages_deliveries').select('id').where('channel', '=', 'mail').executeTakeFirstOrThrow()
  const last = (path: string) => path.split('/').at(-1) ?? ''
  const ids: Record<string, readonly string[]> = {
    id: [document.id, last(begun.path), correction.id], share: [last(share.path)], delivery: [delivery.id], application: [document.application_id ?? ''],
  }
  const state = async () => JSON.stringify([
    await db.selectFrom('documents_documents').select(['id', 'status']).orderBy('id').execute(), await db.selectFrom('documents_shares').selectAll().execute(),
    await db.selectFrom('documents_requests').selectAll().execute(), await db.selectFrom('documents_corrections').selectAll().execute(), await db.selectFrom('messages_deliveries').select('id').orderBy('id').execute(),
  ])
  const before = await state()

  const { classmate } = await cast(hall.app)
  const other = await hall.phone(classmate.userid)
  const _csrf = await tokenOf(other)
  const doors = access.flatMap(({ routes }) => routes).filter(route => /^\w+ \/documents\/.*:/.test(route))
  assert.ok(doors.length > 20)
  for (const door of doors) {
    const [method = '', pattern = ''] = door.split(' ')
    const paths = (ids[/:(\w+)/.exec(pattern)?.[1] ?? ''] ?? []).map(id => pattern.replace(/:\w+/, id).replace(':delivery', delivery.id))
    assert.ok(paths.length > 0, door)
    for (const path of paths) {
      const answer = method === 'GET' ? await ask(hall.origin, path, { client: other }) : await send(hall.origin, path, { _csrf, until: day, to: 'phone', mailbox: 'x@example.com', whose: 'mine', reason: 'x', line: 'rest', said: 'x', recipient: 'x', consent }, { client: other })
      assert.ok([403, 404].includes(answer.status), `${door} ${answer.status}`)
      for (const words of [student.name, student.number, document.number, code, '某某单位']) assert.ok(!answer.body.includes(words), `${door}: ${words}`)
    }
  }
  assert.equal(await state(), before)
})

test('who has seen a code cannot bury its owner\'s record of who checked it under names of their own', async () => {
  const stranger = hall.stranger()
  const rows = async () => (await db.selectFrom('documents_verifications').select('organisation').where('document_id', '=', document.id).execute()).length
  await stranger.post(`/verify/${code}`, { organisation: '某公司' })
  for (let n = 0; n < 20; n++) await stranger.post(`/verify/${code}`, { organisation: `假单位 ${n}` })
  assert.ok(await rows() <= 3, 'of one minute')
  for (let minute = 0; minute < 120; minute++) {
    hall.clock.advance(61_000)
    await stranger.get(`/verify/${code}`)
  }
  assert.equal(await rows(), 100, 'of one day')
  hall.clock.advance(DAY)
  await stranger.get(`/verify/${code}`)
  assert.equal(await rows(), 101)
})

test('what unpacks to very much behind a sealed file is not unpacked, and the file stays what it is', async () => {
  const file = await PDF.load(pdf)
  const { registry } = file.context
  const bomb = deflateSync(Buffer.alloc(15 * 1024 * 1024))
  const streams = () => new PdfArray(Array.from({ length: 16 }, () => registry.register(new PdfStream(PdfDict.of({ Filter: PdfName.of('FlateDecode') }), new Uint8Array(bomb)))))
  file.getCatalog().set('DSS', registry.register(PdfDict.of({ Type: PdfName.of('DSS'), Certs: streams(), OCSPs: streams(), CRLs: streams() })))
  const before = process.memoryUsage.rss()
  const page = await upload(hall.stranger(), await file.save({ incremental: true }))
  assert.ok(page.has('真实有效') && page.has('文件里没有证书是否被吊销的证明'), page.text)
  assert.ok(process.memoryUsage.rss() - before < 400 * 1024 * 1024)
})

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createSeal } from '../../src/integrations/seal/index.ts'
import { identity, p12Of, PASSWORD, plainPdf } from '../integrations/seal-material.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { quietLog } from '../support/database.ts'
import { checks, type Issued, issued, sharedCleaner, upload } from './office.ts'

const shared = sharedCleaner(after)
let hall: TestApp
let certificate: Issued
before(async () => {
  hall = await startTestApp(shared)
  certificate = await issued(hall)
})

test('a code is found however it was typed, its holder stays masked, and its owner sees that somebody looked', async () => {
  const { student, phone, document, code } = certificate
  const stranger = hall.stranger()
  const wide = code.replace(/[0-9A-Z-]/g, letter => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0))
  const form = await stranger.get('/verify')
  assert.equal(form.heading, '真伪认证')
  for (const typed of [code, code.toLowerCase(), code.replaceAll('-', ''), code.replaceAll('-', ' '), ` ${wide} `]) {
    const verdict = await stranger.get(`/verify?code=${encodeURIComponent(typed)}`)
    assert.equal(verdict.status, 200, typed)
    assert.ok(verdict.has('真实有效') && verdict.has(document.number), verdict.text)
    assert.ok(!verdict.has(student.name) && !verdict.has(student.number), 'masked')
    assert.ok(verdict.has(`${student.name.slice(0, 1)}*`), verdict.text)
    assert.deepEqual(checks(verdict), ['green 验证码在学校的登记簿里', 'green 没有作废'])
    assert.equal(verdict.headers.get('referrer-policy'), 'no-referrer')
    assert.equal(verdict.headers.get('cache-control'), 'no-store')
    assert.equal(verdict.headers.get('x-robots-tag'), 'noindex')
  }
  const page = await phone.get(`/documents/${document.id}`)
  assert.equal(page.text.split('有人用验证码核验').length - 1, 1, 'looking several times in a minute is one verification')
  hall.clock.advance(61_000)
  await stranger.get(`/verify/${code}`)
  assert.equal((await phone.get(`/documents/${document.id}`)).text.split('有人用验证码核验').length - 1, 2)
})

test('a code that does not exist is unknown, and an empty field asks for one', async () => {
  const stranger = hall.stranger()
  for (const typed of ['7Q2M-XK4T-9ZRB-3WDN', 'x', '../../etc/passwd', '<script>alert(1)</script>', '真', 'A'.repeat(190)]) {
    const verdict = await stranger.get(`/verify?code=${encodeURIComponent(typed)}`)
    assert.equal(verdict.status, 404, typed)
    assert.ok(verdict.has('查无此件') || verdict.has('没有找到'), verdict.text)
  }
  assert.equal((await stranger.get('/verify?code=')).heading, '真伪认证')
  assert.equal((await stranger.get(`/verify?code=${'A'.repeat(5000)}`)).status, 200)
})

test('a document that is not sealed yet is unknown to strangers', async () => {
  const { code, document } = certificate
  const become = (status: 'reserved' | 'issued') => hall.app.database.db.updateTable('documents_documents').set({ status }).where('id', '=', document.id).execute()
  await become('reserved')
  assert.equal((await hall.stranger().get(`/verify/${code}`)).status, 404)
  await become('issued')
})

test('a file is told genuine, altered, appended to, foreign, unsigned or no PDF, each check by itself', async () => {
  const { pdf, phone, document, student } = certificate
  const stranger = hall.stranger()
  const genuine = await upload(stranger, pdf)
  assert.ok(genuine.has('真实有效') && genuine.has(document.number) && !genuine.has(student.name), genuine.text)
  assert.deepEqual(checks(genuine).map(line => line.replace(/明湖.*/, '')), ['green 签章之后内容没有改动', 'green 签章的证书属于学校', 'green 文件在学校的登记簿里', 'green 没有作废'])
  assert.equal(genuine.headers.get('referrer-policy'), 'no-referrer')
  assert.ok((await phone.get(`/documents/${document.id}`)).has('有人用文件核验'))

  const bent = Buffer.from(pdf)
  bent[400] = (bent[400] ?? 0) ^ 1
  const altered = await upload(stranger, bent)
  assert.ok(altered.has('已被篡改'), altered.text)
  assert.deepEqual(checks(altered), ['red 签章之后内容被改动过', 'grey 内容已改动，无从核对签章的证书', 'grey 文件不在学校的登记簿里'])
  assert.ok(!altered.has(document.number), 'of an altered file nothing is confirmed')

  const appended = await upload(stranger, Buffer.concat([pdf, Buffer.from('\n% one more line\n')]))
  assert.ok(appended.has('已被篡改'), appended.text)
  assert.match(checks(appended)[1] ?? '', /^green 签章的证书属于学校/)

  const forger = await createSeal({ p12: await p12Of(await identity('明湖大学电子签章', { from: hall.clock.now() - 86_400_000, to: hall.clock.now() + 86_400_000 })), password: PASSWORD, log: quietLog })
  const { pdf: foreign } = await forger.sign(await plainPdf(), { reason: '伪造', location: '别处', fieldName: 'Seal', at: hall.clock.now() })
  const forged = await upload(stranger, foreign)
  assert.ok(forged.has('查无此件') && forged.has('文件上的签章不是学校的'), forged.text)
  assert.deepEqual(checks(forged).map(line => line.replace(/明湖.*/, '')), ['green 签章之后内容没有改动', 'red 签章的证书不属于学校', 'red 文件不在学校的登记簿里'])

  const unsigned = await upload(stranger, await plainPdf())
  assert.ok(unsigned.has('扫描件、照片和另存的文件请用验证码核验'), unsigned.text)
  assert.deepEqual(checks(unsigned), ['red 文件上没有电子签章'])
  const text = await upload(stranger, Buffer.from('<html>hello</html>'))
  assert.deepEqual(checks(text), ['red 不是 PDF 文件'])
})

test('what cannot be checked comes back at the form with a sentence', async () => {
  const stranger = hall.stranger()
  const none = await stranger.post('/verify/file', { file: { filename: '', type: 'application/octet-stream', content: new Uint8Array() } })
  const empty = await upload(stranger, new Uint8Array())
  const large = await upload(stranger, Buffer.alloc(10.5 * 1024 * 1024, '%PDF-1.7 '))
  const larger = await upload(stranger, Buffer.alloc(11 * 1024 * 1024, '%PDF-1.7 '))
  const bare = await stranger.post('/verify/file', { code: 'x' })
  const answers = [[none, '请选择要核验的 PDF 文件', 422], [empty, '这个文件是空的', 422], [large, '文件超过 10 MB', 422], [larger, '文件超过 10 MB', 413], [bare, '请选择要核验的 PDF 文件', 422]] as const
  for (const [page, words, status] of answers) {
    assert.equal(page.status, status, page.text)
    assert.equal(page.heading, '真伪认证')
    assert.ok(page.has(words), `${words}: ${page.text}`)
  }
})

test('hostile files get an answer', async () => {
  const { pdf } = certificate
  const words = Buffer.from(pdf).toString('latin1')
  const hostile = [
    `%PDF-1.7\n${'<<'.repeat(200_000)}`, `%PDF-1.7\n/ByteRange [0 1 2 99999999999999]/Contents <${'0'.repeat(1000)}>`,
    `%PDF-1.7\n${'/ByteRange [0 0 0 0] /Contents <00> '.repeat(5000)}`, words.slice(0, words.length / 2), words.replace(/\/ByteRange \[[^\]]+\]/, '/ByteRange [0 -1 5 5]'),
  ]
  for (const text of hostile) {
    const verdict = await upload(hall.stranger(), Buffer.from(text, 'latin1'), '../../../etc/passwd')
    assert.equal(verdict.status, 200)
    assert.ok(verdict.has('查无此件') || verdict.has('已被篡改'), verdict.text)
  }
})

import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { PDF, PdfArray, PdfDict, PdfName, PdfStream } from '@libpdf/core'
import { createSeal } from '../../src/integrations/seal/index.ts'
import { identity, p12Of, PASSWORD, plainPdf } from '../integrations/seal-material.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import type { Page } from '../support/client.ts'
import { quietLog } from '../support/database.ts'
import { writeUpdate } from '../support/pdf-updates.ts'
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

test('who reads English reads the names that a paper in English has, masked by the code and whole with the file', async () => {
  const { student, document, pdf, code } = certificate
  const { name_en = '', unit_en = '', major_en = '' } = document.facts
  const stranger = hall.stranger()
  stranger.cookies.set('language', 'en')
  const byCode = await stranger.get(`/verify/${code}`)
  assert.ok(byCode.has('Genuine and valid') && byCode.has(unit_en) && !byCode.has(name_en) && !byCode.has(student.name), byCode.text)
  assert.match(byCode.text, /Holder\s+[A-Z]\*+ [A-Z]\*+/)
  const withFile = await upload(stranger, pdf)
  assert.ok(withFile.has(`${name_en} (${student.name})`) && withFile.has(unit_en) && withFile.has(major_en), withFile.text)
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
  assert.ok(genuine.has('真实有效') && genuine.has(document.number), genuine.text)
  assert.ok(genuine.has(student.name) && genuine.has(student.number), 'who holds the file reads them in it anyway')
  assert.deepEqual(checks(genuine).map(plain), ['green 签章覆盖的内容没有改动', 'green 签章之后没有添加任何内容', 'green 签章的证书属于学校，签章时有效', 'grey 签章时间', 'grey 文件里没有证书是否被吊销的证明', 'grey 签章的级别：PAdES B-B', 'green 文件在学校的登记簿里', 'green 没有作废'])
  assert.equal(genuine.headers.get('referrer-policy'), 'no-referrer')
  assert.ok((await phone.get(`/documents/${document.id}`)).has('有人用文件核验'))

  const bent = Buffer.from(pdf)
  bent[400] = (bent[400] ?? 0) ^ 1
  const altered = await upload(stranger, bent)
  assert.ok(altered.has('已被篡改'), altered.text)
  assert.deepEqual(checks(altered), ['red 签章覆盖的内容被改动过', 'grey 签章之后添加了什么，无从核对', 'grey 内容已改动，无从核对签章的证书', 'grey 签章时间没有证明', 'grey 文件不在学校的登记簿里'])
  assert.ok(!altered.has(document.number), 'of an altered file nothing is confirmed')

  const appended = await upload(stranger, Buffer.concat([pdf, Buffer.from('\n% one more line\n')]))
  assert.ok(appended.has('已被篡改'), appended.text)
  assert.deepEqual(checks(appended).slice(0, 3).map(plain), ['green 签章覆盖的内容没有改动', 'red 签章之后添加或改动了：无法识别的内容', 'green 签章的证书属于学校，签章时有效'])

  const page = Number(/(\d+) 0 obj\s*<<[^]{0,40}\/Type \/Page\b/.exec(Buffer.from(pdf).toString('latin1'))?.[1])
  const edited = await upload(stranger, writeUpdate(Buffer.from(pdf), { [page]: '<</Type/Page/Parent 1 0 R/MediaBox[0 0 595 842]>>' }))
  assert.match(checks(edited)[1] ?? '', /^red 签章之后添加或改动了：页面 ?PDF 对象/)

  const forger = await createSeal({ p12: await p12Of(await identity('明湖大学电子签章', { from: hall.clock.now() - 86_400_000, to: hall.clock.now() + 86_400_000 })), password: PASSWORD, log: quietLog })
  const { pdf: foreign } = await forger.sign(await plainPdf(), { reason: '伪造', location: '别处', fieldName: 'Seal', at: hall.clock.now() })
  const forged = await upload(stranger, foreign)
  assert.ok(forged.has('查无此件') && forged.has('文件上的签章不是学校的'), forged.text)
  assert.deepEqual(checks(forged).map(line => line.replace(/明湖.*/, '')), ['green 签章覆盖的内容没有改动', 'green 签章之后没有添加任何内容', 'red 签章的证书不属于学校', 'grey 签章时间没有证明', 'red 文件不在学校的登记簿里'])

  const unsigned = await upload(stranger, await plainPdf())
  assert.ok(unsigned.has('扫描件、照片和另存的文件请用验证码核验'), unsigned.text)
  assert.deepEqual(checks(unsigned), ['red 文件上没有电子签章'])
  const text = await upload(stranger, Buffer.from('<html>hello</html>'))
  assert.deepEqual(checks(text), ['red 不是 PDF 文件'])
})

test('a paper of ours that was sealed under a clock that was ahead reads so, and is called neither unknown nor foreign; later it is genuine', async () => {
  const now = hall.clock.now()
  hall.clock.set(now - 60 * 60_000)
  const early = await upload(hall.stranger(), certificate.pdf)
  hall.clock.set(now)
  assert.equal(early.root.querySelector('.verdict-word')?.text, '不能确认')
  assert.ok(early.has('签章上的时间还没有到，学校的时钟可能不准'), early.text)
  assert.deepEqual(checks(early).slice(2).map(line => line.replace(/明湖.*/, '')), ['grey 签章时间还没有到，无从核对签章的证书', 'red 签章时间还没有到，不可信', 'green 文件在学校的登记簿里', 'green 没有作废'])
  assert.ok((await upload(hall.stranger(), certificate.pdf)).has('真实有效'))
})

test('a file of 30 MB is checked on the server as well, a byte more is not', async () => {
  const stranger = hall.stranger()
  const filledTo = (length: number) => upload(stranger, Buffer.concat([certificate.pdf, Buffer.alloc(length - certificate.pdf.length)]))
  const checked = await filledTo(30 * 1024 * 1024)
  assert.match(checks(checked)[1] ?? '', /^red 签章之后添加或改动了/, checked.text)
  const refused = await filledTo(30 * 1024 * 1024 + 1)
  assert.ok(refused.has('文件超过 30 MB'), refused.text)
})

test('what cannot be checked comes back at the form with a sentence', async () => {
  const stranger = hall.stranger()
  const none = await stranger.post('/verify/file', { file: { filename: '', type: 'application/octet-stream', content: new Uint8Array() } })
  const empty = await upload(stranger, new Uint8Array())
  const large = await upload(stranger, Buffer.alloc(30.5 * 1024 * 1024, '%PDF-1.7 '))
  const larger = await upload(stranger, Buffer.alloc(31.5 * 1024 * 1024, '%PDF-1.7 '))
  const bare = await stranger.post('/verify/file', { code: 'x' })
  const answers = [[none, '请选择要核验的 PDF 文件', 422], [empty, '这个文件是空的', 422], [large, '文件超过 30 MB', 422], [larger, '文件超过 30 MB', 413], [bare, '请选择要核验的 PDF 文件', 422]] as const
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

test('of the file that holds it, its later revision is known, and what proves it later is told apart from a change', async () => {
  const pdf = await PDF.load(certificate.pdf)
  const { registry } = pdf.context
  pdf.getCatalog().set('DSS', registry.register(PdfDict.of({ Type: PdfName.of('DSS'), Certs: new PdfArray([registry.register(PdfStream.fromDict({}))]) })))
  const verdict = await upload(hall.stranger(), await pdf.save({ incremental: true }))
  assert.ok(verdict.has('真实有效') && verdict.has(certificate.document.number), verdict.text)
  assert.equal(checks(verdict)[1], 'green 签章之后只添加了证明时间和证书的数据')
})

test('the register answers who has checked a file by themselves, by its hash alone', async () => {
  const stranger = hall.stranger()
  const { document, phone } = certificate
  const ask = async (fields: Record<string, string>) => stranger.post('/verify/register', fields)
  const known = said(await ask({ revisions: `${'0'.repeat(64)},${hash('sha256', certificate.pdf)}`, organisation: ' 海外大学招生办 ' }))
  assert.deepEqual(known.registered, { status: 'issued' })
  assert.deepEqual(known.certified.find((row: { label: string }) => row.label === '文件编号'), { label: '文件编号', value: document.number })
  assert.ok((await phone.get(`/documents/${document.id}`)).has('自报单位：海外大学招生办'), 'its owner reads for whom it was asked')
  assert.deepEqual(said(await ask({ revisions: '1'.repeat(64) })), {})
  for (const revisions of ['', 'x', `${'0'.repeat(64)},`, Array.from({ length: 11 }, () => '0'.repeat(64)).join()]) assert.equal((await ask({ revisions })).status, 422)
})

test('who asked by code can say for whom, and it is told to the owner once', async () => {
  const stranger = hall.stranger()
  hall.clock.advance(3 * 60_000)
  const verdict = await stranger.get(`/verify/${certificate.code}`)
  const told = await stranger.post(`/verify/${certificate.document.code}`, { organisation: '明湖市人才中心' })
  assert.ok(verdict.has('告诉持有人是谁在核验') && told.has('已记下'), told.text)
  const page = await certificate.phone.get(`/documents/${certificate.document.id}`)
  assert.equal(page.text.split('自报单位：明湖市人才中心').length - 1, 1)
})

test('the modules that a browser checks with are whole: each finds what it imports, and nothing of Node is among them', async () => {
  const stranger = hall.stranger()
  const form = (await stranger.get('/verify')).root.querySelector('#verify-file')
  const [seen, waiting] = [new Set<string>(), ['data-worker', 'data-verdict', 'data-credential'].map(name => form?.getAttribute(name) ?? '')]
  for (let address = waiting.pop(); address; address = waiting.pop()) {
    if (seen.has(address)) continue
    seen.add(address)
    const module = await stranger.get(address)
    assert.deepEqual([module.status, module.headers.get('content-type'), module.headers.get('cache-control')], [200, 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'], address)
    for (const [, wanted = ''] of Buffer.from(module.bytes).toString().matchAll(/^\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s*)?['"]([^'"\n]+)['"]/gm)) {
      assert.ok(wanted.startsWith('./'), `${wanted} in ${address}`)
      waiting.push(new URL(wanted, new URL(address, hall.origin)).pathname)
    }
  }
  assert.ok(seen.size > 10)
})

const said = ({ bytes }: Page) => JSON.parse(Buffer.from(bytes).toString())
const plain = (line: string) => line.replace(/(?:明湖|只有签章本身| \d{4}-).*/, '').trim()

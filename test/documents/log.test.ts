import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { printed, workshop } from '../integrations/seal-material.ts'
import { startTestApp } from '../support/app.ts'
import type { Client, Page } from '../support/client.ts'
import { cast } from '../support/people.ts'
import { issued, sharedCleaner, upload } from './office.ts'

const hall = await startTestApp(sharedCleaner(after))
const made = await issued(hall)
const { phone, document, pdf, student } = made
const { admin, classmate } = await cast(hall.app)
const desk = await hall.phone(admin.userid)
const address = `/documents/${document.id}/log`

const events = (page: Page) => page.root.querySelectorAll('.event').map(each => each.structuredText.replace(/\s+/g, ' ').trim())
const says = (page: Page, ...words: string[]) => events(page).some(line => words.every(word => line.includes(word)))

/** The words of the PDF, as poppler reads them. */
async function paperOf(t: Parameters<typeof workshop>[0], client: Client): Promise<{ words: string; signatures: string }> {
  const page = await client.get((await client.get(address)).link('下载日志'))
  assert.deepEqual([page.status, page.headers.get('content-type')], [200, 'application/pdf'])
  const { file } = await workshop(t)
  const path = await file('log.pdf', page.bytes)
  return { words: (await printed('pdftotext', '-layout', path, '-')).replace(/\s+/g, ' '), signatures: Buffer.from(page.bytes).toString('latin1').includes('/ByteRange') ? 'signed' : 'none' }
}

test('its owner reads from the beginning to the end what became of a paper, also as a PDF without a seal', async t => {
  const stranger = hall.stranger()
  await stranger.post(`/verify/${document.code}`, { organisation: '明湖市人才中心' })
  await upload(stranger, pdf)
  const form = await phone.get(`/documents/${document.id}/shares/new`)
  const share = await phone.submit(form, `/documents/${document.id}/shares`, { until: new Date(hall.clock.now() + 7 * 86_400_000).toISOString().slice(0, 10), recipient: '海外大学招生办', mailbox: 'admissions@example.edu', consent: form.root.querySelector('input[name=consent]')?.getAttribute('value') ?? '' })
  await hall.drain()
  const link = new URL(share.root.querySelectorAll('.code').map(each => each.text).find(text => text.includes('/share/')) ?? assert.fail(share.text)).pathname
  await stranger.submit(await stranger.get(link), link)

  const log = await phone.get((await phone.get(`/documents/${document.id}`)).link('文件日志'))
  assert.equal(log.path, address)
  for (const words of [['开始生成'], ['学校签章', `PAdES ${document.level}`], ['发送：邮件', '已发出'], ['有人用验证码核验', '明湖市人才中心'], ['有人用文件核验'], ['开通分享链接', '海外大学招生办'], ['有人打开了链接']]) assert.ok(says(log, ...words), `${words}: ${events(log).join('\n')}`)
  assert.ok(log.has(document.sha256 ?? '?') && log.has(document.number))

  const { words, signatures } = await paperOf(t, phone)
  for (const part of ['文件日志', document.number, student.name, '学校签章', '有人用验证码核验', '明湖市人才中心', '没有签章，只供查阅']) assert.ok(words.includes(part), `${part}: ${words}`)
  assert.equal(signatures, 'none')
})

test('a registrar reads the same without whom it was shared with; nobody else does', async () => {
  const log = await desk.get(address)
  assert.ok(says(log, '学校签章') && says(log, '有人用验证码核验', '明湖市人才中心'), log.text)
  assert.ok(!log.has('海外大学招生办') && !log.has('有人打开了链接') && log.has('分享链接的去向只有持有人能看到'), log.text)
  const other = await hall.phone(classmate.userid)
  for (const path of [address, `${address}.pdf`]) assert.equal((await other.get(path)).status, 404)
})

test('who revoked it, why, and what took its place is told', async t => {
  const question = await desk.get(`/admin/documents/${document.id}/reissue`)
  const fresh = await desk.submit(question, `/admin/documents/${document.id}/reissue`, { reason: '专业有误' })
  await hall.drain()
  const next = await hall.app.database.db.selectFrom('documents_documents').select(['id', 'number']).where('id', '!=', document.id).executeTakeFirstOrThrow()
  assert.ok(fresh.path.endsWith(next.id))
  assert.ok(says(await phone.get(address), '作废', '由学校作废', '专业有误', `由 ${next.number} 替换`))
  assert.ok(says(await phone.get(`/documents/${next.id}/log`), '开始生成', `替换作废的 ${document.number}`))
  assert.match((await paperOf(t, phone)).words, /由学校作废/)
})

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestApp } from '../support/app.ts'
import type { Client, Fields, Page } from '../support/client.ts'
import { cast } from '../support/people.ts'
import { issued, sharedCleaner } from './office.ts'

const hall = await startTestApp(sharedCleaner(after))
const made = await issued(hall)
const { student, document } = made
let { phone } = made

const DAY = 24 * 3_600_000
const dayIn = (days: number) => new Date(hall.clock.now() + days * DAY + 8 * 3_600_000).toISOString().slice(0, 10)

/** Its owner opens a link; the page of the link. */
async function share(fields: Fields = {}): Promise<Page> {
  const form = await phone.get(`/documents/${document.id}/shares/new`)
  return await phone.submit(form, `/documents/${document.id}/shares`, { until: dayIn(7), ...fields })
}

const linkOn = (page: Page) => new URL(page.root.querySelectorAll('.code').map(each => each.text).find(text => text.includes('/share/')) ?? assert.fail(page.text)).pathname
const passcodeOn = (page: Page) => page.root.querySelector('.code-large')?.text ?? assert.fail(page.text)
const open = async (who: Client, link: string, fields: Fields = {}) => who.submit(await who.get(link), link, fields)
const agree = async () => (await phone.get(`/documents/${document.id}/shares/new`)).root.querySelector('input[name=consent]')?.getAttribute('value') ?? ''

test('a link opens a document for whoever has it, as often as was said, and its owner sees when', async () => {
  const page = await share({ views: '2', purpose: '申请暑期实习' })
  const link = linkOn(page)
  assert.match(link, /^\/share\/[0-9a-f]{32}$/)
  const stranger = hall.stranger()
  const gate = await stranger.get(link)
  assert.ok(gate.has('有人给你分享了一份文件') && !gate.has(student.name) && !gate.has(document.number), gate.text)
  assert.equal(gate.headers.get('referrer-policy'), 'no-referrer')
  assert.equal((await stranger.get(`${link}/file`)).status, 404, 'nothing before it was opened')
  await hall.stranger().get(link)
  const shown = await open(stranger, link)
  for (const words of ['真实有效', student.name, document.number, '申请暑期实习', '还能打开 1 次']) assert.ok(shown.has(words), `${words}: ${shown.text}`)
  const file = await stranger.get(shown.link('下载文件'))
  assert.equal(Buffer.from(file.bytes).subarray(0, 5).toString(), '%PDF-')
  assert.ok((await stranger.get(shown.link('真伪认证'))).has('真实有效'))
  assert.ok((await stranger.get(link)).has(document.number), 'looking again in the same browser is no second view')

  await open(hall.stranger(), link)
  const late = await hall.stranger().get(link)
  assert.equal(late.status, 404)
  assert.ok(late.has('这个链接不能用了') && !late.has(student.name) && !late.has('在读证明'))
  const log = await phone.get(page.path)
  assert.ok(log.has('打开过 2 次，最多 2 次') && log.has('有人打开了链接') && log.has('有人下载了文件') && log.has('这个链接不能再打开'), log.text)
  assert.ok(!log.has('改有效期'), 'a later day would not open it')
  assert.ok(page.has('改有效期'))
})

test('of many who open the last view at once, one comes in', async () => {
  const link = linkOn(await share({ views: '1' }))
  const strangers = Array.from({ length: 5 }, () => hall.stranger())
  const gates = await Promise.all(strangers.map(stranger => stranger.get(link)))
  const pages = await Promise.all(strangers.map((stranger, at) => stranger.submit(gates[at] ?? assert.fail(), link)))
  assert.equal(pages.filter(page => page.has(document.number)).length, 1)
})

test('a passcode is asked for; guessing is stopped after five, and the right one opens again ten minutes later', async () => {
  const page = await share({ passcode: 'on' })
  const [link, passcode] = [linkOn(page), passcodeOn(page)]
  assert.match(passcode, /^[0-9A-Z]{6}$/)
  const wrong = passcode === '000000' ? '000001' : '000000'
  const stranger = hall.stranger()
  const refused = await open(stranger, link, { passcode: wrong })
  assert.equal(refused.status, 422)
  assert.ok(refused.has('口令不对') && refused.path === link && !refused.has(student.name), refused.text)
  assert.ok((await open(hall.stranger(), link, { passcode: `${passcode.slice(0, 3).toLowerCase()}-${passcode.slice(3).toLowerCase()}` })).has(document.number))
  const rest = await Promise.all(Array.from({ length: 12 }, () => open(hall.stranger(), link, { passcode: wrong })))
  assert.deepEqual([422, 429].map(status => rest.filter(each => each.status === status).length), [4, 8], 'five in all, however many at once')
  assert.ok((await open(hall.stranger(), link, { passcode })).has('请十分钟以后再试'), 'not even the right one, or guessing would go on')
  assert.ok((await phone.get(page.path)).has('有人输错口令'))
  hall.clock.advance(10 * 60_000)
  assert.ok((await open(hall.stranger(), link, { passcode })).has(document.number))
})

test('to who is named the link goes in one mail and the passcode in another, with consent kept for this once', async () => {
  const before = hall.simulator.state.mails.length
  const mailed = { passcode: 'on', recipient: '某某单位人事处', mailbox: 'hr@example.com' }
  const refused = await share(mailed)
  assert.equal(refused.status, 422)
  assert.ok(refused.has('需要你同意') && refused.value('recipient') === '某某单位人事处' && refused.value('mailbox') === 'hr@example.com', 'what was typed stays')
  const page = await share({ ...mailed, consent: await agree() })
  await hall.drain()
  // Which of the two is first is nobody's business.
  const mails = hall.simulator.state.mails.slice(before)
  const [first, second] = [mails.find(mail => mail.text.includes('/share/')), mails.find(mail => !mail.text.includes('/share/'))]
  assert.ok(first && second && mails.length === 2)
  const [link, passcode] = [linkOn(page), passcodeOn(page)]
  assert.ok(first.text.includes(`${hall.origin}${link}`) && !first.text.includes(passcode), first.text)
  assert.ok(second.text.includes(passcode) && !second.text.includes(link) && !second.text.includes(student.name), second.text)
  assert.deepEqual([first.to, second.to], [['hr@example.com'], ['hr@example.com']])
  const { db } = hall.app.database
  const kept = JSON.stringify([await db.selectFrom('messages_messages').selectAll().execute(), await db.selectFrom('documents_shares').selectAll().execute(), await db.selectFrom('jobs').selectAll().execute()])
  assert.ok(!kept.includes(link.slice('/share/'.length)) && !kept.includes(passcode), 'neither stands in the database')
  const consents = await db.selectFrom('privacy_consents').select(['about', 'lasting']).where('name', '=', 'document-share').execute()
  assert.deepEqual(consents.map(row => ({ ...row })), [{ about: document.number, lasting: null }])
  const shown = await phone.get(page.path)
  assert.ok(shown.has('寄链接的邮件') && shown.has('寄口令的邮件') && shown.has('h***@example.com'), shown.text)
  await open(hall.stranger(), link, { passcode })
  assert.ok((await phone.get(page.path)).has('已打开'))
})

test('its owner ends it at once, for who looks at it too; a mail that waits does not go out', async () => {
  const page = await share()
  const [link, stranger] = [linkOn(page), hall.stranger()]
  const shown = await open(stranger, link)
  const ended = await phone.submit(page, `${page.path}/ending`)
  assert.ok(ended.has('本人已结束'), ended.text)
  for (const path of [link, shown.link('下载文件')]) assert.equal((await stranger.get(path)).status, 404, path)

  const before = hall.simulator.state.mails.length
  hall.simulator.trouble.mailBusy = 1
  const named = await share({ recipient: '张处长', mailbox: 'zhang@example.com', consent: await agree() })
  await hall.drain()
  await phone.submit(named, `${named.path}/ending`)
  hall.clock.advance(60 * 60_000)
  await hall.drain()
  hall.simulator.trouble.mailBusy = 0
  assert.equal(hall.simulator.state.mails.length, before)
  const over = await phone.get(named.path)
  assert.ok(over.has('分享已经结束，这封邮件没有寄出'), over.text)
})

test('a link ends with its last day, which its owner may move', async () => {
  const page = await share({ until: dayIn(0) })
  const link = linkOn(page)
  assert.equal((await hall.stranger().get(link)).status, 200)
  hall.clock.advance(DAY)
  phone = await hall.phone(student.userid)
  assert.equal((await hall.stranger().get(link)).status, 404)
  const again = await phone.get(page.path)
  assert.ok(again.has('已到期'))
  assert.ok((await phone.submit(again, `${page.path}/expiry`, { until: dayIn(-2) })).has('有效期要在今天或以后'))
  await phone.submit(again, `${page.path}/expiry`, { until: dayIn(3) })
  assert.equal((await hall.stranger().get(link)).status, 200)
})

test('a form with mistakes comes back with a sentence at each field and everything typed', async () => {
  const page = await share({ until: dayIn(400), views: '很多', purpose: '长'.repeat(101), mailbox: 'nobody', recipient: '' })
  assert.equal(page.status, 422)
  for (const words of ['有效期最长 180 天', '次数请填 1 到 100 的整数', '用途最多 100 个字', '请填写收件人', '请填写完整的邮箱地址']) assert.ok(page.has(words), words)
  assert.deepEqual([page.value('views'), page.value('mailbox')], ['很多', 'nobody'])
})

test('the paper itself and 申请记录 say that a link was opened, how often and when, and tell nobody but its owner', async () => {
  const path = `/documents/${document.id}`
  const page = await share({ recipient: '某某单位', mailbox: 'hr@example.com', consent: await agree() })
  const cell = async (words: string) => (await phone.get(path)).root.querySelectorAll('#deliveries li').map(each => each.text.replace(/\s+/g, ' ').trim()).find(text => text.includes(words))
  assert.match(await cell('某某单位') ?? '', /分享链接.*打开过 0 次.*还没有打开/)
  hall.clock.advance(DAY / 24)
  await open(hall.stranger(), linkOn(page))
  await open(hall.stranger(), linkOn(page))
  assert.match(await cell('某某单位') ?? '', /打开过 2 次.*已打开/)
  const story = (await phone.get(path)).root.querySelectorAll('.timeline li').map(each => each.text.replace(/\s+/g, ' '))
  assert.ok(story.some(text => text.includes('分享链接已打开') && text.includes('某某单位 · 打开过 2 次')), story.join('\n'))
  assert.match((await phone.get('/documents')).text, /分享链接打开过 \d+ 次/)
  const desk = await hall.phone((await cast(hall.app)).admin.userid)
  assert.ok((await desk.get(path)).has(document.number) && !(await desk.get(path)).has('某某单位'), 'to whom it went is the owner\'s business')
})

test('nobody but its owner sees the links of a document, or touches them', async () => {
  const page = await share()
  const other = await hall.phone((await cast(hall.app)).classmate.userid)
  for (const path of [page.path, `/documents/${document.id}/shares`, `/documents/${document.id}/shares/new`]) assert.equal((await other.get(path)).status, 404, path)
  assert.equal((await other.post(`${page.path}/ending`, { _csrf: (await other.get('/account')).value('_csrf') })).status, 404)
  assert.ok(!(await other.get('/documents/shares')).has(document.number))
  const mine = await phone.get('/documents/shares')
  assert.ok(mine.has('知道链接的人') && mine.has('某某单位人事处'), mine.text)
})

test('what was never a link, and one that is over, look the same; the revoked document says so', async () => {
  const link = linkOn(await share())
  const never = await hall.stranger().get(`/share/${'0'.repeat(32)}`)
  assert.equal(never.status, 404)
  assert.ok(never.has('这个链接不能用了'))
  const desk = await hall.phone((await cast(hall.app)).admin.userid)
  await desk.submit(await desk.get(`/admin/documents/${document.id}/revocation`), `/admin/documents/${document.id}/revocation`, { reason: '专业有误' })
  const revoked = await hall.stranger().get(link)
  assert.ok(revoked.has('这份文件已经作废') && !revoked.has(student.name), revoked.text)
  assert.ok((await share()).has('文件已经作废，不能分享'))
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heldUntil, minuteText, type Preference, readMinute } from '../../src/features/messages/quiet.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { applyForCertificate } from '../support/certificate.ts'
import { cast } from '../support/people.ts'
import { card, type Office, openOffice } from './office.ts'

const HOUR = 3_600_000
/** An instant of the school's clock on 16 November 2026. */
const at = (time: string) => Date.parse(`2026-11-16T${time}:00+08:00`)
const quiet: Preference = { quiet_from: 22 * 60, quiet_until: 7 * 60, digest_at: null }
const digest: Preference = { quiet_from: null, quiet_until: null, digest_at: 18 * 60 }

test('quiet hours go over midnight, and a digest has its hour', () => {
  const rows: [Preference, string, number | null][] = [
    [quiet, '21:59', null], [quiet, '22:00', at('07:00') + 24 * HOUR], [quiet, '06:59', at('07:00')], [quiet, '07:00', null],
    [{ ...quiet, quiet_from: 12 * 60, quiet_until: 14 * 60 }, '13:00', at('14:00')], [{ ...quiet, quiet_from: 12 * 60, quiet_until: 14 * 60 }, '15:00', null],
    [digest, '10:00', at('18:00')], [digest, '18:00', at('18:00') + 24 * HOUR],
    [{ quiet_from: null, quiet_until: null, digest_at: null }, '03:00', null],
  ]
  for (const [preference, time, expected] of rows) assert.equal(heldUntil(preference, at(time)), expected, `${JSON.stringify(preference)} ${time}`)
  assert.deepEqual(['00:00', '23:59', '24:00', '7:00', ''].map(readMinute), [0, 1439, null, null, null])
  assert.deepEqual([0, 421, null].map(minuteText), ['00:00', '07:01', ''])
})

async function prefer(office: Office, { quiet_from, quiet_until, digest_at }: Preference): Promise<void> {
  await office.database.db.deleteFrom('messages_preferences').execute()
  await office.database.db.insertInto('messages_preferences').values({ person_id: 'P1', quiet_from, quiet_until, digest_at, changed_at: 1 }).execute()
}

/** The office at this hour of the school's day. */
async function openAt(t: Parameters<typeof openOffice>[0], time: string, preference: Preference): Promise<Office> {
  const office = await openOffice(t)
  office.clock.advance(at(time) - office.clock.now())
  await prefer(office, preference)
  return office
}

test('at night only what is urgent goes out; the rest comes once in the morning, and what is over by then not at all', async t => {
  const office = await openAt(t, '23:00', quiet)
  await office.tell({ title: '第一条' })
  await office.tell({ title: '催办', urgent: true })
  await office.tell({ title: '待办', card: card('T1'), subject: 'S2' })
  await office.tell({ title: '别人的', to: 'P2' })
  await office.drain()
  assert.deepEqual([office.phone('LiMin').map(message => message.content.title), office.phone('ZhangSan').length], [['催办'], 1])
  assert.deepEqual(await office.states('S2'), ['card held'])
  await office.database.write(tx => office.messages.closeCard(tx, { task_id: 'T1', text: '已撤回' }))
  await office.pass(7 * HOUR)
  assert.equal(office.phone('LiMin').length, 1, 'not before seven')
  await office.pass(2 * HOUR)
  assert.deepEqual(office.phone('LiMin').map(message => message.content.title), ['催办', '第一条'])
  assert.deepEqual(await office.states('S2'), ['card dropped'])
})

test('a digest is one message with a link for each, and each is in one only, however many workers run', async t => {
  const office = await openAt(t, '10:00', digest)
  for (const n of [1, 2, 3]) await office.tell({ title: `第${n}条`, url: `/applications/${n}` })
  await office.tell({ title: '有附件', file: { sha256: 'f', filename: '证明.pdf' }, subject: 'F' })
  office.files.set('f', Buffer.from('%PDF-1.7 a document'))
  await office.drain()
  assert.deepEqual(office.phone('LiMin'), [])
  office.clock.advance(9 * HOUR)
  await office.rush()
  await office.pass(HOUR)
  const [text, ...others] = office.phone('LiMin').toSorted((one, other) => Number(other.msgtype === 'text') - Number(one.msgtype === 'text'))
  const content = String(text?.content.content)
  assert.deepEqual(content.split('\n').map(line => line.replace(/<[^>]+>/g, '')), ['今日汇总：3 条通知', '1. 第1条', '2. 第2条', '3. 第3条', '全部通知'])
  assert.match(content, /<a href="https:\/\/hall\.example\.edu\/applications\/2\?m=[0-9A-Z]{26}">第2条<\/a>/)
  assert.deepEqual(others.map(message => message.msgtype).toSorted(), ['file', 'textcard'], 'a file cannot be a line of it')
  assert.deepEqual(await office.states(), ['textcard merged', 'textcard merged', 'textcard merged'])
  await office.pass(24 * HOUR)
  assert.equal(office.phone('LiMin').length, 3)
})

test('a digest of very many says how many more there are, and cuts no link', async t => {
  const office = await openAt(t, '10:00', digest)
  for (let n = 0; n < 40; n++) await office.tell({ title: `第${n}条很长的通知标题，写满了一整行文字`, url: `/applications/${n}` })
  await office.pass(9 * HOUR)
  const content = String(office.phone('LiMin')[0]?.content.content)
  assert.ok(Buffer.byteLength(content) <= 2048)
  assert.equal(content.match(/<a /g)?.length, content.match(/<\/a>/g)?.length)
  assert.match(content, /还有 \d+ 条，查看全部<\/a>$/)
})

test('on the page: chosen, mistaken, taken back; and the console shows what waits', async t => {
  const hall = await startTestApp(t)
  hall.clock.advance(at('23:00') - hall.clock.now())
  const { student, tutor, admin } = await cast(hall.app)
  const desk = () => hall.phone(admin.userid)
  const client = await hall.phone(tutor.userid)
  const page = await client.get((await client.get('/messages')).link('通知设置'))
  assert.equal(page.value('how'), 'now')
  const wrong = await client.submit(page, page.path, { how: 'quiet', quiet_from: '25:00', quiet_until: '07:00', digest_at: '' })
  assert.deepEqual([wrong.status, wrong.has('请填写时间，例如 22:00'), wrong.value('quiet_from'), wrong.value('how')], [422, true, '25:00', 'quiet'])
  const same = await client.submit(page, page.path, { how: 'quiet', quiet_from: '07:00', quiet_until: '07:00' })
  assert.ok(same.has('结束时间要和开始时间不同'))
  assert.equal((await client.submit(page, page.path, { how: 'never' })).status, 422)
  const saved = await client.submit(page, page.path, { how: 'quiet', quiet_from: '22:00', quiet_until: '07:00' })
  assert.ok(saved.has('已保存') && saved.value('how') === 'quiet')
  await applyForCertificate(await hall.phone(student.userid))
  await hall.drain()
  const phone = () => hall.simulator.state.messagesTo(tutor.userid)
  assert.equal(phone().length, 0)
  assert.ok((await client.get('/account/notices')).has('有 1 条通知等到 11月17日 07:00 再发'))
  assert.ok((await client.get('/messages')).has('11月17日 07:00 发送'))
  const waiting = await (await desk()).get('/admin/messages')
  assert.ok(waiting.has(tutor.name) && waiting.has('企业微信卡片') && !waiting.has('在读证明'))
  await urge(hall, student.userid)
  assert.equal(phone().length, 1, '催办 is not held')
  await client.submit(await client.get('/account/notices'), '/account/notices', { how: 'now' })
  await hall.drain()
  assert.equal(phone().filter(message => message.card).length, 1, 'what was held goes out when nobody wants to wait any more')
  assert.ok((await (await desk()).get('/admin/messages')).has('没有这样的通知'))
})

async function urge(hall: TestApp, userid: string): Promise<void> {
  const client = await hall.phone(userid)
  const page = await client.get((await client.get('/sent')).link('在读证明'))
  await client.submit(page, `${page.path}/urging`)
  await hall.drain()
}

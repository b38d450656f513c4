import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { startTestApp } from '../support/app.ts'
import type { Client, Fields, Page } from '../support/client.ts'
import { cast } from '../support/people.ts'
import { issued, sharedCleaner } from './office.ts'

const MINUTE = 60_000
const hall = await startTestApp(sharedCleaner(after))
const { db } = hall.app.database
const { document, pdf, student, ...made } = await issued(hall)
const { admin, classmate } = await cast(hall.app)
const other = await issued(hall, { which: 1 })
const phoneOf = (someone: { userid: string }) => hall.phone(someone.userid)
const { phone } = made


const desk = () => hall.phone(admin.userid)

type State = { state: string; name: string; code: string; qr: string; title: string; print: string; detail: string }

/** A terminal as its browser asks: a token in a header, and nothing else. */
function machine(token: string) {
  const ask = (path: string, method = 'GET') => fetch(new URL(`/terminal/${path}`, hall.origin), { method, headers: { authorization: `Bearer ${token}`, accept: 'application/json' } })
  return {
    ask,
    async state(path = 'state', method = 'GET'): Promise<State & { status: number }> {
      const answer = await ask(path, method)
      assert.equal(answer.headers.getSetCookie().length, 0, 'no session')
      return { ...await answer.json(), status: answer.status }
    },
  }
}

async function register(fields: Fields = {}): Promise<{ id: string; token: string; page: Page }> {
  const client = await desk()
  const page = await client.submit(await client.get('/admin/terminals/new'), '/admin/terminals', { name: '图书馆一号机', place: '图书馆一楼大厅', copies: '', ...fields })
  assert.equal(page.status, 200, page.text)
  const token = page.root.querySelector('.code-large')?.text ?? assert.fail(page.text)
  const { id } = await db.selectFrom('documents_terminals').select('id').orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow()
  return { id, token, page }
}

const scan = async (client: Client, id: string, code: string) => await client.get(`/prints/new?${new URLSearchParams({ terminal: id, code })}`)
const give = async (client: Client, id: string, code: string, fields: Fields = { document: document.id }) => await client.submit(await scan(client, id, code), '/prints', fields)
const row = async (id: string) => await db.selectFrom('documents_prints').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const idOf = (page: Page) => page.path.split('/').at(-1) ?? ''

test('a registrar registers a terminal; its token is shown once and rests as a hash', async () => {
  const client = await desk()
  const wrong = await client.submit(await client.get('/admin/terminals/new'), '/admin/terminals', { name: '', place: '教学楼', copies: '0' })
  assert.equal(wrong.status, 422)
  assert.deepEqual([wrong.has('请填写终端的名称'), wrong.has('份数填 1 到 1000 的整数'), wrong.value('place')], [true, true, '教学楼'])
  const { id, token, page } = await register()
  assert.ok(page.has('新的令牌只显示这一次') && /^([0-9A-Z]{4}-){3}[0-9A-Z]{4}$/.test(token), token)
  const again = await client.get(`/admin/terminals/${id}`)
  assert.ok(again.has('图书馆一号机') && !again.html.includes(token))
  assert.ok(!JSON.stringify(await db.selectFrom('documents_terminals').selectAll().execute()).includes(token.replaceAll('-', '')))
  const { state, name, code } = await machine(token).state()
  assert.deepEqual([state, name], ['free', '图书馆一号机'])
  assert.match(code, /^\d{6}$/)
  for (const bad of ['', 'AAAA-AAAA-AAAA-AAAA']) assert.equal((await machine(bad).ask('state')).status, 403)
  const events = await db.selectFrom('events').select(['name', 'actor_id']).where('subject', '=', id).execute()
  assert.deepEqual(events, [{ name: 'documents.terminal-registered', actor_id: admin.person_id }])
})

test('who scans hands over one paper of their own; the terminal sees its title, prints it after a touch, and then has nothing', async () => {
  const { id, token } = await register()
  const terminal = machine(token)
  const { code, qr } = await terminal.state()
  assert.match(Buffer.from(qr.split(',')[1] ?? '', 'base64').toString(), /^<svg/)
  assert.equal((await terminal.ask('file')).status, 404)

  const choice = await scan(phone, id, code)
  assert.ok(choice.has('图书馆一楼大厅') && choice.has(document.number) && !choice.has(other.document.number), choice.text)
  const waiting = await give(phone, id, code)
  assert.ok(waiting.has('请在终端上点“打印”'), waiting.text)
  const shown = await terminal.state()
  assert.deepEqual([shown.state, shown.title], ['handed', '中文在读证明'])
  assert.ok(!JSON.stringify(shown).includes(student.name) && !JSON.stringify(shown).includes(document.number))
  assert.equal((await terminal.ask('file')).status, 404, 'nobody has touched it yet')

  assert.equal((await terminal.state('printing', 'POST')).state, 'printed')
  assert.equal((await terminal.state('printing', 'POST')).state, 'printed', 'a second touch is the same one')
  const file = await terminal.ask('file')
  assert.deepEqual([file.headers.get('content-type'), Buffer.from(await file.arrayBuffer()).equals(Buffer.from(pdf))], ['application/pdf', true])
  const done = await phone.get(waiting.path)
  assert.ok(done.has('已打印') && done.has('今年在这台终端的第 1 份'), done.text)

  assert.equal((await terminal.state('return', 'POST')).state, 'free')
  assert.equal((await terminal.ask('file')).status, 404)
  const log = await phone.get(`/documents/${document.id}/log`)
  assert.match(log.text, /交给自助终端打印 ?已打印.*图书馆一号机 · 图书馆一楼大厅 · 今年在这台终端的第 1 份/)
  const names = await db.selectFrom('events').select(['name', 'data']).where('name', 'like', 'documents.p%ed').execute()
  assert.deepEqual(names.filter(({ data }) => data.includes(idOf(waiting))).map(({ name }) => name), ['documents.paper-handed', 'documents.paper-printed'])
  assert.ok((await (await desk()).get(`/admin/terminals/${id}`)).has(document.number))
  assert.ok((await phone.get('/account/data')).has('自助打印'))
})

test('what nobody touches goes back after two minutes, or when the terminal returns to its start; it can be cancelled on both', async () => {
  const { id, token } = await register()
  const terminal = machine(token)
  const handOver = async () => idOf(await give(phone, id, (await terminal.state()).code))

  const idle = await handOver()
  hall.clock.advance(2 * MINUTE)
  assert.ok((await phone.get(`/prints/${idle}`)).has('没有人在终端上确认'))
  assert.equal((await terminal.state('printing', 'POST')).status, 409)
  assert.equal((await terminal.state()).state, 'free')
  assert.deepEqual([(await row(idle)).status, (await row(idle)).open_key], ['lapsed', null])

  const left = await handOver()
  assert.equal((await terminal.state('return', 'POST')).state, 'free')
  assert.equal((await row(left)).status, 'lapsed')

  const there = await handOver()
  await terminal.state('cancellation', 'POST')
  assert.equal((await row(there)).status, 'cancelled')

  const here = await handOver()
  const page = await phone.get(`/prints/${here}`)
  assert.ok((await phone.submit(page, `/prints/${here}/cancellation`)).has('这次打印取消了'))
  assert.equal((await terminal.state()).state, 'free')
  assert.equal((await terminal.state('printing', 'POST')).status, 409)
})

test('six digits that change, are typed as well as scanned, and cannot be guessed', async () => {
  const { id, token } = await register({ name: '行政楼机' })
  const terminal = machine(token)
  const { code } = await terminal.state()
  const typed = await phone.submit(await phone.get('/prints'), '/prints/terminal', { code: `${code.slice(0, 3)} ${code.slice(3)}` })
  assert.ok(typed.heading.startsWith('选择要打印的文件') && typed.has('行政楼机'), typed.text)
  hall.clock.advance(90_000)
  const next = await terminal.state()
  assert.notEqual(next.code, code)
  assert.ok((await scan(phone, id, code)).has('交给这台终端'), 'who was choosing while they changed goes on')
  hall.clock.advance(90_000)
  await terminal.state()
  const stale = await give(phone, id, code)
  assert.equal(stale.status, 422)
  assert.deepEqual([stale.has('终端上的二维码已经换了'), stale.value('document')], [true, document.id])

  const guesser = await phoneOf(classmate)
  const right = (await terminal.state()).code
  const guess = async (digits: string) => (await guesser.submit(await guesser.get('/prints'), '/prints/terminal', { code: digits })).status
  const wrong = String((Number(right) + 1) % 1_000_000).padStart(6, '0')
  for (let tries = 0; tries < 10; tries++) assert.equal(await guess(wrong), 422)
  assert.equal(await guess(right), 429, 'even the right one, for ten minutes')
  hall.clock.advance(10 * MINUTE)
  await terminal.state()
  assert.equal(await guess((await terminal.state()).code), 200)
})

test('a terminal has one paper at a time, and nobody hands over or sees what is not theirs', async () => {
  const { id, token } = await register()
  const terminal = machine(token)
  const { code } = await terminal.state()
  const second = await phoneOf(other.student)
  assert.equal((await give(second, id, code, { document: document.id })).status, 404)
  assert.equal((await give(second, id, code, { document: '' })).status, 422)
  const first = await give(phone, id, code)
  const refused = await give(second, id, code, { document: other.document.id })
  assert.equal(refused.status, 409)
  assert.ok(refused.has('终端正在给别人打印'))
  for (const path of ['', '/cancellation', '/failure']) assert.equal((await (path ? second.post(`${first.path}${path}`, { _csrf: (await second.get('/prints')).value('_csrf') }) : second.get(first.path))).status, 404)
  assert.equal((await terminal.state()).print, idOf(first))
  await terminal.state('cancellation', 'POST')
})

test('copies are counted by person, terminal and year; what did not come out is not, and the registrars hear of it', async () => {
  const { id, token } = await register({ name: '宿舍机', copies: '1' })
  const terminal = machine(token)
  const first = await give(phone, id, (await terminal.state()).code)
  await terminal.state('printing', 'POST')
  const jam = await phone.submit(await phone.get(first.path), `${first.path}/failure`)
  assert.ok(jam.has('这次不计数，教务已经收到通知'), jam.text)
  await hall.drain()
  assert.ok((await db.selectFrom('messages_messages').select('title').where('kind', '=', 'documents.terminal-trouble').execute()).some(({ title }) => title.includes('宿舍机')))
  assert.ok((await scan(phone, id, (await terminal.state()).code)).has('有人报告这台终端没有打印出来'))
  const client = await desk()
  const page = await client.get(`/admin/terminals/${id}`)
  assert.ok((await client.submit(page, `/admin/terminals/${id}/mending`)).has('可以打印'))

  const again = await give(phone, id, (await terminal.state()).code)
  assert.equal((await terminal.state('printing', 'POST')).state, 'printed')
  await terminal.state('return', 'POST')
  assert.equal((await row(idOf(again))).nth, 1)
  const full = await scan(phone, id, (await terminal.state()).code)
  assert.ok(full.has('今年在这台终端已经打印了 1 份，达到上限') && !full.has('交给这台终端'), full.text)
  const forced = await phone.post('/prints', { _csrf: full.value('_csrf'), terminal: id, code: (await terminal.state()).code, document: document.id })
  assert.equal(forced.status, 409)
  assert.ok((await client.get('/admin/terminals')).has('1 份'))
  hall.clock.advance(10 * MINUTE)
  assert.equal((await phone.post(`${again.path}/failure`, { _csrf: full.value('_csrf') })).status, 409, 'after ten minutes it stays counted')
})

test('a terminal that is offline is told on the phone; one that was ended, or has a new token, is told on the terminal', async () => {
  const { id, token } = await register({ name: '旧终端' })
  const { code } = await machine(token).state()
  const handed = await give(phone, id, code)
  hall.clock.advance(MINUTE)
  assert.ok((await phone.get(handed.path)).has('这台终端现在没有联网，可能打印不了'))
  assert.ok((await scan(phone, id, code)).has('这台终端现在没有联网，请换一台'))
  assert.equal((await phone.post('/prints', { _csrf: (await phone.get('/prints')).value('_csrf'), terminal: id, code, document: document.id })).status, 409)

  const client = await desk()
  assert.ok((await client.get('/admin/terminals')).has('没有联网'))
  const renewed = await client.submit(await client.get(`/admin/terminals/${id}`), `/admin/terminals/${id}/token`)
  const fresh = renewed.root.querySelector('.code-large')?.text ?? ''
  assert.equal((await row(idOf(handed))).status, 'cancelled', 'what it had is taken from it')
  assert.equal((await machine(token).ask('state')).status, 403)
  assert.equal((await machine(fresh).state()).state, 'free')

  await client.submit(await client.get(`/admin/terminals/${id}/end`), `/admin/terminals/${id}/end`)
  const ended = await machine(fresh).state()
  assert.ok(ended.status === 403 && ended.detail.includes('停用'), ended.detail)
  assert.equal((await scan(phone, id, code)).status, 409)
})

test('a paper that was revoked on the way is not printed, and who has none reads how to come by one', async () => {
  const { id, token } = await register()
  const terminal = machine(token)
  const { code } = await terminal.state()
  assert.ok((await scan(await phoneOf(admin), id, code)).has('还没有可以打印的文件'))
  await give(phone, id, code)
  await phone.submit(await phone.get(`/documents/${document.id}/revocation`), `/documents/${document.id}/revocation`, { reason: '不用了' })
  const refused = await terminal.state('printing', 'POST')
  assert.deepEqual([refused.status, refused.detail], [409, '文件已经作废，不能再打印'])
  assert.equal((await terminal.ask('file')).status, 404)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sampleSignIns } from '../../src/main/sample.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import type { Client, Page } from '../support/client.ts'
import { holderOf } from '../support/desks.ts'
import { cast } from '../support/people.ts'

const asking = { name: '陈思远', number: '20231010101', school: '计算机学院', contact: 'siyuan@example.com', problem: '换了手机，收不到验证码。\n登录页说账号已锁定。' }

/** The sample's agent: the roster says so. */
async function agent(hall: TestApp): Promise<Client> {
  return await hall.phone((await holderOf(hall, 'help-desk')).userid)
}

async function ask(client: Client, fields: Record<string, string> = asking, from = ''): Promise<Page> {
  return await client.submit(await client.get(`/help${from}`), '/help', fields)
}

const codeOn = (page: Page): string => page.root.querySelector('.code, [data-copy]')?.text.trim() ?? /[2-9A-Y]{8}/.exec(page.text)?.[0] ?? ''

test('who cannot sign in asks for help, and the answer comes to the mailbox they gave', async t => {
  const hall = await startTestApp(t)
  const desk = await agent(hall)
  const stranger = hall.stranger()
  const receipt = await ask(stranger, asking, '?from=/login')
  assert.equal(receipt.path, '/help/received')
  assert.ok(receipt.has('已收到你的求助') && receipt.has('答复会发到你填的邮箱'), receipt.text)
  const code = codeOn(receipt)
  const list = await desk.get('/admin/tickets')
  assert.ok(list.has(code) && list.has('换了手机，收不到验证码。'), list.text)
  const ticket = await desk.get(list.link('换了手机'))
  for (const words of ['没有登录，身份未核实', '/login', '计算机学院', '待答复']) assert.ok(ticket.has(words), `${words}: ${ticket.text}`)
  assert.ok(!ticket.html.includes('siyuan@example.com'), 'the mailbox is masked')
  const answered = await desk.submit(ticket, `${ticket.path}/answer`, { text: '请带学生证到信息中心 102 室，当面核实后恢复密码。' })
  assert.ok(answered.has('已答复，正在送达') && answered.has('已发到邮箱'), answered.text)
  await hall.drain()
  const [mail] = hall.simulator.state.mails.filter(each => each.to.some(to => to.includes('siyuan@example.com')))
  assert.ok(mail, 'a mail went out')
  assert.match(mail.text ?? '', /信息中心 102 室/)
  assert.match(mail.subject ?? '', new RegExp(code))
  assert.ok(!(await desk.get('/admin/tickets')).has(code), 'it waits no more')
  assert.ok((await desk.get('/admin/tickets?status=answered')).has(code))
})

test('who is signed in need not say who they are, and is answered in WeCom', async t => {
  const hall = await startTestApp(t)
  const desk = await agent(hall)
  const { student } = await cast(hall.app)
  const phone = await hall.phone(student.userid)
  const form = await phone.get('/help')
  assert.ok(form.has(`以 ${student.name} ${student.number} 的身份提交`), form.text)
  const receipt = await phone.submit(form, '/help', { school: form.value('school'), contact: '13800000001', problem: '在读证明里的专业不对', name: '别人', number: '1' })
  assert.equal(receipt.path, '/help/received')
  assert.ok(receipt.has('答复会发到你的企业微信'), receipt.text)
  const list = await desk.get('/admin/tickets')
  const ticket = await desk.get(list.link('在读证明里的专业不对'))
  assert.ok(ticket.has('已登录提交') && ticket.has(student.name) && ticket.has(student.number), ticket.text)
  assert.ok(!ticket.html.includes('13800000001'))
  await desk.submit(ticket, `${ticket.path}/answer`, { text: '教务处已更正，请重新申请。' })
  await hall.drain()
  const told = await phone.get('/messages')
  assert.ok(told.has('求助有了答复') && told.has('教务处已更正'), told.text)
})

test('looking at a whole telephone number leaves a record, and shows it once', async t => {
  const hall = await startTestApp(t)
  const desk = await agent(hall)
  await ask(hall.stranger(), { ...asking, contact: '010-62345678' })
  const ticket = await desk.get((await desk.get('/admin/tickets')).link('换了手机'))
  assert.ok(ticket.has('请打电话答复'))
  const shown = await desk.submit(ticket, `${ticket.path}/contact`)
  assert.ok(shown.has('01062345678'), shown.text)
  assert.equal(shown.headers.get('cache-control'), 'no-store')
  const after = await desk.get(ticket.path)
  assert.ok(!after.html.includes('01062345678') && after.has('的联系方式'), after.text)
  const rested = await hall.app.database.db.selectFrom('helpdesk_tickets').selectAll().execute()
  assert.ok(!JSON.stringify(rested).includes('62345678'), 'it rests sealed')
})

test('a form sent twice is one request, and one with gaps comes back as it was', async t => {
  const hall = await startTestApp(t)
  const stranger = hall.stranger()
  const form = await stranger.get('/help')
  const gaps = await stranger.submit(form, '/help', { ...asking, name: '', contact: '没有' })
  assert.equal(gaps.status, 422)
  assert.ok(gaps.has('请填写姓名') && gaps.has('请填写能联系到你的手机号或邮箱'), gaps.text)
  assert.equal(gaps.value('problem').trim(), asking.problem)
  const first = await stranger.submit(form, '/help', asking)
  const second = await stranger.submit(form, '/help', asking)
  assert.equal(codeOn(second), codeOn(first))
  const { count } = await hall.app.database.db.selectFrom('helpdesk_tickets').select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  assert.equal(Number(count), 1)
})

test('a program that fills in every field is thanked and forgotten', async t => {
  const hall = await startTestApp(t)
  const page = await ask(hall.stranger(), { ...asking, website: 'https://example.com' })
  assert.equal(page.path, '/help/received')
  assert.equal((await hall.app.database.db.selectFrom('helpdesk_tickets').select('id').execute()).length, 0)
})

test('a closed request can be opened again, notes stay with the desk, and others see nothing', async t => {
  const hall = await startTestApp(t)
  const desk = await agent(hall)
  const { student, admin } = await cast(hall.app)
  await ask(hall.stranger())
  const ticket = await desk.get((await desk.get('/admin/tickets')).link('换了手机'))
  const noted = await desk.submit(ticket, `${ticket.path}/answer`, {}).then(() => desk.post(`${ticket.path}/note`, { _csrf: ticket.value('_csrf'), text: '已电话核实' }))
  assert.ok(noted.has('内部备注') && noted.has('已电话核实'), noted.text)
  const closed = await desk.submit(noted, `${ticket.path}/closing`)
  assert.ok(closed.has('求助已关闭') && closed.has('重新打开'))
  const late = await desk.post(`${ticket.path}/answer`, { _csrf: ticket.value('_csrf'), text: '太晚了' })
  assert.equal(late.status, 409)
  assert.ok((await desk.submit(closed, `${ticket.path}/reopening`)).has('求助已重新打开'))
  await hall.drain()
  assert.equal(hall.simulator.state.mails.length, 0)
  for (const other of [student, admin]) assert.equal((await (await hall.phone(other.userid)).get(ticket.path)).status, 403)
})

test('the agent of the sample, whom the demo names, works the tickets and opens nothing else of the console', async t => {
  const hall = await startTestApp(t)
  const { number, name, userid } = await holderOf(hall, 'help-desk')
  assert.deepEqual((await sampleSignIns(hall.app)).filter(each => each.label === '客服').map(each => [each.number, each.name]), [[number, name]])
  await ask(hall.stranger())
  const desk = await hall.phone(userid)
  const console = await desk.get('/admin')
  assert.deepEqual([...new Set(console.root.querySelectorAll('a[href^="/admin/"]').map(link => link.getAttribute('href')))], ['/admin/tickets'])
  const closed = ['GET /admin/people', 'GET /admin/roles', 'GET /admin/import', 'GET /admin/contacts', 'GET /admin/jobs', 'GET /admin/events', 'GET /admin/documents', 'GET /admin/grades', 'GET /admin/applications', 'GET /admin/registration']
  for (const route of closed) assert.equal((await desk.get(route.slice(4))).status, 403, route)
  const ticket = await desk.get((await desk.get('/admin/tickets')).link('换了手机'))
  assert.ok(ticket.has('名单里这个学工号是') && !ticket.html.includes('/admin/people'), ticket.text)
  assert.ok((await desk.submit(ticket, `${ticket.path}/answer`, { text: '请带学生证到信息中心。' })).has('已答复'))
})

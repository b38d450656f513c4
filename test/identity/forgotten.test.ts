import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../support/app.ts'
import type { Client, Page } from '../support/client.ts'
import { cast } from '../support/people.ts'
import { codeTo, firstPassword, PASSWORD, phoneOf, settle, tryAt } from './accounts.ts'

const MINUTE = 60_000
const NEW = 'Donghu#2027'

async function ask(client: Client, number: string, phone: string): Promise<Page> {
  return await client.submit(await client.get('/login/reset'), '/login/reset', { number, phone })
}

/** The page without what differs in every answer: its form token and its nonce. */
function bare(page: Page): string {
  return page.html.replace(/name="_csrf" value="[^"]*"/g, '').replace(/nonce="[^"]*"/g, '')
}

test('a forgotten password', async t => {
  const hall = await startTestApp(t)
  const { db, write } = hall.app.database
  const { student, classmate, tutor } = await cast(hall.app)
  const phone = await phoneOf(hall, student.person_id)

  await t.test('is replaced by a code to the phone on file, and every session of the number ends', async () => {
    const [desk, client] = [hall.stranger(), hall.stranger()]
    await settle(hall, desk, student.number)
    const pocket = await hall.phone(student.userid)
    const login = await client.get('/login')
    assert.equal(login.link('忘记密码'), '/login/reset')
    const page = await ask(client, student.number, ` +86 ${phone.slice(0, 3)}-${phone.slice(3)} `)
    assert.ok(page.has('如果学工号和手机号一致') && !page.html.includes(phone))
    const choose = await client.submit(page, '/login/reset/code', { code: await codeTo(hall, phone) })
    assert.equal(choose.path, '/login/reset/password')
    for (const [password, again, sentence] of [['short', 'short', '密码至少 8 位'], [NEW, 'Donghu#2028', '两次输入的新密码不一样'], [PASSWORD, PASSWORD, '这个密码最近用过'], [`Aa-${student.number}`, `Aa-${student.number}`, '不能包含学工号']] as const) {
      const refused = await client.submit(choose, '/login/reset/password', { password, again })
      assert.deepEqual([refused.status, refused.has(sentence)], [422, true], sentence)
    }
    const done = await client.submit(choose, '/login/reset/password', { password: NEW, again: NEW })
    assert.deepEqual([done.heading, done.has('新密码已设置')], ['登录', true])
    for (const before of [desk, pocket]) assert.notEqual((await before.get('/account')).heading, '账户信息')
    assert.ok((await tryAt(hall.stranger(), student.number, PASSWORD)).has('学工号或密码不对'))
    assert.equal((await tryAt(hall.stranger(), student.number, NEW, '/login?to=%2Faccount')).heading, '账户信息')
    assert.equal((await client.get('/login/reset/password')).path, '/login/reset', 'the code is used up')
  })

  await t.test('opens a locked account too, for who has the phone', async () => {
    hall.clock.advance(2 * MINUTE)
    for (let tries = 0; tries < 5; tries++) await tryAt(hall.stranger(), student.number, 'wrong')
    assert.equal((await tryAt(hall.stranger(), student.number, NEW)).status, 429)
    const client = hall.stranger()
    const choose = await client.submit(await ask(client, student.number, phone), '/login/reset/code', { code: await codeTo(hall, phone) })
    await client.submit(choose, '/login/reset/password', { password: 'Xihu#20288', again: 'Xihu#20288' })
    assert.equal((await tryAt(hall.stranger(), student.number, 'Xihu#20288', '/login?to=%2Faccount')).heading, '账户信息')
  })

  await t.test('is asked the same, byte by byte, whoever the number and phone belong to', async () => {
    hall.clock.advance(2 * MINUTE)
    const other = await phoneOf(hall, classmate.person_id)
    const sent = hall.simulator.state.sms.length
    // The masked ends of the phones differ, so each is asked with a phone that ends alike.
    const cases = [[classmate.number, other], [student.number, other], ['99999999', other], ['*', other]] as const
    const pages: string[] = []
    for (const [number, typed] of cases) {
      hall.clock.advance(MINUTE + 1000)
      const client = hall.stranger()
      const page = await ask(client, number, typed)
      const wrong = await client.submit(page, '/login/reset/code', { code: 'wrong' })
      const again = await client.submit(wrong, '/login/reset/code/again')
      pages.push([page, wrong, again].map(each => `${each.status} ${each.path}\n${bare(each)}`).join('\n'))
    }
    assert.equal(new Set(pages).size, 1)
    await hall.drain()
    assert.equal(hall.simulator.state.sms.length, sent + 1, 'and only the owner was sent a code')
  })

  await t.test('cannot be set with a code for another number, another browser, or no code at all', async () => {
    hall.clock.advance(2 * MINUTE)
    const [owner, thief] = [hall.stranger(), hall.stranger()]
    const page = await ask(owner, classmate.number, await phoneOf(hall, classmate.person_id))
    const code = await codeTo(hall, await phoneOf(hall, classmate.person_id))
    hall.clock.advance(61_000)
    assert.equal((await thief.submit(await ask(thief, student.number, phone), '/login/reset/code', { code })).status, 422)
    for (const path of ['/login/reset/password', '/login/reset/code']) assert.equal((await hall.stranger().get(path)).path, '/login/reset')
    assert.equal((await owner.get('/login/reset/password')).path, '/login/reset', 'not before the code')
    assert.equal((await owner.submit(page, '/login/reset/code', { code })).path, '/login/reset/password')
    await write(async tx => { await tx.updateTable('identity_people').set({ phone_sealed: null, phone_index: null }).where('id', '=', classmate.person_id).execute() })
    assert.equal((await owner.get('/login/reset/password')).path, '/login/reset', 'the phone was taken off meanwhile')
  })

  await t.test('is not for who has left', async () => {
    hall.clock.advance(2 * MINUTE)
    const theirs = await phoneOf(hall, tutor.person_id)
    await write(async tx => { await tx.updateTable('identity_numbers').set({ standing: 'left' }).where('number', '=', tutor.number).execute() })
    await hall.drain()
    const sent = hall.simulator.state.sms.length
    await ask(hall.stranger(), tutor.number, theirs)
    await hall.drain()
    assert.equal(hall.simulator.state.sms.length, sent)
  })

  await t.test('keeps number and phone sealed, and gives nothing away in its address', async () => {
    hall.clock.advance(2 * MINUTE)
    const client = hall.stranger()
    const page = await ask(client, student.number, phone)
    assert.ok(!page.path.includes(phone) && !page.path.includes(student.number))
    const rows = await db.selectFrom('identity_sessions').select('data').execute()
    assert.ok(!rows.some(row => row.data.includes(phone)))
  })

  await t.test('names what is missing', async () => {
    const client = hall.stranger()
    const page = await ask(client, '', '123')
    assert.deepEqual([page.status, page.has('请填写学号或工号'), page.has('请填写完整的手机号')], [422, true, true])
  })
})

test('the last three passwords cannot come back', async t => {
  const hall = await startTestApp(t)
  const { student } = await cast(hall.app)
  const client = hall.stranger()
  await settle(hall, client, student.number, 'Minghu#2021')
  const change = async (current: string, password: string) => await client.submit(await client.get('/account/password'), '/account/password', { current, password, again: password })
  for (const [current, next] of [['Minghu#2021', 'Minghu#2022'], ['Minghu#2022', 'Minghu#2023']] as const) assert.equal((await change(current, next)).heading, '账户信息')
  for (const old of ['Minghu#2021', 'Minghu#2022', 'Minghu#2023']) assert.ok((await change('Minghu#2023', old)).has('这个密码最近用过'), old)
  assert.ok((await change('wrong', 'Minghu#2021')).has('现在的密码不对'), 'who does not know the present one is not told which were used')
  await change('Minghu#2023', 'Minghu#2024')
  assert.equal((await change('Minghu#2024', 'Minghu#2021')).heading, '账户信息', 'the fourth last may')
  assert.ok((await firstPassword(hall, student.number)).length === 6)
})

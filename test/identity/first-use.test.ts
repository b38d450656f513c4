import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../support/app.ts'
import { cast } from '../support/people.ts'
import { codeTo, firstPassword, PASSWORD, phoneOf, tryAt } from './accounts.ts'
import { openHall } from './world.ts'

const DAY = 24 * 60 * 60_000

test('the first use of an account', async t => {
  const hall = await startTestApp(t, { env: { FIRST_USE_PROOF: 'on' } })
  const { db, write } = hall.app.database
  const { student, classmate, tutor } = await cast(hall.app)

  await t.test('takes a code to the phone on file, then a password of one’s own', async () => {
    const [client, first, phone] = [hall.stranger(), await firstPassword(hall, student.number), await phoneOf(hall, student.person_id)]
    const page = await tryAt(client, student.number, first, '/login?to=%2Fmessages')
    assert.deepEqual([page.status, page.heading, page.path], [200, '核实本人', '/login/first-use'])
    assert.ok(page.has(`${phone.slice(0, 3)}****${phone.slice(-4)}`) && !page.html.includes(phone), 'which phone, without telling it')
    assert.equal((await client.get('/account')).heading, '登录', 'nobody is signed in yet')
    const back = await client.get('/login/first-use')
    const sent = await client.submit(back, '/login/first-use/code')
    const code = await codeTo(hall, phone)
    const wrong = await client.submit(sent, '/login/first-use', { code: code === '000000' ? '000001' : '000000' })
    assert.deepEqual([wrong.status, wrong.has('验证码不对，还可以试 4 次')], [422, true])
    const change = await client.submit(wrong, '/login/first-use', { code })
    assert.equal(change.heading, '修改密码')
    assert.equal((await client.submit(change, '/account/password', { current: first, password: PASSWORD, again: PASSWORD })).path, '/messages', 'and on to the page asked for')
    const person = await db.selectFrom('identity_people').select('phone_proven_at').where('id', '=', student.person_id).executeTakeFirstOrThrow()
    assert.notEqual(person.phone_proven_at, null, 'the phone is proven from now on')
    assert.equal((await tryAt(hall.stranger(), student.number, PASSWORD, '/login?to=%2Faccount')).heading, '账户信息', 'the next time takes no code')
  })

  await t.test('gives nothing to who knows the ID number alone', async () => {
    const [client, first, phone] = [hall.stranger(), await firstPassword(hall, classmate.number), await phoneOf(hall, classmate.person_id)]
    assert.ok((await tryAt(client, classmate.number, '000000')).has('学工号或密码不对'))
    let page = await client.submit(await tryAt(client, classmate.number, first), '/login/first-use/code')
    for (let tries = 0; tries < 5; tries++) page = await client.submit(page, '/login/first-use', { code: 'wrong' })
    assert.ok(page.has('这个验证码已经失效，请重新获取'))
    assert.equal((await client.submit(page, '/login/first-use', { code: await codeTo(hall, phone) })).status, 422, 'not even the right code, after five wrong ones')
    const soon = await client.submit(page, '/login/first-use/code')
    assert.deepEqual([soon.status, soon.has('秒后再试')], [429, true])
    assert.equal((await client.get('/account')).heading, '登录')
    hall.clock.advance(16 * 60_000)
    assert.equal((await client.get('/login/first-use')).heading, '登录', 'and the first step does not hold for ever')
  })

  await t.test('takes no code that was sent for another browser', async () => {
    const [one, two, first] = [hall.stranger(), hall.stranger(), await firstPassword(hall, classmate.number)]
    await one.submit(await tryAt(one, classmate.number, first), '/login/first-use/code')
    const code = await codeTo(hall, await phoneOf(hall, classmate.person_id))
    hall.clock.advance(61_000)
    const sent = await two.submit(await tryAt(two, classmate.number, first), '/login/first-use/code')
    assert.equal((await two.submit(sent, '/login/first-use', { code })).status, 422)
  })

  await t.test('without a phone on file needs somebody who looks at the person', async () => {
    await write(async tx => { await tx.updateTable('identity_people').set({ phone_sealed: null, phone_index: null }).where('id', '=', tutor.person_id).execute() })
    const [client, first] = [hall.stranger(), await firstPassword(hall, tutor.number)]
    const page = await tryAt(client, tutor.number, first)
    assert.deepEqual([page.status, page.heading], [403, '需要先核实本人'])
    assert.ok(page.has('带证件到学校信息中心') && page.has('从企业微信打开办事大厅不用密码'))
    for (const path of ['/login/first-use', '/account', '/account/password']) assert.equal((await client.get(path)).heading, '登录', path)
    await write(tx => hall.app.identity.resetPassword(tx, { person_id: tutor.person_id, number: null }, { number: tutor.number, reason: '持工作证到柜台' }))
    assert.equal((await tryAt(client, tutor.number, first)).heading, '修改密码', 'who was checked by an operator signs in')
  })
})

test('the initial password', async t => {
  await t.test('opens an account for ninety days; then it takes a code or an operator', async expiring => {
    const hall = await openHall(expiring)
    const [early, late] = [hall.newcomer(), hall.newcomer()]
    hall.clock.advance(90 * DAY - 1000)
    assert.equal((await tryAt(hall.browser(), early.number, early.first)).heading, '修改密码')
    hall.clock.advance(1000)
    const page = await tryAt(hall.browser(), late.number, late.first)
    assert.deepEqual([page.status, page.heading, page.link('用短信设置密码')], [403, '初始密码已过期', '/login/reset'])
    assert.ok((await tryAt(hall.browser(), late.number, '000000')).has('学工号或密码不对'), 'who does not know it learns nothing')
    const person = await hall.identity.personByNumber(hall.db, late.number)
    await hall.database.write(tx => hall.identity.resetPassword(tx, { person_id: person?.id ?? '', number: null }, { number: late.number, reason: '持证件到柜台' }))
    hall.clock.advance(3 * DAY - 1000)
    assert.equal((await tryAt(hall.browser(), late.number, late.first)).heading, '修改密码')
    hall.clock.advance(1000)
    assert.equal((await tryAt(hall.browser(), late.number, late.first)).heading, '初始密码已过期', 'what an operator put back holds for three days')
  })

  await t.test('never expires where the school says so', async lasting => {
    const hall = await openHall(lasting, { initialPasswordDays: 0 })
    const { number, first } = hall.newcomer()
    hall.clock.advance(2000 * DAY)
    assert.equal((await tryAt(hall.browser(), number, first)).heading, '修改密码')
  })

  await t.test('is enough without a phone where the school asks for the code alone', async some => {
    const hall = await openHall(some, { firstUseProof: 'sms' })
    const { number, first } = hall.newcomer()
    assert.equal((await tryAt(hall.browser(), number, first)).heading, '修改密码')
    assert.equal((await tryAt(hall.browser(), '20230101', '090019')).heading, '核实本人')
  })

  await t.test('takes X in either case, and full-width digits', async letters => {
    const hall = await openHall(letters)
    const { person_id } = await hall.db.selectFrom('identity_numbers').select('person_id').where('number', '=', '20230102').executeTakeFirstOrThrow()
    await hall.database.write(async tx => { await tx.updateTable('identity_people').set({ document_sealed: hall.keyring.seal('identity.document', '11010519491231002X') }).where('id', '=', person_id).execute() })
    for (const typed of ['31002x', '31002X', '３１００２Ｘ', ' 31002X ']) assert.equal((await tryAt(hall.browser(), '20230102', typed)).heading, '修改密码', typed)
  })
})

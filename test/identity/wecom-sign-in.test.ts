import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openHall, signIn, stateOf, whoIs } from './world.ts'

const MINUTE = 60_000

test('opening the hall from WeCom', async t => {
  const { browser, phone, codeFor, identity, database, newcomer } = await openHall(t)

  await t.test('signs the bound member in silently and ends on a clean address', async () => {
    const { number } = newcomer()
    const client = phone()
    const away = await client.get('/')
    const asked = new URL(away.location ?? '')
    assert.equal(asked.searchParams.get('redirect_uri'), 'http://hall.test/auth/wecom/callback')
    assert.match(asked.searchParams.get('state') ?? '', /^[a-zA-Z0-9]{32}$/)
    const page = await client.get(`/auth/wecom/callback?code=${codeFor(number)}&state=${asked.searchParams.get('state')}`)
    assert.deepEqual([page.path, whoIs(page)], ['/', number])
  })

  await t.test('knows a member whatever the case of the letters', async () => {
    const { number } = newcomer()
    const person = await identity.personByNumber(database.db, number)
    await database.write(tx => identity.unbind(tx, { person_id: person?.id ?? '', number: null }, number))
    await database.write(tx => identity.bind(tx, null, { number: number, userid: 'ChenSiYuan' }))
    const client = phone()
    assert.equal(whoIs(await client.get(`/auth/wecom/callback?code=${codeFor('chensiyuan')}&state=${await stateOf(client)}`)), number)
  })

  await t.test('sends any other browser to the sign-in page', async () => {
    const page = await browser().get('/auth/wecom?to=%2Faccount')
    assert.deepEqual([page.heading, page.value('to')], ['登录', '/account'])
  })

  await t.test('signs in at a desk by the QR page', async () => {
    const { number } = newcomer()
    const client = browser()
    const scan = (await client.get('/login?to=%2Faccount')).link('企业微信扫码登录')
    const page = await client.get(`/auth/wecom/callback?code=${codeFor(number)}&state=${await stateOf(client, scan)}`)
    assert.equal(page.heading, '账户信息')
    const session = await database.db.selectFrom('identity_sessions').select('way').where('number', '=', number).where('ended_at', 'is', null).executeTakeFirstOrThrow()
    assert.equal(session.way, 'scan')
  })
})

test('a sign-in through WeCom that goes wrong', async t => {
  const { phone, codeFor, db, clock, wecom, newcomer } = await openHall(t)

  const says = (page: { status: number; heading: string; text: string }, status: number, heading: string, words: string): void => {
    assert.deepEqual([page.status, page.heading], [status, heading])
    assert.ok(page.text.includes(words), page.text)
  }

  await t.test('with a code that is wrong or used', async () => {
    const { number } = newcomer()
    const client = phone()
    says(await client.get(`/auth/wecom/callback?code=WRONG&state=${await stateOf(client)}`), 422, '登录没有完成', '授权码无效或已过期')
    const code = codeFor(number)
    const other = phone()
    await other.get(`/auth/wecom/callback?code=${code}&state=${await stateOf(other)}`)
    says(await client.get(`/auth/wecom/callback?code=${code}&state=${await stateOf(client)}`), 422, '登录没有完成', '授权码无效或已过期')
    says(await client.get(`/auth/wecom/callback?state=${await stateOf(client)}`), 422, '登录没有完成', '授权码无效或已过期')
  })

  await t.test('with a state of another browser, an old one, or none', async () => {
    const { number } = newcomer()
    const [client, other] = [phone(), phone()]
    says(await client.get(`/auth/wecom/callback?code=${codeFor(number)}&state=${await stateOf(other)}`), 422, '登录没有完成', '已经用过、过期')
    says(await client.get(`/auth/wecom/callback?code=${codeFor(number)}`), 422, '登录没有完成', '已经用过、过期')
    const state = await stateOf(client)
    clock.advance(11 * MINUTE)
    says(await client.get(`/auth/wecom/callback?code=${codeFor(number)}&state=${state}`), 422, '登录没有完成', '已经用过、过期')
    assert.equal(whoIs(await client.get('/')), null)
  })

  await t.test('replayed by back or refresh, goes on for who is signed in and stops for others', async () => {
    const { number } = newcomer()
    const client = phone()
    const address = `/auth/wecom/callback?code=${codeFor(number)}&state=${await stateOf(client)}`
    await client.get(address)
    assert.equal(whoIs(await client.get(address)), number)
    says(await phone().get(address), 422, '登录没有完成', '已经用过、过期')
  })

  await t.test('of somebody who is no member', async () => {
    const client = phone()
    const page = await client.get(`/auth/wecom/callback?code=${codeFor(null)}&state=${await stateOf(client)}`)
    says(page, 403, '还不是学校企业微信的成员', '请先加入')
    assert.equal(page.link('用校园账号登录'), '/login')
  })

  await t.test('while WeCom does not answer', async () => {
    const { number } = newcomer()
    const client = phone()
    wecom.down = true
    const page = await client.get(`/auth/wecom/callback?code=${codeFor(number)}&state=${await stateOf(client)}`)
    says(page, 503, '企业微信暂时没有回应', '先用校园账号登录')
    wecom.down = false
    assert.equal(whoIs(await client.get(`/auth/wecom/callback?code=${codeFor(number)}&state=${await stateOf(client, page.link('再试一次'))}`)), number)
  })

  await t.test('of a member whose person has left', async () => {
    await db.updateTable('identity_numbers').set({ standing: 'left' }).where('number', '=', '10002').execute()
    const client = phone()
    says(await client.get(`/auth/wecom/callback?code=${codeFor('10002')}&state=${await stateOf(client)}`), 403, '不能登录', '状态是“离职”')
  })
})

test('a member who is nobody in the roster', async t => {
  const { phone, codeFor, identity, database, db, clock, newcomer } = await openHall(t)

  await t.test('is bound by one campus sign-in, and needs none afterwards', async () => {
    const { number, first } = newcomer()
    const person = await identity.personByNumber(db, number)
    await database.write(tx => identity.unbind(tx, { person_id: person?.id ?? '', number: null }, number))
    const client = phone()
    const unknown = await client.get(`/auth/wecom/callback?code=${codeFor('newphone')}&state=${await stateOf(client)}`)
    assert.deepEqual([unknown.status, unknown.heading], [403, '企业微信账号还没有绑定'])
    const login = await client.get(unknown.link('登录并绑定'))
    assert.ok(login.has('同时绑定企业微信账号 newphone'))
    const change = await client.submit(login, '/login', { account: number, password: first, bind: login.value('bind') })
    assert.ok(change.has('已绑定企业微信账号 newphone'))
    assert.equal(await identity.wecomUseridOf(db, person?.id ?? ''), 'newphone')
    const later = phone()
    assert.equal(whoIs(await later.get(`/auth/wecom/callback?code=${codeFor('newphone')}&state=${await stateOf(later)}`)), number)
  })

  await t.test('is told when the number belongs to another member already, and stays signed in', async () => {
    const { number, first } = newcomer()
    const client = phone()
    await client.get(`/auth/wecom/callback?code=${codeFor('thief')}&state=${await stateOf(client)}`)
    const login = await client.get('/login')
    const change = await client.submit(login, '/login', { account: number, password: first, bind: '1' })
    assert.ok(change.has('已登录，但没有绑定企业微信') && change.has('已经绑定了另一个企业微信账号'))
    assert.equal((await identity.personByWecomUserid(db, 'thief')), null)
    assert.equal((await identity.personByWecomUserid(db, number))?.number, number)
  })

  await t.test('is not bound when the box is not ticked, nor after ten minutes', async () => {
    const { number, first } = newcomer()
    const person = await identity.personByNumber(db, number)
    await database.write(tx => identity.unbind(tx, { person_id: person?.id ?? '', number: null }, number))
    const client = phone()
    await client.get(`/auth/wecom/callback?code=${codeFor('lostphone')}&state=${await stateOf(client)}`)
    clock.advance(11 * MINUTE)
    const login = await client.get('/login')
    assert.ok(!login.has('同时绑定企业微信账号'))
    await client.submit(login, '/login', { account: number, password: first, bind: '1' })
    assert.equal(await identity.wecomUseridOf(db, person?.id ?? ''), null)
  })
})

test('unbinding', async t => {
  const { browser, phone, codeFor, newcomer } = await openHall(t)

  await t.test('asks for the password, ends every session of the number, and makes the member unknown', async () => {
    const { number, first } = newcomer()
    const [desk, pocket] = [browser(), phone()]
    await signIn(desk, number, first)
    await pocket.get(`/auth/wecom/callback?code=${codeFor(number)}&state=${await stateOf(pocket)}`)
    assert.equal(whoIs(await pocket.get('/')), number)
    const page = await desk.get((await desk.get('/account')).link('解除绑定'))
    assert.ok((await desk.submit(page, '/account/unbinding', { password: 'wrong' })).has('登录密码不对'))
    assert.equal((await desk.submit(page, '/account/unbinding', { password: 'Minghu#2026' })).heading, '解除绑定')
    assert.equal(whoIs(await pocket.get('/')), null)
    const again = await pocket.get(`/auth/wecom/callback?code=${codeFor(number)}&state=${await stateOf(pocket)}`)
    assert.equal(again.heading, '企业微信账号还没有绑定')
  })
})

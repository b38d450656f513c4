import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openHall, signIn, whoIs } from './world.ts'

const MINUTE = 60_000

test('the campus account', async t => {
  const { browser, clock, database, newcomer } = await openHall(t)

  await t.test('asks for a new password at the first sign-in and then goes on to the page asked for', async () => {
    const client = browser()
    const login = await client.get('/account')
    assert.equal(login.heading, '登录')
    const change = await client.submit(login, '/login', { account: '２０２３０１０１', password: '090019' })
    assert.equal(change.heading, '修改密码')
    assert.equal((await client.get('/')).heading, '修改密码', 'no other page before the password is changed')
    const account = await client.submit(change, '/account/password', { current: '090019', password: 'Minghu#2026', again: 'Minghu#2026' })
    assert.equal(account.heading, '账户信息')
    assert.ok(account.has('陈思远') && account.has('20230101') && account.has('文学院') && account.has('199****0003'))
    assert.equal(whoIs(await client.get('/')), '20230101')
  })

  await t.test('takes eight digits where the school says so', async eight => {
    const client = (await openHall(eight, { digits: 8 })).browser()
    assert.equal((await client.submit(await client.get('/login'), '/login', { account: '20230101', password: '08090019' })).heading, '修改密码')
  })

  await t.test('no longer takes the first password once it was changed', async () => {
    const { number, first } = newcomer()
    await signIn(browser(), number, first)
    const again = browser()
    const refused = await again.submit(await again.get('/login'), '/login', { account: number, password: first })
    assert.deepEqual([refused.status, refused.heading], [422, '登录'])
    assert.equal(whoIs(await again.submit(await again.get('/login'), '/login', { account: number, password: 'Minghu#2026' })), number)
  })

  await t.test('says the same of an unknown account and of a wrong password', async () => {
    const { number } = newcomer()
    const said = await Promise.all([number, '99999999'].map(async account => {
      const client = browser()
      const page = await client.submit(await client.get('/login'), '/login', { account, password: 'wrong' })
      return [page.status, page.root.querySelector('.field-error')?.text.trim(), page.value('account') === account, page.value('password')]
    }))
    assert.deepEqual(said[0], [422, '学工号或密码不对', true, ''])
    assert.deepEqual(said[1], said[0])
  })

  await t.test('names the empty field', async () => {
    const client = browser()
    const page = await client.submit(await client.get('/login'), '/login', { account: '', password: '' })
    assert.equal(page.status, 422)
    assert.ok(page.has('请填写学号或工号') && page.has('请填写密码'))
  })

  await t.test('is locked after five failures, longer each time, known or not, and says how long', async () => {
    const { number, first } = newcomer()
    for (const account of [number, '77777777']) {
      const client = browser()
      const attempt = async (password: string) => await client.submit(await client.get('/login'), '/login', { account, password })
      for (const left of ['', '', '再错 2 次会锁定 5 分钟', '再错 1 次会锁定 5 分钟']) assert.ok((await attempt('wrong')).has(left))
      assert.ok((await attempt('wrong')).has('已锁定 5 分钟'))
      const locked = await attempt(first)
      assert.equal(locked.status, 429)
      assert.ok(locked.has('已锁定，请 5 分钟后再试'), 'the right password is not even looked at')
      clock.advance(5 * MINUTE)
      assert.ok((await attempt('wrong')).has('已锁定 10 分钟'))
      clock.advance(10 * MINUTE)
    }
    const client = browser()
    assert.equal((await client.submit(await client.get('/login'), '/login', { account: number, password: first })).heading, '修改密码')
  })

  await t.test('lets a crowd of guesses at once have no more than five tries', async () => {
    const { number, first } = newcomer()
    const client = browser()
    const login = await client.get('/login')
    const pages = await Promise.all(Array.from({ length: 12 }, () => client.submit(login, '/login', { account: number, password: 'wrong' })))
    const looked = pages.filter(page => page.has('学工号或密码不对'))
    assert.ok(looked.length <= 5, `${looked.length} passwords were looked at`)
    // Of several at the very same moment the database may take one alone; the others were not looked at.
    for (let tries = looked.length; tries < 5; tries++) await client.submit(login, '/login', { account: number, password: 'wrong' })
    assert.equal((await client.submit(await client.get('/login'), '/login', { account: number, password: first })).status, 429)
  })

  await t.test('refuses weak, unequal and unchanged passwords, each at its field', async () => {
    const { number, first } = newcomer()
    const client = browser()
    const change = await client.submit(await client.get('/login'), '/login', { account: number, password: first })
    for (const [fields, sentence] of [
      [{ current: first, password: 'short', again: 'short' }, '密码至少 8 位'],
      [{ current: first, password: 'Minghu#2026', again: 'Minghu#2027' }, '两次输入的新密码不一样'],
      [{ current: '000000', password: 'Minghu#2026', again: 'Minghu#2026' }, '现在的密码不对'],
    ] as const) {
      const page = await client.submit(change, '/account/password', fields)
      assert.deepEqual([page.status, page.has(sentence)], [422, true], sentence)
    }
  })

  await t.test('returns to no address but our own', async () => {
    const { number, first } = newcomer()
    await signIn(browser(), number, first)
    for (const to of ['https://evil.example/', '//evil.example/x', '/\\evil.example']) {
      const client = browser()
      const page = await client.submit(await client.get(`/login?to=${encodeURIComponent(to)}`), '/login', { account: number, password: 'Minghu#2026', to })
      assert.equal(whoIs(page), number, `${to} leads home`)
    }
  })

  await t.test('is closed for who has left', async () => {
    await database.db.updateTable('identity_numbers').set({ standing: 'left' }).where('number', '=', '10002').execute()
    const client = browser()
    const page = await client.submit(await client.get('/login'), '/login', { account: '10002', password: '020028' })
    assert.deepEqual([page.status, page.has('状态是“离职”')], [403, true])
  })
})

test('a session', async t => {
  const { browser, phone, clock, db, identity, newcomer } = await openHall(t)

  await t.test('ends with 退出登录', async () => {
    const { number, first } = newcomer()
    const client = browser()
    await signIn(client, number, first)
    const cookies = new Map(client.cookies)
    await client.submit(await client.get('/account'), '/logout')
    assert.equal((await client.get('/account')).heading, '登录')
    const thief = browser()
    for (const [name, value] of cookies) thief.cookies.set(name, value)
    assert.equal((await thief.get('/account')).heading, '登录', 'the old cookie opens nothing')
  })

  await t.test('is listed with its device and can be ended from another', async () => {
    const { number, first } = newcomer()
    const desk = browser()
    await signIn(desk, number, first)
    const other = phone()
    await other.submit(await other.get('/login'), '/login', { account: number, password: 'Minghu#2026' })
    const account = await desk.get('/account/devices')
    assert.ok(account.has('Windows · Chrome') && account.has('iPhone · 企业微信'))
    const action = account.root.querySelectorAll('form').map(form => form.getAttribute('action') ?? '').find(each => /^\/account\/sessions\/\w{64}\/end$/.test(each)) ?? ''
    assert.equal((await desk.submit(account, action)).status, 200)
    assert.equal(whoIs(await other.get('/account')), null)
    assert.equal((await other.get('/account')).heading === '账户信息', false)
    assert.equal(whoIs(await desk.get('/')), number)
  })

  await t.test('of another device ends when the password is changed, and this one lives on', async () => {
    const { number, first } = newcomer()
    const [here, there] = [browser(), browser()]
    await signIn(here, number, first)
    await there.submit(await there.get('/login'), '/login', { account: number, password: 'Minghu#2026' })
    assert.equal(whoIs(await there.get('/')), number)
    await here.submit(await here.get('/account/password'), '/account/password', { current: 'Minghu#2026', password: 'Donghu#2027', again: 'Donghu#2027' })
    assert.equal(whoIs(await here.get('/')), number)
    assert.equal((await there.get('/account')).heading, '登录')
  })

  await t.test('of somebody else cannot be ended', async () => {
    const { number, first } = newcomer()
    const [one, two, other] = [browser(), browser(), newcomer()]
    await signIn(one, number, first)
    await signIn(two, other.number, other.first)
    const victim = await db.selectFrom('identity_sessions').select('id').where('number', '=', number).where('ended_at', 'is', null).executeTakeFirstOrThrow()
    const token = (await two.get('/account')).value('_csrf')
    assert.equal((await two.post(`/account/sessions/${victim.id}/end`, { _csrf: token })).status, 404)
    assert.equal(whoIs(await one.get('/')), number)
  })

  await t.test('ends after two idle hours, and after twelve however busy', async () => {
    const { number, first } = newcomer()
    const idle = browser()
    await signIn(idle, number, first)
    clock.advance(121 * MINUTE)
    assert.equal((await idle.get('/account')).heading, '登录')
    const busy = browser()
    await busy.submit(await busy.get('/login'), '/login', { account: number, password: 'Minghu#2026' })
    for (let hours = 0; hours < 11; hours++) { clock.advance(60 * MINUTE); assert.equal(whoIs(await busy.get('/')), number) }
    clock.advance(61 * MINUTE)
    assert.equal((await busy.get('/account')).heading, '登录')
  })

  await t.test('gets a new id at sign-in, so that a planted one is worth nothing', async () => {
    const { number, first } = newcomer()
    const client = browser()
    const login = await client.get('/login')
    const planted = new Map(client.cookies)
    await client.submit(login, '/login', { account: number, password: first })
    const attacker = browser()
    for (const [name, value] of planted) attacker.cookies.set(name, value)
    assert.equal((await attacker.get('/account')).heading, '登录')
  })

  await t.test('cannot be written back to life by a request that was under way', async () => {
    const { sessionStore: store } = identity
    const session = { signed_in: { person_id: 'p', number: 'n', epoch: 0, way: 'campus' as const, must_change: false, device: 'd', at: clock.now() } }
    await store.keep('sid', session)
    await store.end('sid')
    await store.keep('sid', session)
    assert.deepEqual((await db.selectFrom('identity_sessions').select('ended_at').where('person_id', '=', 'p').execute()).map(row => row.ended_at), [clock.now()])
  })
})

test('the language', async t => {
  const { browser } = await openHall(t)

  await t.test('is switched on any page and comes back to it', async () => {
    const client = browser()
    const page = await client.submit(await client.get('/login?to=%2Faccount'), '/language', { to: 'en' })
    assert.equal(page.heading, 'Sign in')
    assert.equal(page.value('to'), '/account')
  })
})

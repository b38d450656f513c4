import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client, Page } from '../support/client.ts'
import { PASSWORD, tryAt } from './accounts.ts'
import { openHall, signIn, whoIs } from './world.ts'

const MINUTE = 60_000

async function fail(client: Client, number: string, times: number): Promise<Page> {
  let page = await tryAt(client, number, 'wrong')
  for (let tries = 1; tries < times; tries++) page = await tryAt(client, number, 'wrong')
  return page
}

test('a stranger’s failures', async t => {
  const { browser, clock, newcomer } = await openHall(t)

  await t.test('lock strangers out, not the browser in which the owner has signed in before', async () => {
    const { number, first } = newcomer()
    const own = browser()
    await signIn(own, number, first)
    await own.submit(await own.get('/account'), '/logout')
    assert.ok((await fail(browser(), number, 5)).has('已锁定 5 分钟'))
    const elsewhere = await tryAt(browser(), number, PASSWORD)
    assert.deepEqual([elsewhere.status, elsewhere.has('登录过的设备不受影响')], [429, true])
    assert.equal(whoIs(await tryAt(own, number, PASSWORD)), number)
    assert.equal((await tryAt(browser(), number, PASSWORD)).status, 429, 'and the owner’s success gives strangers no new tries')
  })

  await t.test('are not forgiven by the owner signing in through WeCom or at a known desk', async () => {
    const { number, first } = newcomer()
    const own = browser()
    await signIn(own, number, first)
    await own.submit(await own.get('/account'), '/logout')
    await fail(browser(), number, 4)
    await tryAt(own, number, PASSWORD)
    assert.ok((await tryAt(browser(), number, 'wrong')).has('已锁定 5 分钟'), 'the fifth is the fifth')
  })

  await t.test('on the owner’s own device count there too, and lock it alone', async () => {
    const { number, first } = newcomer()
    const own = browser()
    await signIn(own, number, first)
    await own.submit(await own.get('/account'), '/logout')
    assert.ok((await fail(own, number, 5)).has('已锁定 5 分钟'))
    assert.equal((await tryAt(own, number, PASSWORD)).status, 429)
    assert.equal(whoIs(await tryAt(browser(), number, PASSWORD)), number)
    clock.advance(5 * MINUTE)
    assert.equal(whoIs(await tryAt(own, number, PASSWORD)), number)
  })

  await t.test('cannot be hidden behind a made-up or borrowed device', async () => {
    const [victim, thief] = [newcomer(), newcomer()]
    const [own, other] = [browser(), browser()]
    await signIn(own, victim.number, victim.first)
    await signIn(other, thief.number, thief.first)
    const device = other.cookies.get('device') ?? ''
    await fail(browser(), victim.number, 5)
    for (const value of [device, `${device.split('.')[0]}.${'A'.repeat(43)}`, `${'A'.repeat(22)}.${device.split('.')[1]}`, '.', 'x'.repeat(5000)]) {
      const client = browser()
      client.cookies.set('device', value)
      assert.equal((await tryAt(client, victim.number, PASSWORD)).status, 429, value.slice(0, 40))
    }
    assert.ok(!device.includes(thief.number), 'the cookie does not say whose it is')
  })

  await t.test('do not lock the person who is signed in out of what asks for the password again', async () => {
    const { number, first } = newcomer()
    const own = browser()
    await signIn(own, number, first)
    await fail(browser(), number, 5)
    const page = await own.get('/account/password')
    const form = { current: PASSWORD, password: 'Donghu#2027', again: 'Donghu#2027' }
    for (let tries = 0; tries < 2; tries++) assert.equal((await own.submit(page, '/account/password', { ...form, current: 'wrong' })).status, 422)
    assert.equal((await own.submit(page, '/account/password', form)).heading, '账户信息')
    for (let tries = 0; tries < 5; tries++) await own.submit(page, '/account/password', { current: 'wrong', password: 'Xihu#20288', again: 'Xihu#20288' })
    const locked = await own.submit(page, '/account/password', { current: 'Donghu#2027', password: 'Xihu#20288', again: 'Xihu#20288' })
    assert.deepEqual([locked.status, locked.has('请 5 分钟后再试')], [429, true], 'an unlocked phone is no place for guessing')
  })

  await t.test('at many accounts lock no campus behind one address', async () => {
    const people = Array.from({ length: 3 }, newcomer)
    for (const { number } of people) await fail(browser(), number, 5)
    const { number, first } = newcomer()
    assert.equal((await tryAt(browser(), number, first)).heading, '修改密码')
  })
})

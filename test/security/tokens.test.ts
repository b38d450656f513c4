import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../support/app.ts'
import { desksOf } from '../support/desks.ts'
import { cast } from '../support/people.ts'
import { multipart, send, tokenOf } from './attack.ts'
import { filled, type Route, routesOf } from './routes.ts'

// Strangers verify without a session: a file or its hashes are looked at, a passcode is proof enough, and for whom is a note of the asker's. And a choice of words.
const WITHOUT_TOKEN = ['/language', '/verify/:code', '/verify/:code/content', '/verify/file', '/verify/register']
const SOME_ID = '01HZZZZZZZZZZZZZZZZZZZZZZZ'

test('nobody else’s page can press our buttons', async t => {
  const hall = await startTestApp(t)
  const { admin, student } = await cast(hall.app)
  const [desk, phone] = [await hall.phone(admin.userid), await hall.phone(student.userid)]
  const holder = desksOf(hall)
  const whoMay = async ({ right }: Route) => right ? await holder(right) : desk
  const routes = await routesOf(hall.app)
  const posts = routes.filter(route => route.method !== 'GET' && route.door !== 'machine')
  const guarded = posts.filter(route => !WITHOUT_TOKEN.includes(route.url))

  await t.test('every address that changes something asks for a token, but for the named exceptions', () => {
    assert.ok(guarded.length > 20, `${guarded.length} addresses`)
    assert.deepEqual(posts.filter(route => route.withoutToken).map(route => route.url).toSorted(), WITHOUT_TOKEN)
    assert.deepEqual(routes.filter(route => !['GET', 'POST'].includes(route.method)), [])
    assert.deepEqual(routes.filter(route => route.door === 'machine').map(route => route.url.replace('/contacts', '')).filter(url => !/^\/(api\/v1|terminal)(\/|$)/.test(url) && !['/wecom/callback', '/pay/wechat/notify', '/pay/wechat/refund-notify'].includes(url)), [])
  })

  await t.test('without a token each refuses with a page that says what to do', async () => {
    for (const route of guarded) {
      const { url } = route
      const answer = await send(hall.origin, filled(url, SOME_ID), { decision: 'approve', intent: 'submit' }, { client: await whoMay(route) })
      assert.equal(answer.status, 403, url)
      assert.ok(answer.body.includes('页面打开得太久了'), url)
    }
  })

  await t.test('the token of another session, a bent one and a doubled one are none', async () => {
    const [own, foreign] = [await tokenOf(desk), await tokenOf(phone)]
    for (const route of guarded) assert.equal((await send(hall.origin, filled(route.url, SOME_ID), { _csrf: foreign }, { client: await whoMay(route) })).status, 403, route.url)
    for (const body of [`_csrf=${own}x`, `_csrf=${own}&_csrf=${own}`, `_csrf[]=${own}`, `_csrf[toString]=${own}`, '_csrf=', `_CSRF=${own}`])
      assert.equal((await send(hall.origin, '/logout', body, { client: desk })).status, 403, body)
    for (const name of ['_csrf', '__proto__', 'constructor', 'toString']) {
      const form = multipart([{ name, type: 'application/json', content: '{"toString":1,"valueOf":1}' }])
      const { status } = await send(hall.origin, '/logout', '', { client: desk, headers: form.headers, body: form.body })
      assert.ok(status >= 400 && status < 500, `${name} ${status}`)
    }
    assert.equal((await desk.get('/account')).heading, '账户信息', 'still signed in')
  })

  await t.test('each page has another token, so that its compressed length tells nothing; any of them is good', async () => {
    const tokens = [await tokenOf(desk), await tokenOf(desk)]
    assert.notEqual(tokens[0], tokens[1])
    for (const _csrf of tokens) assert.equal((await send(hall.origin, '/language', { _csrf, to: 'zh', back: '/' }, { client: desk })).status, 303)
    for (const _csrf of tokens) assert.notEqual((await send(hall.origin, '/account/phone', { _csrf }, { client: desk })).status, 403)
  })

  await t.test('a token in the address counts for nothing', async () => {
    assert.equal((await send(hall.origin, `/logout?_csrf=${await tokenOf(desk)}`, {}, { client: desk })).status, 403)
  })

  await t.test('no GET changes what is kept', async () => {
    const { db } = hall.app.database
    const state = async () => JSON.stringify([
      await db.selectFrom('identity_grants').selectAll().orderBy('person_id').execute(), await db.selectFrom('identity_bindings').selectAll().orderBy('id').execute(),
      await db.selectFrom('services_applications').select(['id', 'status']).where('saved_at', 'is not', null).execute(), await db.selectFrom('documents_documents').select(['id', 'status']).execute(),
    ])
    for (const route of routes) await whoMay(route)
    const before = await state()
    for (const route of routes.filter(each => each.method === 'GET' && each.door !== 'machine')) await (await whoMay(route)).get(filled(route.url, SOME_ID))
    assert.equal(await state(), before)
  })

  await t.test('signed out, every address behind the door leads to it or says so, and receives nothing', async () => {
    for (const { method, url, door } of routes) {
      if (door !== 'signed in' && door !== 'console') continue
      const path = filled(url, SOME_ID)
      const { status, headers } = await send(hall.origin, path, '', { method, ...(method === 'GET' ? {} : { body: 'a=b' }) })
      if (method === 'GET') assert.deepEqual([status, headers.location], [303, `/login?to=${encodeURIComponent(path)}`])
      else assert.equal(status, 403, url)
    }
  })

  await t.test('a student reaches nothing of the console, by any address', async () => {
    const token = await tokenOf(phone)
    for (const { method, url } of routes.filter(route => route.door === 'console'))
      assert.equal((await send(hall.origin, filled(url, SOME_ID), method === 'GET' ? '' : { _csrf: token }, { method, client: phone })).status, 403, `${method} ${url}`)
  })
})

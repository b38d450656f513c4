import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { Secret, TOTP } from 'otpauth'
import { startTestApp, type TestApp } from '../support/app.ts'
import type { Client, Page } from '../support/client.ts'
import { cast, type Someone } from '../support/people.ts'

const MINUTE = 60_000

/** An authenticator app: scans the address on the page, then shows a code for every half minute. */
function authenticator(hall: TestApp, page: Page) {
  const address = page.root.querySelectorAll('a').map(link => link.getAttribute('href') ?? '').find(href => href.startsWith('otpauth://')) ?? ''
  const secret = /secret=([A-Z2-7]+)/.exec(address)?.[1] ?? ''
  const totp = new TOTP({ secret: Secret.fromBase32(secret) })
  return { address, secret, code: (later = 0) => totp.generate({ timestamp: hall.clock.now() + later * 1000 }) }
}

const send = async (client: Client, page: Page, code: string) => await client.submit(page, '/account/factor', { code })
const recoveryCodes = (page: Page) => page.root.querySelectorAll('ol .code').map(item => item.text.trim())
const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

async function open(t: TestContext, env: Record<string, string> = {}) {
  const hall = await startTestApp(t, { env: { SECOND_FACTOR: 'on', ...env } })
  const people = await cast(hall.app)
  return { hall, ...people }
}

/** Enrols through the front door and leaves the client elevated. */
async function enrol(hall: TestApp, { userid }: Someone) {
  const client = await hall.phone(userid)
  const form = await client.get('/admin')
  const app = authenticator(hall, form)
  const done = await send(client, form, app.code())
  assert.equal(done.heading, '二次验证已启用', done.text)
  return { client, app, codes: recoveryCodes(done), done }
}

test('the first visit to the console sets up an authenticator, later ones ask it', async t => {
  const { hall, admin } = await open(t)
  const client = await hall.phone(admin.userid)
  const form = await client.get('/admin/jobs?status=done')
  assert.deepEqual([form.heading, form.path.split('?')[0]], ['设置二次验证', '/account/factor'])
  assert.ok(form.root.querySelector('.qr svg') && form.has('第一步') && form.has('手动输入'), form.text)
  const app = authenticator(hall, form)
  assert.ok(form.has(app.secret.match(/.{1,4}/g)?.join(' ') ?? '') && app.address.includes(encodeURIComponent('明湖大学')) && app.secret.length === 32, app.address)
  assert.equal(authenticator(hall, await client.get('/admin')).secret, app.secret, 'loaded again it is the same')

  const no = await send(client, form, wrong(app.code()))
  assert.deepEqual([no.status, no.has('还可以试 4 次')], [422, true])
  const before = client.cookies.get('hall')
  const done = await send(client, form, app.code())
  assert.equal(done.heading, '二次验证已启用')
  assert.equal(recoveryCodes(done).length, 10)
  assert.notEqual(client.cookies.get('hall'), before, 'the session goes on under a new id')
  assert.equal((await client.get(done.link('已经保存，继续'))).heading, '后台作业')
  assert.equal((await client.get('/admin')).heading, '总览')

  const other = await hall.phone(admin.userid)
  const check = await other.get('/admin')
  assert.equal(check.heading, '二次验证')
  assert.ok(!check.html.includes(app.secret))
  const replayed = await send(other, check, app.code())
  assert.equal(replayed.status, 422, 'the code that was used for setting up opens nothing')
  hall.clock.advance(30_000)
  assert.equal((await send(other, check, app.code())).heading, '总览')
  const { db } = hall.app.database
  assert.ok(!JSON.stringify(await db.selectFrom('identity_factors').selectAll().execute()).includes(app.secret), 'the secret rests sealed')
  assert.ok(!JSON.stringify(await db.selectFrom('identity_sessions').selectAll().execute()).includes(app.secret))
  assert.ok(recoveryCodes(done).every(code => code.length === 19))
})

test('a code is good once, a neighbouring half minute is forgiven, an older one is not', async t => {
  const { hall, admin } = await open(t)
  const { app } = await enrol(hall, admin)
  hall.clock.advance(5 * MINUTE)
  const ask = async (code: string) => {
    const client = await hall.phone(admin.userid)
    return await send(client, await client.get('/admin'), code)
  }
  assert.equal((await ask(app.code(-60))).status, 422, 'a minute ago')
  assert.equal((await ask(app.code(60))).status, 422, 'in a minute')
  assert.equal((await ask(app.code(-30))).heading, '总览', 'the phone is slow')
  assert.equal((await ask(app.code(-30))).status, 422, 'again')
  const now = app.code()
  const answers = await Promise.all([ask(now), ask(now), ask(now)])
  assert.equal(answers.filter(answer => answer.heading === '总览').length, 1, 'of three at once one is let in')
})

test('six digits cannot be tried out', async t => {
  const { hall, admin } = await open(t)
  const { app, codes } = await enrol(hall, admin)
  hall.clock.advance(MINUTE)
  const client = await hall.phone(admin.userid)
  const form = await client.get('/admin')
  for (const left of [4, 3, 2, 1]) assert.ok((await send(client, form, wrong(app.code()))).has(`还可以试 ${left} 次`))
  const locked = await send(client, form, wrong(app.code()))
  assert.ok(locked.has('请 5 分钟后再试'), locked.text)
  const right = await send(client, form, app.code())
  assert.deepEqual([right.status, right.has('请 5 分钟后再试')], [429, true])
  assert.equal((await send(client, form, codes[0] ?? '')).status, 429, 'nor with a recovery code')
  const fresh = await hall.phone(admin.userid)
  assert.equal((await send(fresh, await fresh.get('/admin'), app.code())).status, 429, 'nor in another session')
  hall.clock.advance(5 * MINUTE)
  assert.equal((await send(client, form, app.code())).heading, '总览')
})

test('a recovery code stands in for the phone, once', async t => {
  const { hall, admin } = await open(t)
  const { codes, client } = await enrol(hall, admin)
  const [first = '', second = '', third = ''] = codes
  const ask = async (code: string) => {
    const other = await hall.phone(admin.userid)
    return await send(other, await other.get('/admin'), code)
  }
  const used = await ask(first.toLowerCase().replaceAll('-', ' '))
  assert.ok(used.heading === '总览' && used.has('还剩 9 个'), used.text)
  assert.equal((await ask(first)).status, 422)
  const { db } = hall.app.database
  assert.ok(!JSON.stringify(await db.selectFrom('identity_recovery_codes').selectAll().execute()).includes(second.replaceAll('-', '')))

  const question = await client.get('/account/factor/codes')
  assert.ok(question.has('现在还有 9 个恢复码没有用'), question.text)
  const renewed = await client.submit(question, '/account/factor/codes')
  assert.equal(recoveryCodes(renewed).length, 10)
  assert.equal((await ask(second)).status, 422, 'those before are worth nothing')
  assert.equal((await ask(recoveryCodes(renewed)[0] ?? '')).heading, '总览')
  hall.clock.advance(11 * MINUTE)
  assert.equal((await client.get('/account/factor/codes')).heading, '二次验证', 'asked again after ten minutes')
  assert.equal((await ask(third)).status, 422)
})

test('granting roles asks for a code of minutes ago; the console for one of today; work in a form is not lost', async t => {
  const { hall, security, student } = await open(t, { SECOND_FACTOR_HOURS: '1' })
  const { client, app } = await enrol(hall, security)
  const form = await client.get(`/admin/people/${student.person_id}/grants/new`)
  assert.equal(form.heading, '授予角色')
  hall.clock.advance(11 * MINUTE)
  assert.equal((await client.get('/admin/people')).heading, '人员')
  const late = await client.submit(form, `/admin/people/${student.person_id}/grants`, { role: 'operator', scope: 'all', reason: '' })
  assert.equal(late.status, 422, 'a form that was opened in time is taken')
  const again = await client.get(`/admin/people/${student.person_id}/grants/new`)
  assert.equal(again.heading, '二次验证')
  assert.equal((await send(client, again, app.code())).heading, '授予角色', 'and goes on where it was asked')
  for (let minutes = 0; minutes < 40; minutes += 20) {
    hall.clock.advance(20 * MINUTE)
    assert.equal((await client.get('/admin/people')).heading, '人员')
  }
  const refused = await client.submit(form, `/admin/people/${student.person_id}/grants`, { role: 'operator', scope: 'all', reason: '太晚' })
  assert.deepEqual([refused.status, refused.has('请返回、刷新页面，验证后再提交')], [403, true])
  hall.clock.advance(21 * MINUTE)
  assert.equal((await client.get('/admin/people')).heading, '二次验证', 'after the hour')
})

test('the security administrator resets a lost phone with a reason, never their own', async t => {
  const { hall, security, admin } = await open(t)
  const desk = (await enrol(hall, security)).client
  const lost = await enrol(hall, admin)
  const person = await desk.get(`/admin/people/${admin.person_id}`)
  const question = await desk.get(person.link('重置二次验证'))
  assert.ok(question.has('在所有设备上的登录立即结束'))
  const short = await desk.submit(question, question.path, { reason: '' })
  assert.deepEqual([short.status, short.has('请写明怎样核实了本人')], [422, true])
  const done = await desk.submit(question, question.path, { reason: '持校园卡到办公室' })
  assert.ok(done.has('二次验证已重置') && done.has('重置了二次验证：持校园卡到办公室'), done.text)
  assert.notEqual((await lost.client.get('/admin')).heading, '总览', 'the elevated session is over')
  const anew = await hall.phone(admin.userid)
  assert.equal((await anew.get('/admin')).heading, '设置二次验证')
  const own = await desk.get(`/admin/people/${security.person_id}/factor-reset`)
  const refused = await desk.submit(own, own.path, { reason: '我自己' })
  assert.deepEqual([refused.status, refused.has('不能重置自己的二次验证')], [403, true])
})

test('who has no console role is never asked, and the hall itself does not ask', async t => {
  const { hall, student, tutor, admin } = await open(t)
  for (const { userid } of [student, tutor]) {
    const client = await hall.phone(userid)
    assert.equal((await client.get('/admin')).status, 403)
    assert.equal((await client.get('/account/factor')).status, 404)
    assert.equal((await client.post('/account/factor', { _csrf: (await client.get('/account')).value('_csrf'), code: '123456' })).status, 404)
  }
  const client = await hall.phone(admin.userid)
  for (const path of ['/', '/received', '/account']) assert.equal((await client.get(path)).status, 200, path)
  const post = await client.post('/admin/events/check', { _csrf: (await client.get('/account')).value('_csrf') })
  assert.equal(post.status, 403)
  const evil = await client.get('/account/factor?to=https%3A%2F%2Fevil.example')
  assert.equal(evil.value('to'), '/admin')
})

test('a desk of the console is closed after half an hour, any other after two, both after twelve', async t => {
  const hall = await startTestApp(t)
  const { admin, tutor, student } = await cast(hall.app)
  const signedIn = async (client: Client) => (await client.get('/account')).heading === '账户信息'
  const clients = await Promise.all([admin, tutor, student].map(person => hall.phone(person.userid)))
  const standing = async () => await Promise.all(clients.map(signedIn))
  hall.clock.advance(29 * MINUTE)
  assert.deepEqual(await standing(), [true, true, true])
  hall.clock.advance(31 * MINUTE)
  assert.deepEqual(await standing(), [false, true, true])
  const [, , phone] = clients
  assert.ok(phone)
  for (let hour = 1; hour < 11; hour++) {
    hall.clock.advance(60 * MINUTE)
    assert.equal(await signedIn(phone), true, `hour ${hour}`)
  }
  hall.clock.advance(61 * MINUTE)
  assert.equal(await signedIn(phone), false, 'however busy')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../support/app.ts'
import { payInFull } from '../support/cheap-passwords.ts'
import type { Client } from '../support/client.ts'
import { cast } from '../support/people.ts'
import { type Answer, ask, send, tokenOf } from './attack.ts'

const MINUTE = 60_000
const WECOM = { 'user-agent': 'Mozilla/5.0 (iPhone) wxwork/4.1.30 MicroMessenger/7.0.1' }
const stateIn = (location: string | null) => new URL(location ?? 'x:').searchParams.get('state') ?? ''

test('a sign-in through WeCom', async t => {
  const hall = await startTestApp(t)
  const { student, classmate } = await cast(hall.app)
  const begin = async (client: Client, to = '/') => stateIn((await client.get(`/auth/wecom?to=${encodeURIComponent(to)}`, WECOM)).location)
  const finish = (client: Client, code: string, state: string) => client.get(`/auth/wecom/callback?code=${code}&state=${state}`, WECOM)
  const isIn = async (client: Client) => (await client.get('/account')).heading === '账户信息'

  await t.test('prepared by somebody else signs nobody in: their code, their state, an old state, a state used up', async () => {
    const [attacker, victim] = [hall.stranger(), hall.stranger()]
    const planted = await begin(attacker)
    const code = hall.simulator.authorizeCode(classmate.userid)
    assert.equal((await finish(victim, code, planted)).status, 422)
    assert.equal(await isIn(victim), false)
    const own = await begin(victim)
    hall.clock.advance(11 * MINUTE)
    assert.equal((await finish(victim, hall.simulator.authorizeCode(student.userid), own)).status, 422)
    const fresh = await begin(victim)
    await finish(victim, 'no-such-code', fresh)
    assert.equal((await finish(victim, hall.simulator.authorizeCode(student.userid), fresh)).status, 422, 'a state counts once')
    for (const query of ['', '?code=', '?state=', '?code=a&code=b&state=c&state=d', `?code=${'x'.repeat(2000)}&state=${'y'.repeat(2000)}`, '?code=%00&state=%00', '?code=1&state=__proto__', '?error=access_denied&state=1'])
      assert.equal((await victim.get(`/auth/wecom/callback${query}`, WECOM)).status, 422, query.slice(0, 30))
    assert.equal(await isIn(victim), false)
  })

  await t.test('with a code that was used before signs nobody in', async () => {
    const [first, second] = [hall.stranger(), hall.stranger()]
    const code = hall.simulator.authorizeCode(student.userid)
    await finish(first, code, await begin(first))
    assert.equal(await isIn(first), true)
    assert.equal((await finish(second, code, await begin(second))).status, 422)
    assert.equal(await isIn(second), false)
  })

  await t.test('changes the session’s number and keeps nothing of the one before', async () => {
    const client = hall.stranger()
    const state = await begin(client)
    const before = client.cookies.get('hall')
    await finish(client, hall.simulator.authorizeCode(student.userid), state)
    assert.notEqual(client.cookies.get('hall'), before)
    const planted = hall.stranger()
    planted.cookies.set('hall', before ?? '')
    assert.equal(await isIn(planted), false)
  })

  await t.test('ends within the hall, whatever address was asked for', async () => {
    for (const to of ['//evil.example', '/\\evil.example', '\\\\evil.example', 'https://evil.example', 'javascript:alert(1)', '/%0d%0aLocation:%20//evil.example', '/\t/evil.example', '/.//evil.example', '/a/..//evil.example', '/%5cevil.example', '/\u3002evil', 'data:text/html,x', '/login?to=//evil.example', '/auth/wecom', '//evil.example/%2f..', '/;@evil.example', '/@evil.example']) {
      const client = hall.stranger()
      const state = await begin(client, to)
      const answer = await ask(hall.origin, `/auth/wecom/callback?code=${hall.simulator.authorizeCode(student.userid)}&state=${state}`, { client })
      assert.equal(answer.status, 303)
      assert.equal(new URL(String(answer.headers.location), hall.origin).origin, hall.origin, to)
      assert.doesNotMatch(String(answer.headers.location), /^\/[/\\]|[\r\n\t]/)
      for (const path of [`/login?to=${encodeURIComponent(to)}`]) {
        const page = await hall.stranger().get(path)
        for (const value of page.root.querySelectorAll('[href], [action], input[name=to]').map(each => each.getAttribute('href') ?? each.getAttribute('action') ?? each.getAttribute('value') ?? ''))
          assert.equal(new URL(value === '' ? '/' : value, hall.origin).origin, hall.origin, value)
      }
      const language = await send(hall.origin, '/language', { to: 'en', back: to })
      assert.equal(new URL(String(language.headers.location), hall.origin).origin, hall.origin, to)
    }
  })

  await t.test('is only a way: the browser’s name gives nobody any right', async () => {
    for (const agent of ['wxwork/4.1', 'wxworklocal/1', 'Mozilla/5.0 wxwork/4.1.30 admin', '']) {
      const answer = await ask(hall.origin, '/account', { headers: { 'user-agent': agent, 'x-userid': student.userid, 'x-forwarded-for': '127.0.0.1', 'x-original-url': '/healthz', 'x-http-method-override': 'POST' } })
      assert.equal(answer.status, 303)
    }
  })

  await t.test('of who is no member, of a member nobody knows, and of who left, opens nothing', async () => {
    const client = hall.stranger()
    const state = await begin(client)
    await hall.app.database.db.updateTable('identity_bindings').set({ current_userid: null, current_number: null }).where('current_number', '=', classmate.number).execute()
    const unknown = await finish(client, hall.simulator.authorizeCode(classmate.userid), state)
    assert.equal(await isIn(client), false)
    assert.ok(unknown.status < 500 && !unknown.has(classmate.name))
    const gone = hall.stranger()
    await hall.app.database.db.updateTable('identity_numbers').set({ standing: 'withdrawn' }).where('number', '=', student.number).execute()
    const closed = await finish(gone, hall.simulator.authorizeCode(student.userid), await begin(gone))
    assert.equal(closed.status, 403)
    assert.equal(await isIn(gone), false)
  })
})

test('a session', async t => {
  const hall = await startTestApp(t)
  const { student } = await cast(hall.app)

  await t.test('is a cookie that no script reads and no other site sends', async () => {
    const { headers } = await ask(hall.origin, '/login')
    assert.match(String(headers['set-cookie']), /^hall=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/)
  })

  await t.test('is worth nothing after signing out, also for who asks at the same moment', async () => {
    const phone = await hall.phone(student.userid)
    const stolen = hall.stranger()
    for (const [name, value] of phone.cookies) stolen.cookies.set(name, value)
    const token = await tokenOf(phone)
    await Promise.all([
      send(hall.origin, '/logout', { _csrf: token }, { client: stolen }),
      ...Array.from({ length: 20 }, (_, at) => ask(hall.origin, at % 2 ? '/account' : '/login', { client: stolen })),
    ])
    for (const path of ['/account', '/', '/documents']) assert.equal((await ask(hall.origin, path, { client: stolen })).status, 303)
    assert.equal((await send(hall.origin, '/account/sessions/end', { _csrf: token }, { client: stolen })).status, 403)
  })

  await t.test('cannot be made up: a signature is wanted, and the number in the database is none to send', async () => {
    await hall.phone(student.userid)
    const { id } = await hall.app.database.db.selectFrom('identity_sessions').select('id').where('ended_at', 'is', null).executeTakeFirstOrThrow()
    for (const cookie of [`hall=${id}`, `hall=${id}.${'A'.repeat(43)}`, `hall=${encodeURIComponent(id)}.`, 'hall=.', `hall=${id}.${id}`])
      assert.equal((await ask(hall.origin, '/account', { headers: { cookie } })).status, 303)
  })
})

test('over https the cookie goes over https alone', async t => {
  const hall = await startTestApp(t, { env: { PUBLIC_URL: 'https://hall.minghu.example' } })
  const { headers } = await ask(hall.origin, '/login', { headers: { 'x-forwarded-proto': 'https' } })
  assert.match(String(headers['set-cookie']), /; Secure/)
  assert.match(String(headers['strict-transport-security']), /max-age=/)
})

test('the first password opens nothing but the page that changes it', async t => {
  const hall = await startTestApp(t)
  const { db } = hall.app.database
  const { classmate } = await cast(hall.app)
  const { document_sealed } = await db.selectFrom('identity_people').select('document_sealed').where('id', '=', classmate.person_id).executeTakeFirstOrThrow()
  const first = (hall.app.keyring.open('identity.document', document_sealed) ?? '').slice(-6)
  const client = hall.stranger()
  const page = await client.submit(await client.get('/login'), '/login', { account: classmate.number, password: first })
  assert.equal(page.heading, '修改密码')
  for (const path of ['/', '/account', '/account/unbinding', '/account/passwordx', '/account/password/../../documents', '/documents', '/services/enrolment-certificate/apply', '/admin', '//documents', '/logoutx', '/messages?x=/account/password'])
    assert.notEqual((await ask(hall.origin, path, { client })).status, 200, path)
  const _csrf = page.value('_csrf')
  for (const path of ['/account/sessions/end', '/account/unbinding']) assert.equal((await send(hall.origin, path, { _csrf, password: first }, { client })).headers.location, '/account/password', path)
  assert.equal((await db.selectFrom('services_applications').select('id').where('person_id', '=', classmate.person_id).execute()).length, 0)
})

test('a wrong password says the same and takes as long, whether the account is there or not', async t => {
  payInFull(t)
  const hall = await startTestApp(t)
  const { student } = await cast(hall.app)
  const client = hall.stranger()
  const _csrf = (await client.get('/login')).value('_csrf')
  const attempt = (account: string) => send(hall.origin, '/login', { _csrf, account, password: 'Wrong#2026' }, { client })
  await attempt('warming-up')
  const known: number[] = []
  const unknown: number[] = []
  const said = ({ status, root }: Answer) => `${status} ${root.querySelector('body')?.textContent.replace(/\s+/g, ' ')}`
  for (let n = 0; n < 4; n++) {
    const [one, two] = [await attempt(student.number), await attempt(`9${student.number.slice(1)}`)]
    assert.equal(said(one), said(two))
    known.push(one.spent)
    unknown.push(two.spent)
  }
  const middle = (times: number[]) => times.toSorted((a, b) => a - b)[1] ?? 0
  assert.ok(middle(known) / middle(unknown) < 2 && middle(unknown) / middle(known) < 2, `${known.map(Math.round)} against ${unknown.map(Math.round)} ms`)
  const [one, two] = [await attempt(student.number), await attempt(`9${student.number.slice(1)}`)]
  assert.equal(said(one), said(two), 'locked looks the same too')
  for (const account of [` ${student.number} `, [...student.number].join(' '), student.number.replace(/[0-9]/g, digit => String.fromCodePoint(0xff10 + Number(digit))), student.number.toLowerCase()])
    assert.equal((await attempt(account)).status, 429, `the lock holds for ${JSON.stringify(account)}`)
  for (const account of ["' or 1=1 --", '%', '_', '\\', `${student.number}\0`, 'x'.repeat(5000), '<script>']) assert.ok((await attempt(account)).status < 500, account.slice(0, 20))
})

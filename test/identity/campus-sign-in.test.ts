import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startTestApp } from '../support/app.ts'
import { signInAtCas, startCas } from '../support/cas.ts'
import { type Client, createClient, type Page } from '../support/client.ts'
import { base, searcher, startLdap } from '../support/ldap.ts'
import { registration, signInAtOidc, startOidc } from '../support/oidc.ts'
import { freePort } from '../support/ports.ts'
import { campusCommand } from '../../src/main/campus.ts'
import { tryAt } from './accounts.ts'

/** A member of the sample's staff. */
const NUMBER = '10002'
const MINUTE = 60_000

const pathOf = (address: string | null): string => new URL(address ?? '').href.slice(new URL(address ?? '').origin.length)
const signedIn = async (client: Client): Promise<string | null> => (await client.get('/account')).heading === '账户信息' ? ((await client.get('/account')).has(NUMBER) ? NUMBER : 'another') : null

/** Leaves for the school's server from a page's link; where the browser is sent. */
async function leaveFor(client: Client, page: Page, words = '统一身份认证登录'): Promise<string> {
  return (await client.get(page.link(words))).location ?? ''
}

test('signing in through the school’s CAS server', async t => {
  const port = await freePort()
  const cas = await startCas({
    'li.min': { password: 'School#2026', attributes: { number: NUMBER } }, ghost: { password: 'School#2026', attributes: { number: '99999999' } }, nameless: { password: 'School#2026' },
  }, { service: `http://localhost:${port}/auth/campus/callback` })
  t.after(() => cas.stop())
  const hall = await startTestApp(t, { port, env: { CAMPUS_AUTH: 'cas', CAS_URL: cas.url, CAMPUS_NUMBER_ATTRIBUTE: 'number' } })
  const { db } = hall.app.database
  const atSchool = async (client: Client, account: string, browser = createClient(cas.url)): Promise<Page> =>
    await client.get(pathOf(await signInAtCas(await leaveFor(client, await client.get('/login?to=%2Fmessages')), account, 'School#2026', browser)))

  await t.test('leads there and back to the page asked for', async () => {
    const client = hall.stranger()
    const login = await client.get('/login?to=%2Fmessages')
    assert.equal(login.root.querySelector('input[type=password]'), null, 'the hall asks for no password')
    assert.ok(login.has('企业微信扫码登录'))
    assert.equal(await campusCommand(hall.app, () => {}), 0)
    assert.equal((await atSchool(client, 'li.min')).path, '/messages')
    assert.equal(await signedIn(client), NUMBER)
    const rows = await db.selectFrom('identity_sessions').select(['data', 'campus_handle']).where('number', '=', NUMBER).where('ended_at', 'is', null).execute()
    assert.ok(rows.every(row => row.campus_handle?.length === 64) && !JSON.stringify(rows).includes('ST-'), 'of the ticket only a digest is kept')
  })

  await t.test('tells who is in no roster, and who has no number, what to do; neither is in', async () => {
    for (const [account, heading, words] of [['ghost', '名单里没有这个学工号', '账号 99999999 已经通过验证'], ['nameless', '认不出学号或工号', '学校信息中心']] as const) {
      const client = hall.stranger()
      const page = await atSchool(client, account)
      assert.deepEqual([page.status, page.heading, page.has(words)], [403, heading, true])
      assert.equal(await signedIn(client), null)
      assert.match((await client.get(page.link('换一个账号'))).location ?? '', /\/logout\?service=/, 'or the same account would come back')
    }
  })

  await t.test('refuses a used, a foreign and a made-up ticket, and a state of another browser', async () => {
    const [client, other] = [hall.stranger(), hall.stranger()]
    const back = pathOf(await signInAtCas(await leaveFor(client, await client.get('/login')), 'li.min', 'School#2026'))
    const refused = (page: Page): void => {
      assert.deepEqual([page.status, page.heading, page.has('没有内容丢失')], [422, '登录没有完成', true])
      assert.match(page.link('重新登录'), /^\/login/)
    }
    refused(await other.get(back))
    assert.equal((await client.get(back)).path, '/')
    assert.equal((await client.get(back)).path, '/', 'back and refresh lead on, once signed in')
    refused(await other.get(back))
    const state = new URL(new URL(await leaveFor(other, await other.get('/login'))).searchParams.get('service') ?? '').searchParams.get('state')
    const ticket = new URL(back, 'http://x').searchParams.get('ticket')
    refused(await other.get(`/auth/campus/callback?state=${state}&ticket=${ticket}`))
    const late = hall.stranger()
    const address = pathOf(await signInAtCas(await leaveFor(late, await late.get('/login')), 'li.min', 'School#2026'))
    hall.clock.advance(11 * MINUTE)
    refused(await late.get(address))
    refused(await late.get('/auth/campus/callback'))
  })

  await t.test('returns to no address but our own', async () => {
    for (const to of ['https://evil.example/', '//evil.example', '/\\evil.example', '/login']) {
      const client = hall.stranger()
      const address = (await client.get(`/auth/campus?to=${encodeURIComponent(to)}`)).location ?? ''
      assert.equal((await client.get(pathOf(await signInAtCas(address, 'li.min', 'School#2026')))).path, '/', to)
    }
  })

  await t.test('signs out there too', async () => {
    const [client, browser] = [hall.stranger(), createClient(cas.url)]
    await atSchool(client, 'li.min', browser)
    const left = await client.submit(await client.get('/account'), '/logout')
    assert.deepEqual([left.path, left.heading], ['/logout', '已退出登录'])
    const onward = left.link('继续退出统一身份认证')
    assert.equal(onward, `${cas.url}/logout?service=${encodeURIComponent(`${hall.origin}/login`)}`)
    assert.equal(left.headers.get('refresh'), `0;url=${onward}`)
    assert.equal(await signedIn(client), null)
    assert.equal((await client.get('/logout')).heading, '登录', 'the page is shown once')
  })

  await t.test('ends exactly the sessions of a sign-in that ended there', async () => {
    const [desk, other, browser] = [hall.stranger(), hall.stranger(), createClient(cas.url)]
    await atSchool(desk, 'li.min', browser)
    await atSchool(other, 'li.min')
    assert.deepEqual([await signedIn(desk), await signedIn(other)], [NUMBER, NUMBER])
    await browser.get('/logout')
    assert.deepEqual([await signedIn(desk), await signedIn(other)], [null, NUMBER])
  })

  await t.test('hears no log-out from who does not know the ticket', async () => {
    const client = hall.stranger()
    await atSchool(client, 'li.min')
    const said = (ticket: string) => `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="x" Version="2.0" IssueInstant="2026-11-21T00:00:00Z"><samlp:SessionIndex>${ticket}</samlp:SessionIndex></samlp:LogoutRequest>`
    for (const body of [said('ST-guess'), said(''), said('%'), '<', 'x'.repeat(50_000)]) {
      const { status } = await fetch(`${hall.origin}/auth/campus/callback`, { method: 'POST', body: new URLSearchParams({ logoutRequest: body }) })
      assert.equal(status, 200, 'and tells nobody which tickets there are')
    }
    assert.equal((await fetch(`${hall.origin}/auth/campus/callback`, { method: 'POST', body: new URLSearchParams({ logoutRequest: 'x'.repeat(90_000) }) })).status, 413)
    assert.equal(await signedIn(client), NUMBER)
  })

  await t.test('binds the member of WeCom who waits, where that was asked for', async () => {
    const client = hall.stranger()
    const person = await hall.app.identity.personByNumber(db, NUMBER)
    await hall.app.database.write(tx => hall.app.identity.unbind(tx, { person_id: person?.id ?? '', number: null }, NUMBER))
    const state = new URL((await client.get('/auth/wecom/scan?to=%2F')).location ?? '').searchParams.get('state')
    const unbound = await client.get(`/auth/wecom/callback?code=${hall.simulator.authorizeCode(NUMBER)}&state=${state}`)
    assert.equal(unbound.heading, '企业微信账号还没有绑定')
    const login = await client.get(unbound.link('登录并绑定'))
    const page = await client.get(pathOf(await signInAtCas(await leaveFor(client, login, '统一身份认证登录并绑定'), 'li.min', 'School#2026')))
    assert.equal(page.status, 200)
    assert.equal(await hall.app.identity.wecomUseridOf(db, person?.id ?? ''), NUMBER)
  })

  await t.test('asks once more before what an unlocked phone must not be enough for', async () => {
    const client = hall.stranger()
    await atSchool(client, 'li.min')
    const again = async (account: string, path = '/auth/campus?again=1&to=%2Faccount%2Fphone') => await client.get(pathOf(await signInAtCas((await client.get(path)).location ?? '', account, 'School#2026')))
    const before = await client.get('/account/phone')
    assert.ok(before.has('请先在统一身份认证再登录一次') && !before.html.includes('name="phone"'))
    const page = await again('li.min', before.link('再登录一次'))
    assert.equal(page.path, '/account/phone')
    assert.ok(!page.html.includes('name="password"'), 'the school asks for it, not the hall')
    assert.equal((await client.submit(page, '/account/phone', { phone: '13912345678' })).path, '/account/phone/code')
    hall.clock.advance(6 * MINUTE)
    assert.ok((await client.submit(page, '/account/phone', { phone: '13912345679' })).has('请先在统一身份认证再登录一次'), 'it is forgotten after some minutes')
    const other = await again('ghost')
    assert.deepEqual([other.status, other.heading], [403, '不是同一个人'])
    assert.equal(await signedIn(client), NUMBER, 'who was signed in still is')
  })

  await t.test('asks for no password here, and takes none', async () => {
    assert.equal((await tryAt(hall.stranger(), NUMBER, '123456').catch(() => null)), null, 'there is no form')
  })

  await t.test('says that the school’s server is away, and the other way stays', async () => {
    await cas.kill()
    hall.clock.advance(MINUTE)
    const client = hall.stranger()
    const page = await client.get((await client.get('/login?to=%2Fmessages')).link('统一身份认证登录'))
    assert.equal(await campusCommand(hall.app, () => {}), 1)
    assert.deepEqual([page.status, page.heading, page.has('学校的统一身份认证暂时没有回应')], [503, '登录', true])
    assert.equal(page.link('企业微信扫码登录'), '/auth/wecom/scan?to=%2Fmessages')
  })
})

test('signing in through the school’s OpenID provider', async t => {
  const port = await freePort()
  const oidc = await startOidc(t, { hall: `http://localhost:${port}`, accounts: { [NUMBER]: {}, ghost: {} } })
  const hall = await startTestApp(t, { port, env: { CAMPUS_AUTH: 'oidc', OIDC_ISSUER: oidc.issuer, OIDC_CLIENT_ID: registration.clientId, OIDC_CLIENT_SECRET: registration.clientSecret } })
  const atSchool = async (client: Client, account: string, browser?: Client): Promise<Page> =>
    await client.get(pathOf(await signInAtOidc(await leaveFor(client, await client.get('/login?to=%2Fmessages')), account, browser)))

  await t.test('leads there and back; replayed, foreign and turned back it signs nobody in', async () => {
    const [client, other] = [hall.stranger(), hall.stranger()]
    const back = pathOf(await signInAtOidc(await leaveFor(client, await client.get('/login?to=%2Fmessages')), NUMBER))
    assert.equal((await other.get(back)).heading, '登录没有完成')
    assert.equal((await client.get(back)).path, '/messages')
    assert.equal(await signedIn(client), NUMBER)
    const state = new URL(await leaveFor(other, await other.get('/login'))).searchParams.get('state') ?? ''
    const stolen = new URL(back, 'http://x').searchParams
    stolen.set('state', state)
    const foreign = await other.get(`/auth/campus/callback?${stolen}`)
    assert.deepEqual([foreign.status, foreign.heading], [422, '登录没有完成'], 'a code of another browser')
    const own = new URL(await leaveFor(other, await other.get('/login'))).searchParams.get('state') ?? ''
    const cancelled = await other.get(`/auth/campus/callback?${new URLSearchParams({ error: 'access_denied', state: own, iss: oidc.issuer })}`)
    assert.ok(cancelled.has('取消了登录'))
    assert.equal(await signedIn(other), null)
  })

  await t.test('tells who is in no roster', async () => {
    const page = await atSchool(hall.stranger(), 'ghost')
    assert.deepEqual([page.status, page.heading], [403, '名单里没有这个学工号'])
  })

  await t.test('signs out there too, with the id token that is kept sealed', async () => {
    const [client, browser] = [hall.stranger(), createClient(oidc.issuer)]
    await atSchool(client, NUMBER, browser)
    const { data } = await hall.app.database.db.selectFrom('identity_sessions').select('data').where('number', '=', NUMBER).where('ended_at', 'is', null).orderBy('created_at', 'desc').orderBy('seen_at', 'desc').executeTakeFirstOrThrow()
    const onward = new URL((await client.submit(await client.get('/account'), '/logout')).link('继续退出统一身份认证'))
    const hint = onward.searchParams.get('id_token_hint') ?? ''
    assert.deepEqual([onward.origin, onward.searchParams.get('post_logout_redirect_uri'), hint.split('.').length], [oidc.issuer, `${hall.origin}/login`, 3])
    assert.ok(!data.includes(hint))
    assert.equal(await signedIn(client), null)
  })

  await t.test('says that the provider is away, before and after the way there', async () => {
    const client = hall.stranger()
    const back = pathOf(await signInAtOidc(await leaveFor(client, await client.get('/login?to=%2Fmessages')), NUMBER))
    await oidc.stop()
    const page = await client.get(back)
    assert.deepEqual([page.status, page.heading, page.link('企业微信扫码登录')], [503, '统一身份认证暂时没有回应', '/auth/wecom/scan?to=%2Fmessages'])
    hall.clock.advance(2 * MINUTE)
    assert.ok((await client.get('/auth/campus')).has('学校的统一身份认证暂时没有回应'))
  })
})

test('signing in with the school’s directory (LDAP)', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'hall-ldap-story-'))
  const ldap = await startLdap([{ uid: NUMBER, name: '李敏', password: 'School#2026' }, { uid: '99999999', name: '无名', password: 'School#2026' }])
  writeFileSync(join(folder, 'ca.pem'), ldap.authority)
  t.after(async () => {
    await ldap.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  const hall = await startTestApp(t, { env: {
    CAMPUS_AUTH: 'ldap', LDAP_URL: ldap.url, LDAP_BASE_DN: `ou=people,${base}`, LDAP_BIND_DN: searcher.dn, LDAP_BIND_PASSWORD: searcher.password, LDAP_CA: join(folder, 'ca.pem'),
    CAMPUS_PASSWORD_URL: 'https://id.minghu.example/password',
  } })

  await t.test('asks for account and password here, and the directory checks them', async () => {
    const client = hall.stranger()
    assert.ok((await tryAt(client, NUMBER, 'wrong')).has('学工号或密码不对'))
    assert.equal((await tryAt(client, NUMBER, 'School#2026', '/login?to=%2Fmessages')).path, '/messages')
    assert.equal(await signedIn(client), NUMBER)
    assert.equal((await client.get('/account')).link('修改密码'), 'https://id.minghu.example/password')
    assert.equal((await hall.stranger().get('/login')).link('忘记密码'), 'https://id.minghu.example/password')
  })

  await t.test('knows the password again where it is asked for once more', async () => {
    const client = hall.stranger()
    await tryAt(client, NUMBER, 'School#2026')
    const page = await client.get('/account/phone')
    assert.ok((await client.submit(page, '/account/phone', { password: 'wrong', phone: '13912345678' })).has('登录密码不对'))
    assert.equal((await client.submit(page, '/account/phone', { password: 'School#2026', phone: '13912345678' })).path, '/account/phone/code')
  })

  await t.test('tells who is in no roster', async () => {
    const page = await tryAt(hall.stranger(), '99999999', 'School#2026')
    assert.deepEqual([page.status, page.heading], [403, '名单里没有这个学工号'])
  })

  await t.test('tells an operator from the command line who of the directory is in the roster', async () => {
    const said: string[] = []
    assert.equal(await campusCommand(hall.app, line => said.push(line)), 0)
    assert.deepEqual(said, ['2 accounts in the directory: 1 are in the roster, 1 are not, 0 have no number of their own (CAMPUS_NUMBER_ATTRIBUTE)', 'not in the roster: 99999999'])
  })

  await t.test('locks after five failures, and counts none while the directory is away', async () => {
    const client = hall.stranger()
    for (let tries = 0; tries < 4; tries++) await tryAt(client, '10003', 'wrong')
    await ldap.kill()
    for (let tries = 0; tries < 3; tries++) {
      const page = await tryAt(client, '10003', 'wrong')
      assert.deepEqual([page.status, page.has('没有计入错误次数'), page.value('account')], [503, true, '10003'])
      assert.equal(page.link('企业微信扫码登录'), '/auth/wecom/scan?to=%2F')
    }
    await ldap.restart()
    const locked = await tryAt(client, '10003', 'wrong')
    assert.ok(locked.has('已锁定 5 分钟'), locked.text)
  })
})

test('a school’s server that takes the connection and never answers is told long before HTTP gives up', async t => {
  const mute = createServer(() => {}).listen(0, '127.0.0.1')
  await once(mute, 'listening')
  t.after(() => { mute.closeAllConnections(); mute.close() })
  const address = mute.address()
  const hall = await startTestApp(t, { env: { CAMPUS_AUTH: 'cas', CAS_URL: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/cas` } })
  const begun = performance.now()
  const page = await hall.stranger().get('/auth/campus')
  assert.equal(page.status, 503)
  assert.ok(performance.now() - begun < 60_000)
})

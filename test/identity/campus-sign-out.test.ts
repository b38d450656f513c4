import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { startTestApp } from '../support/app.ts'
import { type Client, createClient } from '../support/client.ts'
import { registration, signInAtOidc, signOutAtOidc, startOidc } from '../support/oidc.ts'
import { freePort } from '../support/ports.ts'

/** Two of the sample's staff. */
const NUMBER = '10002'
const OTHER = '10003'
const EVENT = { 'http://schemas.openid.net/event/backchannel-logout': {} }

const seconds = (): number => Math.floor(Date.now() / 1000)
const isIn = async (client: Client): Promise<boolean> => (await client.get('/account')).heading === '账户信息'

test('the school’s OpenID provider tells that a sign-in has ended', async t => {
  const port = await freePort()
  const oidc = await startOidc(t, { hall: `http://localhost:${port}`, accounts: { [NUMBER]: {}, [OTHER]: {} }, tells: true })
  const hall = await startTestApp(t, { port, env: { CAMPUS_AUTH: 'oidc', OIDC_ISSUER: oidc.issuer, OIDC_CLIENT_ID: registration.clientId, OIDC_CLIENT_SECRET: registration.clientSecret } })

  async function signIn(number = NUMBER, browser = createClient(oidc.issuer)): Promise<Client> {
    const client = hall.stranger()
    const away = (await client.get('/auth/campus')).location ?? ''
    const back = new URL(await signInAtOidc(away, number, browser))
    await client.get(back.pathname + back.search)
    assert.ok(await isIn(client))
    return client
  }
  const tell = async (token: string): Promise<number> => {
    const answer = await fetch(`${hall.origin}/auth/campus/callback`, { method: 'POST', body: new URLSearchParams({ logout_token: token }) })
    assert.equal(answer.headers.get('cache-control'), 'no-store')
    return answer.status
  }
  const claims = (more: JWTPayload = {}): JWTPayload => ({ iss: oidc.issuer, aud: registration.clientId, iat: seconds(), exp: seconds() + 120, jti: randomUUID(), events: EVENT, sub: NUMBER, ...more })

  await t.test('by itself, when the person signs out there: that sign-in ends here, others stay', async () => {
    const browser = createClient(oidc.issuer)
    const [ended, another, colleague] = [await signIn(NUMBER, browser), await signIn(), await signIn(OTHER)]
    await signOutAtOidc(oidc.issuer, browser)
    assert.deepEqual([await isIn(ended), await isIn(another), await isIn(colleague)], [false, true, true])
    const row = await hall.app.database.db.selectFrom('events').select('data').where('name', '=', 'identity.ended-by-school').executeTakeFirstOrThrow()
    assert.ok(row.data.includes(NUMBER))
  })

  await t.test('without a session id, for every sign-in of the account', async () => {
    const [one, two, colleague] = [await signIn(), await signIn(), await signIn(OTHER)]
    assert.equal(await tell(await oidc.sign(claims())), 200)
    assert.deepEqual([await isIn(one), await isIn(two), await isIn(colleague)], [false, false, true])
  })

  await t.test('once: the same token does not end what began since', async () => {
    const token = await oidc.sign(claims())
    assert.equal(await tell(token), 200)
    const client = await signIn()
    assert.equal(await tell(token), 400)
    assert.ok(await isIn(client))
  })

  await t.test('and nobody else can: forged, unsigned, for others, old, or no logout token', async () => {
    const client = await signIn()
    const stranger = await generateKeyPair('RS256')
    const forged = (header: { alg: string; kid?: string }, key: Parameters<SignJWT['sign']>[0]) => new SignJWT(claims()).setProtectedHeader(header).sign(key)
    const refused: Record<string, string> = {
      'another key': await forged({ alg: 'RS256', kid: 'one' }, stranger.privateKey), 'a key of nobody': await forged({ alg: 'RS256', kid: 'two' }, stranger.privateKey),
      'the client secret as a key': await forged({ alg: 'HS256', kid: 'one' }, new TextEncoder().encode(registration.clientSecret)),
      'alg none': new UnsecuredJWT(claims()).encode(), 'nonsense': 'a.b.c', 'nothing': '',
      'another issuer': await oidc.sign(claims({ iss: 'http://127.0.0.1:1' })), 'another audience': await oidc.sign(claims({ aud: 'somebody else' })),
      'too old': await oidc.sign(claims({ iat: seconds() - 3600 })), 'expired': await oidc.sign(claims({ exp: seconds() - 3600 })), 'of the future': await oidc.sign(claims({ iat: seconds() + 3600 })),
      'an id token': await oidc.sign(claims({ nonce: 'n' })), 'no event': await oidc.sign(claims({ events: {} })), 'an event that is a word': await oidc.sign(claims({ events: { [Object.keys(EVENT)[0] ?? '']: 'yes' } })),
      'no id of its own': await oidc.sign(claims({ jti: undefined })), 'about nobody': await oidc.sign(claims({ sub: undefined })),
    }
    for (const [what, token] of Object.entries(refused)) assert.equal(await tell(token), 400, what)
    assert.ok(await isIn(client))
    assert.equal(await tell(await oidc.sign(claims({ sub: 'somebody else', sid: 'unknown' }))), 200, 'a sign-in that is not known here is none')
    assert.ok(await isIn(client))
  })

  await t.test('while its keys cannot be had, it is asked to say so again', async () => {
    const token = await oidc.sign(claims())
    await oidc.stop()
    hall.clock.advance(120_000)
    assert.equal(await tell(token), 503)
  })
})

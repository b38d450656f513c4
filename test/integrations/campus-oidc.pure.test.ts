import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { createOidc } from '../../src/integrations/campus-auth/oidc.ts'
import { testClock } from '../../src/platform/clock.ts'
import { createClient } from '../support/client.ts'
import { quietLog } from '../support/database.ts'
import { registration, signInAtOidc, startOidc } from '../support/oidc.ts'

const hall = 'http://localhost:9'
const callback = `${hall}/auth/campus/callback`
const accounts = { 20230101: { employee_number: 'S-1', name: '陈思远' }, visitor: {} }
const provider = (issuer: string, more: { numberAttribute?: string; clientSecret?: string; clock?: ReturnType<typeof testClock>; patience?: { look: number; exchange: number } } = {}) => createOidc(
  { ...registration, issuer, scope: 'openid profile', numberAttribute: more.numberAttribute, ...(more.clientSecret && { clientSecret: more.clientSecret }) },
  { clock: more.clock ?? testClock(), log: quietLog, ...(more.patience && { patience: more.patience }) },
)
const queryOf = (address: string) => Object.fromEntries(new URL(address).searchParams)
const refused = { name: 'AppError', kind: 'invalid', code: 'campus:refused' }
const silent = { name: 'AppError', kind: 'upstream', code: 'campus:silent' }

for (const authMethod of ['client_secret_basic', 'client_secret_post'] as const) {
  test(`who signs in at the provider is known here (${authMethod})`, async t => {
    const { issuer } = await startOidc(t, { hall, accounts, authMethod })
    const { address, keep } = await provider(issuer).begin(callback, 'state1')
    const asked = new URL(address).searchParams
    assert.deepEqual([asked.get('state'), asked.get('code_challenge_method'), asked.get('response_type'), asked.get('nonce')], ['state1', 'S256', 'code', keep['nonce']])
    assert.ok(!address.includes(keep['verifier'] ?? '?'), 'the verifier stays here')
    const { account, handle, hint } = await provider(issuer).finish(callback, queryOf(await signInAtOidc(address, '20230101')), keep)
    assert.deepEqual([account, handle, hint?.split('.').length], ['20230101', null, 3])
  })
}

test('the number comes from the claim that the school names, of the id token or of userinfo', async t => {
  for (const claimsInIdToken of [true, false]) {
    const { issuer } = await startOidc(t, { hall, accounts, claimsInIdToken })
    const named = provider(issuer, { numberAttribute: 'employee_number' })
    const { address, keep } = await named.begin(callback, 's')
    assert.equal((await named.finish(callback, queryOf(await signInAtOidc(address, '20230101')), keep)).account, 'S-1')
    const other = await named.begin(callback, 's')
    await assert.rejects(named.finish(callback, queryOf(await signInAtOidc(other.address, 'visitor')), other.keep), { kind: 'not-found', code: 'campus:no-number' })
  }
})

test('a code works once, and only with the state, nonce and verifier it was asked for', async t => {
  const { issuer } = await startOidc(t, { hall, accounts })
  const own = provider(issuer)
  const back = async (state: string) => {
    const begun = await own.begin(callback, state)
    return { keep: begun.keep, query: queryOf(await signInAtOidc(begun.address, '20230101')) }
  }
  const used = await back('a')
  await own.finish(callback, used.query, used.keep)
  await assert.rejects(own.finish(callback, used.query, used.keep), refused, 'used')
  for (const wrong of ['state', 'nonce', 'verifier'] as const) {
    const { keep, query } = await back('b')
    const other = await own.begin(callback, 'c')
    await assert.rejects(own.finish(callback, query, { ...keep, [wrong]: other.keep[wrong] ?? '' }), refused, wrong)
  }
  const { keep, query } = await back('d')
  await assert.rejects(own.finish(callback, { ...query, iss: 'http://evil.example' }, keep), refused, 'issuer')
  await assert.rejects(own.finish(callback, { state: 'd' }, keep), refused, 'no code')
  await assert.rejects(own.finish(callback, { ...query, code: 'x' }, keep), refused, 'made up')
})

test('who turns back at the provider is told so, and a provider in trouble is not the person’s fault', async t => {
  const { issuer } = await startOidc(t, { hall, accounts })
  const own = provider(issuer)
  const { keep } = await own.begin(callback, 's')
  await assert.rejects(own.finish(callback, { error: 'access_denied', state: 's', iss: issuer }, keep), { kind: 'invalid', code: 'campus:cancelled' })
  await assert.rejects(own.finish(callback, { error: 'temporarily_unavailable', state: 's', iss: issuer }, keep), silent)
  await assert.rejects(own.finish(callback, { error: 'invalid_scope', state: 's', iss: issuer }, keep), refused)
  const begun = await own.begin(callback, 's')
  await assert.rejects(provider(issuer, { clientSecret: 'another secret of nobody' }).finish(callback, queryOf(await signInAtOidc(begun.address, '20230101')), begun.keep), silent, 'our own secret is wrong')
})

test('proving oneself anew asks although the provider still knows the browser', async t => {
  const { issuer, asked } = await startOidc(t, { hall, accounts })
  const own = provider(issuer)
  const browser = createClient(issuer)
  const first = await own.begin(callback, 'a')
  await signInAtOidc(first.address, '20230101', browser)
  const interactions = () => asked.filter(line => line.startsWith('POST /interaction')).length
  const before = interactions()
  await signInAtOidc((await own.begin(callback, 'b')).address, '20230101', browser)
  assert.equal(interactions(), before, 'it knows the browser')
  const again = await own.begin(callback, 'c', { again: true })
  const back = queryOf(await signInAtOidc(again.address, '20230101', browser))
  assert.ok(interactions() > before)
  assert.equal((await own.finish(callback, back, again.keep)).account, '20230101')
})

test('signing out goes on at the provider, with the id token as a hint', async t => {
  const { issuer } = await startOidc(t, { hall, accounts })
  const address = new URL(await provider(issuer).leave(`${hall}/login`, 'token') ?? '')
  assert.deepEqual([address.origin, address.searchParams.get('post_logout_redirect_uri'), address.searchParams.get('id_token_hint')], [issuer, `${hall}/login`, 'token'])
})

test('a provider that is down or says nothing is told within the limit, before the browser is sent there', async t => {
  const mute = createServer(() => {}).listen(0, '127.0.0.1')
  t.after(() => { mute.closeAllConnections(); mute.close() })
  await once(mute, 'listening')
  const address = mute.address()
  const patience = { look: 150, exchange: 150 }
  for (const issuer of ['http://127.0.0.1:1', `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`]) {
    await assert.rejects(provider(issuer, { patience }).begin(callback, 's'), silent)
    await assert.rejects(provider(issuer, { patience }).finish(callback, { code: 'x', state: 's' }, { state: 's', nonce: 'n', verifier: 'v' }), silent)
  }
})

test('what the provider says of itself is asked once for a while, and again later', async t => {
  const { issuer, asked } = await startOidc(t, { hall, accounts })
  const clock = testClock()
  const own = provider(issuer, { clock })
  const discoveries = () => asked.filter(line => line.includes('openid-configuration')).length
  await Promise.all(Array.from({ length: 10 }, () => own.begin(callback, 's')))
  assert.equal(discoveries(), 1)
  clock.advance(61_000)
  await own.begin(callback, 's')
  assert.equal(discoveries(), 2)
})

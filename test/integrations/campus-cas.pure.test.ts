import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { after, test } from 'node:test'
import { createCas } from '../../src/integrations/campus-auth/cas.ts'
import { readLogout } from '../../src/integrations/campus-auth/cas-answer.ts'
import { testClock } from '../../src/platform/clock.ts'
import { signInAtCas, startCas } from '../support/cas.ts'
import { type Cleaner, quietLog } from '../support/database.ts'

const callback = 'http://localhost:9/auth/campus/callback'
const server = await startCas({
  zhang: { password: 'Minghu#2026', attributes: { employeeNumber: '10001', mail: 'zhang@minghu.example', name: '张<&>"\'伟', group: ['a', 'b'] } },
  20230101: { password: 'Minghu#2026' },
}, { service: callback })
after(() => server.stop())

const cas = (url = server.url, more: { numberAttribute?: string; patience?: { look: number; validate: number }; clock?: ReturnType<typeof testClock> } = {}) =>
  createCas({ url, numberAttribute: more.numberAttribute }, { clock: more.clock ?? testClock(), log: quietLog, ...(more.patience && { patience: more.patience }) })
const queryOf = (address: string) => Object.fromEntries(new URL(address).searchParams)
const refused = { name: 'AppError', kind: 'invalid', code: 'campus:refused' }
const silent = { name: 'AppError', kind: 'upstream', code: 'campus:silent' }

test('who signs in at the CAS server is known here, with the attributes that have one value', async () => {
  const { address, keep } = await cas().begin(callback, 'state1')
  assert.equal(new URL(address).searchParams.get('service'), `${callback}?state=state1`)
  const back = queryOf(await signInAtCas(address, 'zhang', 'Minghu#2026'))
  const { account, attributes, handle, hint } = await cas().finish(callback, back, keep)
  assert.deepEqual([account, handle, hint], ['zhang', back['ticket'], null])
  assert.deepEqual([attributes['mail'], attributes['name'], attributes['group']], ['zhang@minghu.example', '张<&>"\'伟', undefined])
})

test('the number comes from the attribute that the school names, and without it there is none', async () => {
  const named = cas(server.url, { numberAttribute: 'employeeNumber' })
  for (const [account, number] of [['zhang', '10001'], ['20230101', null]] as const) {
    const { address, keep } = await named.begin(callback, 's')
    const back = queryOf(await signInAtCas(address, account, 'Minghu#2026'))
    if (number) assert.equal((await named.finish(callback, back, keep)).account, number)
    else await assert.rejects(named.finish(callback, back, keep), { kind: 'not-found', code: 'campus:no-number' })
  }
})

test('a ticket works once, and only for the browser whose state it was made for', async () => {
  const provider = cas()
  const { address, keep } = await provider.begin(callback, 'mine')
  const foreign = queryOf(await signInAtCas((await provider.begin(callback, 'theirs')).address, 'zhang', 'Minghu#2026'))
  await assert.rejects(provider.finish(callback, foreign, keep), refused)
  const back = queryOf(await signInAtCas(address, 'zhang', 'Minghu#2026'))
  await provider.finish(callback, back, keep)
  await assert.rejects(provider.finish(callback, back, keep), refused)
})

test('what is no ticket does not even reach the CAS server', async () => {
  const nobody = cas('http://localhost:1')
  for (const ticket of ['', 'x', 'ST-', 'ST-a b', 'ST-a&renew=1', `ST-${'a'.repeat(300)}`, 'PGT-1', 'ST-1\n']) await assert.rejects(nobody.finish(callback, { ticket }, { state: 's' }), refused, ticket)
  await assert.rejects(nobody.finish(callback, {}, { state: 's' }), refused)
})

test('proving oneself anew asks for the password again although the CAS server still knows the browser', async () => {
  const provider = cas()
  const { address, keep } = await provider.begin(callback, 'again', { again: true })
  assert.equal(new URL(address).searchParams.get('renew'), 'true')
  const back = queryOf(await signInAtCas(address, 'zhang', 'Minghu#2026'))
  assert.equal((await provider.finish(callback, back, keep)).account, 'zhang')
})

test('signing out goes on at the CAS server and comes back', async () => {
  assert.equal(await cas('https://cas.example/cas').leave('https://hall.example/login', null), 'https://cas.example/cas/logout?service=https%3A%2F%2Fhall.example%2Flogin')
})

async function answering(t: Cleaner, answer: RequestListener): Promise<string> {
  const other = createServer(answer).listen(0, '127.0.0.1')
  await once(other, 'listening')
  t.after(() => { other.closeAllConnections(); other.close() })
  const address = other.address()
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
}

const success = (inside: string) => `<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas"><cas:authenticationSuccess>${inside}</cas:authenticationSuccess></cas:serviceResponse>`

test('answers that are not exactly one user are no answer', async t => {
  let text = ''
  const url = await answering(t, (_request, response) => response.end(text))
  const wrong = [
    '', 'yes\nzhang\n', success(''), success('<cas:user></cas:user>'), success('<cas:user>a</cas:user><cas:user>b</cas:user>'), success('<cas:user>a<b/></cas:user>'),
    success('<user xmlns="http://evil.example">a</user>'), success('<evil:user xmlns:evil="http://evil.example">a</evil:user>'), success('<x:user>a</x:user>'),
    success('<cas:user>a<!-- x -->b</cas:user>'), `<!DOCTYPE a [<!ENTITY e "admin">]>${success('<cas:user>&e;</cas:user>')}`,
    success('<cas:user>a</cas:user>').replace('www.yale.edu', 'evil.example'), success('<cas:user>a</cas:user>').replace('</cas:serviceResponse>', ''),
    `${success('<cas:user>a</cas:user>')}${success('<cas:user>b</cas:user>')}`,
    success('<cas:user>a</cas:user>').replace('</cas:authenticationSuccess>', '</cas:authenticationSuccess><cas:authenticationSuccess><cas:user>b</cas:user></cas:authenticationSuccess>'),
    success('<cas:user>a</cas:user>').replace('</cas:authenticationSuccess>', '</cas:authenticationSuccess><cas:authenticationFailure code="INVALID_TICKET">x</cas:authenticationFailure>'),
    success(`<cas:user>${'a'.repeat(70_000)}</cas:user>`),
    '<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas"><cas:authenticationFailure code="INTERNAL_ERROR">x</cas:authenticationFailure></cas:serviceResponse>',
  ]
  for (text of wrong) await assert.rejects(cas(url).finish(callback, { ticket: 'ST-1' }, { state: 's' }), silent, text.slice(0, 200))
  text = success('<cas:user>a</cas:user>')
  assert.equal((await cas(url).finish(callback, { ticket: 'ST-1' }, { state: 's' })).account, 'a', 'and the right one is')
})

test('a CAS server that is down, slow, redirects or falls over is told within the limit', async t => {
  const patience = { look: 100, validate: 100 }
  const finish = (url: string) => cas(url, { patience }).finish(callback, { ticket: 'ST-1' }, { state: 's' })
  await assert.rejects(finish('http://localhost:1'), silent)
  await assert.rejects(finish(await answering(t, () => {})), silent)
  await assert.rejects(finish(await answering(t, (_request, response) => { response.write('<cas:') })), silent, 'begins and does not end')
  await assert.rejects(finish(await answering(t, (_request, response) => response.writeHead(302, { location: '/' }).end())), silent)
  await assert.rejects(finish(await answering(t, (_request, response) => response.writeHead(500).end())), silent)
  for (const url of ['http://localhost:1', await answering(t, () => {}), await answering(t, (_request, response) => response.writeHead(503).end())]) {
    await assert.rejects(cas(url, { patience }).begin(callback, 's'), silent, 'and before the browser is sent there')
  }
})

test('whether the CAS server is there is looked up once for a while, however many come', async t => {
  let looks = 0
  const clock = testClock()
  const provider = cas(await answering(t, (_request, response) => { looks += 1; response.end() }), { clock })
  await Promise.all(Array.from({ length: 20 }, () => provider.begin(callback, 's')))
  assert.equal(looks, 1)
  clock.advance(31_000)
  await provider.begin(callback, 's')
  assert.equal(looks, 2)
})

test('a logout request names one ticket, or nothing', () => {
  const logout = (inside: string) => `<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="x" Version="2.0" IssueInstant="2026-11-21T00:00:00Z">${inside}</samlp:LogoutRequest>`
  assert.equal(readLogout(logout('<saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">@NOT_USED@</saml:NameID><samlp:SessionIndex>ST-1</samlp:SessionIndex>')), 'ST-1')
  for (const text of ['', 'ST-1', logout(''), logout('<samlp:SessionIndex/>'), logout('<samlp:SessionIndex>a</samlp:SessionIndex><samlp:SessionIndex>b</samlp:SessionIndex>'), logout('<SessionIndex>ST-1</SessionIndex>'), `<!DOCTYPE a>${logout('<samlp:SessionIndex>ST-1</samlp:SessionIndex>')}`]) {
    assert.equal(readLogout(text), null, text)
  }
})

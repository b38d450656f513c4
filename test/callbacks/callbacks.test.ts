import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import { decrypt, encrypt, getSignature } from '@wecom/crypto'
import fastify, { type FastifyInstance } from 'fastify'
import { createCallbacks } from '../../src/features/callbacks/index.ts'
import { testClock } from '../../src/platform/clock.ts'
import { eventsOf } from '../../src/platform/events.ts'
import { openTestDatabase } from '../support/database.ts'

// The platform's own examples (90968).
const corpId = 'wx5823bf96d3bd56c7'
const token = 'QDG6eK'
const aesKey = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C'
const NOW = 1409659813
const verification = {
  timestamp: '1409659589', nonce: '263014780', msg_signature: '5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3',
  echostr: 'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==',
}
const hello = 'RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=='
const helloSigned = { timestamp: '1409659813', nonce: '1372623149', msg_signature: '477715d11cdb4164915debcba66cb864d751f3e6' }

async function open(t: TestContext) {
  const clock = testClock(NOW * 1000)
  const database = await openTestDatabase(t, { clock })
  const callbacks = createCallbacks({ database, clock, endpoints: [{ path: '/wecom/callback', source: 'wecom', corpId, token, encodingAesKey: aesKey }] })
  const app = fastify()
  if (callbacks.machineRoutes) await app.register(callbacks.machineRoutes)
  t.after(() => app.close())
  const kept = () => database.db.selectFrom('callbacks_received').selectAll().orderBy('id').execute()
  return { app, clock, database, callbacks, kept }
}

function envelope(encrypted: string): string {
  return `<xml><ToUserName><![CDATA[${corpId}]]></ToUserName><AgentID><![CDATA[218]]></AgentID><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`
}

function sealed(inner: string, { receiver = corpId, key = token, at = NOW }: { receiver?: string; key?: string; at?: number } = {}) {
  const text = encrypt(aesKey, inner, receiver)
  return { body: envelope(text), query: { timestamp: String(at), nonce: '42', msg_signature: getSignature(key, at, 42, text) } }
}

function post(app: FastifyInstance, { body, query }: { body: string; query: Record<string, string> }) {
  return app.inject({ method: 'POST', url: '/wecom/callback', query, body, headers: { 'content-type': 'text/xml' } })
}

const click = (key = 'approve') => `<xml><ToUserName><![CDATA[${corpId}]]></ToUserName><FromUserName><![CDATA[liMin]]></FromUserName><CreateTime>${NOW}</CreateTime>
  <MsgType><![CDATA[event]]></MsgType><Event><![CDATA[template_card_event]]></Event><EventKey><![CDATA[${key}]]></EventKey><TaskId><![CDATA[00123]]></TaskId>
  <CardType><![CDATA[button_interaction]]></CardType><ResponseCode><![CDATA[1e500]]></ResponseCode><AgentID>1</AgentID>
  <SelectedItems><SelectedItem><QuestionKey><![CDATA[q]]></QuestionKey><OptionIds><OptionId><![CDATA[7]]></OptionId></OptionIds></SelectedItem></SelectedItems></xml>`

test('the address is proven with the plain bytes, also where a proxy turned + into a space', async t => {
  const { app } = await open(t)
  const answer = await app.inject({ url: '/wecom/callback', query: verification })
  assert.deepEqual([answer.statusCode, answer.body], [200, '1616140317555161061'])
  const spaced = await app.inject({ url: `/wecom/callback?${new URLSearchParams(verification).toString().replaceAll('%2B', '+')}` })
  assert.equal(spaced.body, '1616140317555161061')
})

test('the address is not proven to somebody else', async t => {
  const { app } = await open(t)
  const forged = await app.inject({ url: '/wecom/callback', query: { ...verification, msg_signature: '0'.repeat(40) } })
  assert.deepEqual([forged.statusCode, forged.body], [401, ''])
  assert.equal((await app.inject({ url: '/wecom/callback' })).statusCode, 400)
  assert.equal((await app.inject({ url: '/wecom/callback?msg_signature=a&msg_signature=b&timestamp=1&nonce=1&echostr=x' })).statusCode, 400)
})

test('a message is kept once, announced, and answered with nothing', async t => {
  const { app, callbacks, database, kept } = await open(t)
  const first = await post(app, { body: envelope(hello), query: helloSigned })
  assert.deepEqual([first.statusCode, first.body], [200, ''])
  assert.equal((await post(app, { body: envelope(hello), query: helloSigned })).statusCode, 200)
  const rows = await kept()
  assert.deepEqual(rows.map(row => [row.source, row.event]), [['wecom', 'text']])
  const id = rows[0]?.id ?? ''
  assert.deepEqual((await eventsOf(database.db, id)).map(event => [event.name, event.data]),
    [['callbacks.received', { callback_id: id, source: 'wecom', event: 'text' }]])
  const body = await callbacks.bodyOf(database.db, id)
  assert.deepEqual([body.from, body.at, body.fields['Content'], body.fields['MsgId'], body.card], ['mycreate', NOW * 1000, 'hello', '4561255354251345929', null])
})

test('the same message twice at the same moment is one row and two good answers', async t => {
  const { app, kept } = await open(t)
  const one = sealed(click())
  const answers = await Promise.all([post(app, one), post(app, one), post(app, one)])
  assert.deepEqual(answers.map(answer => answer.statusCode), [200, 200, 200])
  assert.equal((await kept()).length, 1)
})

test('a click on a card keeps its ids as text and its lists as lists', async t => {
  const { app, callbacks, database, kept } = await open(t)
  await post(app, sealed(click()))
  const body = await callbacks.bodyOf(database.db, (await kept())[0]?.id ?? '')
  assert.deepEqual(body.card, {
    task_id: '00123', card_type: 'button_interaction', key: 'approve', response_code: '1e500', selected: [{ question: 'q', options: ['7'] }],
  })
  assert.equal(body.from, 'liMin')
})

const refused: [string, number, { body: string; query: Record<string, string> }][] = [
  ['a wrong token', 401, sealed(click(), { key: 'other' })],
  ['a foreign receiver', 401, sealed(click(), { receiver: 'wwsomebodyelse' })],
  ['a time stamp of yesterday', 401, sealed(click(), { at: NOW - 86_400 })],
  ['a time stamp of tomorrow', 401, sealed(click(), { at: NOW + 86_400 })],
  ['a time stamp that is no number', 401, (() => {
    const text = encrypt(aesKey, click(), corpId)
    return { body: envelope(text), query: { timestamp: 'soon', nonce: '1', msg_signature: getSignature(token, 'soon', 1, text) } }
  })()],
  ['broken XML outside', 400, { ...sealed(click()), body: '<xml><Encrypt>abc' }],
  ['no XML at all', 400, { ...sealed(click()), body: '{}' }],
  ['an empty body', 400, { ...sealed(click()), body: '' }],
  ['broken XML inside', 400, sealed('<xml><MsgType>event</xml>')],
  ['an entity bomb outside', 400, { ...sealed(click()), body: `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>${envelope('&b;')}` }],
  ['an entity bomb inside', 400, sealed(`<!DOCTYPE x [<!ENTITY a "ha">]><xml><MsgType>&a;</MsgType></xml>`)],
  ['a ciphertext of odd length', 400, (() => {
    return { body: envelope('YWJj'), query: { timestamp: String(NOW), nonce: '1', msg_signature: getSignature(token, NOW, 1, 'YWJj') } }
  })()],
]

for (const [what, status, request] of refused) {
  test(`${what} is refused with ${status} and keeps nothing`, async t => {
    const { app, kept } = await open(t)
    const answer = await post(app, request)
    assert.deepEqual([answer.statusCode, answer.body], [status, ''])
    assert.deepEqual(await kept(), [])
  })
}

test('ten megabytes are refused before they are read', async t => {
  const { app, kept } = await open(t)
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const socket = connect(Number(new URL(address).port), '127.0.0.1')
  socket.write(`POST /wecom/callback?msg_signature=a&timestamp=1&nonce=1 HTTP/1.1\r\nHost: x\r\nContent-Type: text/xml\r\nContent-Length: ${10 * 1024 * 1024}\r\n\r\n<xml>`)
  const [chunk] = await once(socket, 'data')
  socket.destroy()
  assert.match(String(chunk), /^HTTP\/1\.1 413 /)
  assert.deepEqual(await kept(), [])
})

test('the platform’s plaintext, encrypted again with its random, is the platform’s ciphertext', () => {
  const { message, id, random } = decrypt(aesKey, hello)
  assert.equal(encrypt(aesKey, message, id, random), hello)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decrypt, encrypt, getSignature } from '@wecom/crypto'
import { seal, verifyUrl } from '../../src/simulator/callback-wire.ts'
import { ticketSignature } from '../../src/simulator/tickets.ts'
import { childText, readXml, writeXml } from '../../src/simulator/xml.ts'
import { aesKey, corpId, field, hear, listen, openEnvelope, signatureOf, token } from './support.ts'

const echostr = 'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=='
const posted = 'RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=='

test('the official vectors pass in both directions', () => {
  assert.equal(getSignature(token, '1409659589', '263014780', echostr), '5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3')
  assert.equal(signatureOf('1409659813', '1372623149', posted), '477715d11cdb4164915debcba66cb864d751f3e6')
  assert.equal(openEnvelope(echostr).message, '1616140317555161061')
  const { message, id, random } = decrypt(aesKey, posted)
  assert.equal(random.toString('latin1'), '0960688932c47ef1')
  assert.equal(encrypt(aesKey, message, id, random), posted)
  const root = readXml(message)
  assert.ok(root)
  assert.deepEqual(['FromUserName', 'Content', 'MsgId', 'AgentID'].map((name) => childText(root, name)), ['mycreate', 'hello', '4561255354251345929', '218'])
})

test('the JS-SDK signature is the one of the official example', () => {
  const ticket = 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg'
  const page = { noncestr: 'Wm3WZYTPz0wzccnW', timestamp: '1414587457', url: 'http://mp.weixin.qq.com?params=value' }
  assert.equal(ticketSignature(ticket, page), '0f9de62fce790f9a083d5c99e95740ceb90c27ed')
  assert.equal(ticketSignature(ticket, { ...page, url: `${page.url}#part` }), '0f9de62fce790f9a083d5c99e95740ceb90c27ed')
})

test('what the simulator sends opens by hand', () => {
  const how = { corpId, agentId: 218, seconds: 1409659813, wrongSignature: false, wrongReceiver: false }
  const xml = writeXml('xml', { Content: '你好 ]]> & <b>', List: { Item: ['a', 'b'] }, Number: 7 })
  const { query, body } = seal({ token, encodingAesKey: aesKey }, xml, how)
  const heard = hear(`/?${query}`, body)
  assert.deepEqual([heard.signed, heard.receiver, heard.xml], [true, corpId, xml])
  assert.equal(field(body, 'AgentID'), '218')
  const tree = readXml(heard.xml)
  assert.equal(tree && childText(tree, 'Content'), '你好 ]]> & <b>')
  assert.equal(hear(`/?${seal({ token, encodingAesKey: aesKey }, xml, { ...how, wrongSignature: true }).query}`, body).signed, false)
})

test('verification wants the plain echo within a second', async (t) => {
  let answer = (echo: string): string | null => echo
  const url = await listen(t, (request, response) => {
    const query = new URL(request.url ?? '', 'http://x').searchParams
    const text = answer(openEnvelope(query.get('echostr') ?? '').message)
    if (text !== null) response.end(text)
  })
  const verify = () => verifyUrl(`${url}/callback`, { token, encodingAesKey: aesKey }, corpId, 1409659589)
  assert.deepEqual(await verify(), { ok: true, reason: '' })
  answer = (echo) => `"${echo}"`
  assert.equal((await verify()).ok, false)
  answer = () => null
  assert.equal((await verify()).reason, '1 秒内没有回答')
})

test('XML that is broken or tries entities is refused', () => {
  for (const bad of ['<a><b></a>', '<a>', 'text', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', '<a/><b/>', '']) assert.equal(readXml(bad), null, bad)
})

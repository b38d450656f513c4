import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { outline } from '../../src/integrations/browser/index.ts'
import { isPublic } from '../../src/integrations/outbound/addresses.ts'
import { createOutbound, LONGEST_ANSWER, type OutboundRequest } from '../../src/integrations/outbound/index.ts'
import { makeDemoSeal } from '../../src/integrations/seal/index.ts'
import { AppError } from '../../src/platform/errors.ts'

/** A server on a port of its own; `asked`: what it was asked. */
async function serve(t: TestContext, answer: RequestListener): Promise<{ port: number; asked: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] }> {
  const asked: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk)).on('end', () => {
      asked.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() })
      answer(request, response)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => { server.closeAllConnections(); server.close() })
  return { port: (server.address() as AddressInfo).port, asked }
}

const never = new AbortController().signal
const request = (origin: string, more: Partial<OutboundRequest> = {}): OutboundRequest => ({ origin, path: '/in', method: 'POST', headers: { 'x-key': 's3cret' }, body: '{"a":1}', timeLimit: 5000, ...more })
const listed = createOutbound({ networks: ['127.0.0.1'] })

/** Kind and code or sentence of what it throws. */
async function refusal(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(() => null, (reason: unknown) => reason)
  assert.ok(error instanceof AppError, String(error))
  return `${error.kind} ${error.code ?? error.message}`
}

test('a listed address is called as it was meant, and the answer comes back whole', async t => {
  const { port, asked } = await serve(t, (_, response) => response.writeHead(201).end('{"number":"R-1"}'))
  assert.deepEqual(await listed.call(request(`http://127.0.0.1:${port}`), never), { status: 201, body: '{"number":"R-1"}' })
  const [one] = asked
  assert.deepEqual([one?.method, one?.url, one?.body, one?.headers['x-key'], one?.headers['content-type']], ['POST', '/in', '{"a":1}', 's3cret', 'application/json'])
})

test('what is not listed is not called, however its address is written', async t => {
  const { port, asked } = await serve(t, (_, response) => response.end('{}'))
  const none = createOutbound({ networks: [] })
  for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '[::1]', '2130706433', '0x7f.1', '127.1', '0.0.0.0', '[::ffff:7f00:1]', '[::]']) {
    for (const scheme of ['http', 'https']) assert.equal(await refusal(none.call(request(new URL(`${scheme}://${host}:${port}`).origin), never)), 'forbidden address-refused', `${scheme}://${host}`)
  }
  assert.equal(asked.length, 0)
})

test('a name that leads to a private address is refused before anything is sent', async t => {
  const { port, asked } = await serve(t, (_, response) => response.end('{}'))
  for (const address of ['127.0.0.1', '169.254.169.254', '10.0.0.7', '::1', 'fe80::1', 'fd00::7', '::ffff:127.0.0.1', '64:ff9b::7f00:1']) {
    const outbound = createOutbound({ networks: [], lookup: async () => [{ address, family: address.includes(':') ? 6 : 4 }] })
    assert.equal(await refusal(outbound.call(request(`https://erp.example.edu.cn:${port}`), never)), 'forbidden address-refused', address)
  }
  assert.equal(asked.length, 0)
})

test('a name that changes its mind is asked once: the connection goes to what was judged', async t => {
  const { port, asked } = await serve(t, (_, response) => response.end('{}'))
  let asks = 0
  const rebinding = createOutbound({ networks: ['203.0.113.0/24'], lookup: async () => [{ address: asks++ === 0 ? '203.0.113.9' : '127.0.0.1', family: 4 }] })
  // What was judged answers nobody; had the name been asked again, the server here would have been called.
  const outcome = await refusal(rebinding.call(request(`http://rebinding.example:${port}`, { timeLimit: 1500 }), never))
  assert.match(outcome, /^upstream/)
  assert.deepEqual([asks, asked.length], [1, 0])
})

test('of several addresses only those that may be called are tried', async t => {
  const { port, asked } = await serve(t, (_, response) => response.end('{}'))
  const outbound = createOutbound({ networks: ['127.0.0.1'], lookup: async () => [{ address: '10.9.9.9', family: 4 }, { address: '127.0.0.1', family: 4 }] })
  assert.equal((await outbound.call(request(`http://two.example:${port}`), never)).status, 200)
  assert.equal(asked.length, 1)
})

test('a redirect is an answer and is not followed', async t => {
  const inner = await serve(t, (_, response) => response.end('{"secret":1}'))
  const { port } = await serve(t, ({ url }, response) => response.writeHead(302, { location: url === '/in' ? 'http://169.254.169.254/latest/meta-data/' : `http://127.0.0.1:${inner.port}/` }).end())
  for (const path of ['/in', '/other']) assert.equal((await listed.call(request(`http://127.0.0.1:${port}`, { path }), never)).status, 302)
  assert.equal(inner.asked.length, 0)
})

test('a path cannot leave its origin', async () => {
  for (const path of ['//169.254.169.254/latest', 'http://127.0.0.1/', '/\\127.0.0.1/']) assert.equal(await refusal(listed.call(request('https://erp.example.edu.cn', { path }), never)), 'forbidden address-refused', path)
})

test('without encryption nothing leaves the own networks', async () => {
  const outbound = createOutbound({ networks: ['127.0.0.1'], lookup: async () => [{ address: '93.184.215.14', family: 4 }] })
  assert.equal(await refusal(outbound.call(request('http://erp.example.edu.cn'), never)), 'forbidden address-refused')
})

test('a huge answer is not read to its end, an endless one not waited for', async t => {
  const huge = await serve(t, (_, response) => response.end('x'.repeat(LONGEST_ANSWER + 1)))
  assert.match(await refusal(listed.call(request(`http://127.0.0.1:${huge.port}`), never)), /^conflict 对方的应答超过/)
  const whole = await serve(t, (_, response) => response.end('x'.repeat(LONGEST_ANSWER)))
  assert.equal((await listed.call(request(`http://127.0.0.1:${whole.port}`), never)).body.length, LONGEST_ANSWER)
  const slow = await serve(t, (_, response) => {
    response.writeHead(200)
    const drip = setInterval(() => response.write('x'), 20)
    response.on('close', () => clearInterval(drip))
  })
  assert.equal(await refusal(listed.call(request(`http://127.0.0.1:${slow.port}`, { timeLimit: 300 }), never)), 'upstream 对方没有在时限内应答')
  const silent = await serve(t, () => {})
  assert.equal(await refusal(listed.call(request(`http://127.0.0.1:${silent.port}`, { timeLimit: 300 }), never)), 'upstream 对方没有在时限内应答')
  const stopped = await serve(t, (_, response) => response.destroy())
  assert.match(await refusal(listed.call(request(`http://127.0.0.1:${stopped.port}`), never)), /^upstream 连接不上对方/)
})

test('a certificate that nobody vouches for is none', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'hall-outbound-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  // Of a root that no machine trusts.
  const { password } = await makeDemoSeal(join(folder, 'seal'), { school: '明湖大学', letters: outline })
  const server = createTlsServer({ pfx: readFileSync(join(folder, 'seal', 'seal.p12')), passphrase: password }, (_, response) => response.end('{}'))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => { server.closeAllConnections(); server.close() })
  const error = await listed.call(request(`https://127.0.0.1:${(server.address() as AddressInfo).port}`), never).catch((reason: unknown) => reason)
  assert.ok(error instanceof AppError && error.kind === 'upstream')
  assert.match(String(error.params?.code), /CERT|SIGNATURE/)
})

test('what is of the public internet and what is not', () => {
  for (const address of ['8.8.8.8', '223.5.5.5', '2400:3200::1', '2606:4700::1111', '172.15.255.255', '172.32.0.1']) assert.equal(isPublic(address), true, address)
  for (const address of ['0.1.2.3', '10.1.1.1', '100.64.0.1', '127.0.0.1', '169.254.1.1', '172.16.0.1', '172.31.255.255', '192.0.0.1', '192.168.1.1', '198.18.0.1', '224.0.0.1', '255.255.255.255', '::', '::1', 'fe80::1', 'fc00::1', 'ff02::1', '2001:db8::1', '2001::1', '2002:7f00:1::', '::ffff:8.8.8.8', '64:ff9b::808:808', 'no address']) assert.equal(isPublic(address), false, address)
})

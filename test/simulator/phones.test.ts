import assert from 'node:assert/strict'
import { request } from 'node:http'
import { test, type TestContext } from 'node:test'
import { createCookieJar } from '../../src/simulator/cookies.ts'
import { listen, onPhone, world, type World } from './support.ts'

const hallOrigin = 'http://localhost:3000'

/** A hall that sets a cookie, tells what it was asked, and redirects absolutely. */
async function withHall(t: TestContext): Promise<World> {
  const hallAddress = await listen(t, (incoming, response, body) => {
    const { pathname } = new URL(incoming.url ?? '', 'http://x')
    response.setHeader('set-cookie', [`seen=${pathname.slice(1) || 'root'}; Path=/; HttpOnly; SameSite=Lax`, 'deep=1; Path=/deep'])
    if (pathname === '/go') return void response.writeHead(302, { location: `${hallOrigin}/there?x=1` }).end()
    if (pathname === '/sign-in') return void response.writeHead(302, { location: `${incoming.headers['x-platform']}/connect/oauth2/authorize?a=1#wechat_redirect` }).end()
    if (pathname === '/out') return void response.writeHead(303, { location: '/', 'set-cookie': 'seen=; Path=/; Max-Age=0' }).end()
    if (pathname === '/page') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'x-frame-options': 'DENY', 'content-security-policy': `default-src 'self' ${hallOrigin}; frame-ancestors 'none'; form-action 'self'` })
      return void response.end(`<p>网址是 ${hallOrigin}/verify</p><a href="${hallOrigin}/verify/ABC">看</a><form action='${hallOrigin}'></form><a href="${hallOrigin}0/x">别处</a>`)
    }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ method: incoming.method, headers: incoming.headers, body }))
  })
  return world(t, { hallOrigin, hallAddress })
}

test('each phone has its own cookies, kept on this side', async (t) => {
  const { sim } = await withHall(t)
  const first = await onPhone(sim, 'ZhangSan', '/one')
  assert.equal(first.headers['set-cookie'], undefined)
  assert.equal(JSON.parse((await onPhone(sim, 'ZhangSan', '/two')).text).headers.cookie, 'seen=one')
  assert.equal(JSON.parse((await onPhone(sim, 'lisi', '/two')).text).headers.cookie, undefined)
  assert.equal(JSON.parse((await onPhone(sim, 'ZhangSan', '/deep/er')).text).headers.cookie, 'deep=1; seen=two')
  await onPhone(sim, 'ZhangSan', '/out')
  assert.equal(JSON.parse((await onPhone(sim, 'ZhangSan', '/three')).text).headers.cookie, undefined)
  await onPhone(sim, 'ZhangSan', '/__phone/forget', { method: 'POST' })
  assert.equal(JSON.parse((await onPhone(sim, 'ZhangSan', '/deep/x')).text).headers.cookie, undefined)
})

test('the hall sees WeCom on an iPhone, under its own name', async (t) => {
  const { sim } = await withHall(t)
  const phone = sim.phoneOrigin('ZhangSan')
  const answer = await onPhone(sim, 'ZhangSan', '/post', { method: 'POST', headers: { origin: phone, referer: `${phone}/form?x=1`, 'content-type': 'text/plain', cookie: 'foreign=1' }, body: '你好' })
  const { method, headers, body } = JSON.parse(answer.text)
  assert.deepEqual([method, body, headers.host, headers.origin, headers.referer, headers.cookie], ['POST', '你好', 'localhost:3000', hallOrigin, `${hallOrigin}/form?x=1`, undefined])
  assert.match(headers['user-agent'], /iPhone.*wxwork\/[\d.]+ MicroMessenger/)
})

test('redirects to the hall and to the platform stay on the phone', async (t) => {
  const { sim } = await withHall(t)
  const phone = sim.phoneOrigin('ZhangSan')
  assert.equal((await onPhone(sim, 'ZhangSan', '/go')).headers.location, `${phone}/there?x=1`)
  for (const platform of [sim.origin, `http://localhost:${sim.port}`]) {
    const answer = await onPhone(sim, 'ZhangSan', '/sign-in', { headers: { 'x-platform': platform } })
    assert.equal(answer.headers.location, `${phone}/connect/oauth2/authorize?a=1#wechat_redirect`)
  }
  assert.equal((await onPhone(sim, 'ZhangSan', '/out')).headers.location, '/')
})

test('a page may stand in a frame, its links lead through the phone and its words stay', async (t) => {
  const { sim } = await withHall(t)
  const { headers, text } = await onPhone(sim, 'ZhangSan', '/page')
  const phone = sim.phoneOrigin('ZhangSan')
  assert.equal(headers['x-frame-options'], undefined)
  assert.equal(headers['content-security-policy'], `default-src 'self' ${phone}; form-action 'self'`)
  assert.equal(text, `<p>网址是 ${hallOrigin}/verify</p><a href="${phone}/verify/ABC">看</a><form action='${phone}/'></form><a href="${hallOrigin}0/x">别处</a>`)
})

test('answers are passed on while they come, in whatever pieces', async (t) => {
  let more: (chunk: Buffer | null) => void = () => undefined
  const hallAddress = await listen(t, (incoming, response) => {
    response.writeHead(200, { 'content-type': incoming.url === '/sse' ? 'text/event-stream' : 'text/html; charset=utf-8' })
    response.write(incoming.url === '/sse' ? 'data: 1\n\n' : '<a hr')
    more = (chunk) => (chunk === null ? response.end() : response.write(chunk))
  })
  const { sim } = await world(t, { hallOrigin, hallAddress })
  const open = (path: string) => new Promise<AsyncIterator<Buffer>>((resolve, reject) => {
    const headers = { host: new URL(sim.phoneOrigin('lisi')).host }
    request({ host: '127.0.0.1', port: sim.port, path, headers }, (answer) => resolve(answer[Symbol.asyncIterator]())).on('error', reject).end()
  })
  const stream = await open('/sse')
  assert.equal((await stream.next()).value.toString(), 'data: 1\n\n')
  more(null)
  const page = await open('/page')
  const bytes = Buffer.from(`ef="${hallOrigin}/证">好</a>`)
  for (const byte of bytes) more(Buffer.from([byte]))
  more(null)
  let text = ''
  for (let part = await page.next(); !part.done; part = await page.next()) text += part.value.toString()
  assert.equal(text, `<a href="${sim.phoneOrigin('lisi')}/证">好</a>`)
})

test('a hall that does not answer is a page that says so; a phone that nobody has is 404', async (t) => {
  const { sim } = await world(t)
  const answer = await onPhone(sim, 'lisi', '/')
  assert.equal(answer.status, 502)
  assert.match(answer.text, /没有回答/)
  assert.equal((await fetch(`${sim.origin}/__phone/state`)).status, 404)
})

test('names that DNS cannot hold, or that would meet, get a host of their own', async (t) => {
  const { sim } = await world(t, { members: [{ userid: 'a.b', name: '甲', department: [1] }, { userid: 'A_B', name: '乙', department: [1] }, { userid: '2023001', name: '丙', department: [1] }] })
  const origins = ['a.b', 'A_B', '2023001'].map((id) => new URL(sim.phoneOrigin(id)).hostname)
  assert.deepEqual(origins, ['a-b.localhost', 'a-b-2.localhost', '2023001.localhost'])
  assert.match((await onPhone(sim, 'A_B', '/__phone/state')).text, /"userid":"A_B"/)
})

test('opening the app tells it so, when it asked to be told', async (t) => {
  const callbackUrl = await listen(t, (_request, response) => response.end())
  const { sim, call } = await world(t, { callbackUrl })
  await onPhone(sim, 'lisi', '/__phone/open', { method: 'POST' })
  await call('agent/set', { agentid: 1000002, isreportenter: 0 })
  await onPhone(sim, 'lisi', '/__phone/open', { method: 'POST' })
  await onPhone(sim, 'lisi', '/__phone/menu', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ type: 'view', url: 'http://localhost:3000/' }) })
  assert.deepEqual(sim.state.callbacks.map(({ event, key }) => [event, key]), [['enter_agent', ''], ['view', 'http://localhost:3000/']])
})

test('a cookie ends by Max-Age, and by Expires only when both clocks agree', () => {
  let now = Date.now()
  const jar = createCookieJar(() => now)
  const soon = new Date(Date.now() + 60_000).toUTCString()
  const past = new Date(Date.now() - 60_000).toUTCString()
  jar.keep(['a=1', `b=2; Expires=${soon}`, 'c=3; Max-Age=100', 'broken'], '/dir/page')
  assert.equal(jar.header('/dir/x'), 'a=1; b=2; c=3')
  assert.equal(jar.header('/directory'), '')
  now -= 3600_000
  jar.keep([`b=2; Expires=${past}`], '/dir/page')
  assert.match(jar.header('/dir/x'), /b=2/)
  jar.keep(['b=; Expires=Thu, 01 Jan 1970 00:00:00 GMT', 'c=; Max-Age=0'], '/dir/page')
  assert.equal(jar.header('/dir/x'), 'a=1')
})

test('a page comes although the hall has meanwhile closed an idle connection', async (t) => {
  const used = new WeakSet()
  const hallAddress = await listen(t, (incoming, response) => {
    // As a server does whose patience ends in the moment in which the next question is on its way.
    if (used.has(incoming.socket)) return void incoming.socket.destroy()
    used.add(incoming.socket)
    response.end('ok')
  })
  const { sim } = await world(t, { hallOrigin, hallAddress })
  for (let i = 0; i < 3; i++) assert.equal((await onPhone(sim, 'ZhangSan', '/')).status, 200)
})

test('a newcomer’s phone is WeChat until its owner follows the join code, and keeps what its browser knew', async (t) => {
  const { sim, call } = await withHall(t)
  const phone = 'wechat'
  const asked = async (path: string): Promise<{ cookie?: string; 'user-agent': string }> => JSON.parse((await onPhone(sim, phone, path)).text).headers
  assert.doesNotMatch((await asked('/one'))['user-agent'], /wxwork/)
  assert.equal((await onPhone(sim, phone, '/__phone/say', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"text":"x"}' })).status, 409, 'nobody of the corporation says anything')

  const { join_qrcode: picture } = await call('corp/get_join_qrcode?size_type=2', undefined, 'contacts')
  const bytes = Buffer.from(await (await fetch(String(picture))).arrayBuffer())
  const recognise = async (image: Buffer): Promise<string | null> =>
    JSON.parse((await onPhone(sim, phone, '/__phone/recognise', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ picture: image.toString('base64') }) })).text).address
  assert.equal(await recognise(Buffer.from('a holiday')), null)
  const address = await recognise(bytes)
  assert.match(address ?? '', /^\/__phone\/join\/[0-9a-f]{32}$/)

  await call('user/create', { userid: 'fresh', name: '新同学', mobile: '13900000001', department: [2] }, 'contacts')
  assert.match((await onPhone(sim, phone, address ?? '')).text, /新同学.*13900000001/s)
  await onPhone(sim, phone, `${address}?as=fresh`)
  assert.equal(sim.state.member('fresh')?.status, 1)
  assert.equal(JSON.parse((await onPhone(sim, phone, '/__phone/state')).text).person.userid, 'fresh')
  const after = await asked('/two')
  assert.match(after['user-agent'], /wxwork/)
  assert.equal(after.cookie, 'seen=one')

  await onPhone(sim, phone, '/__phone/newcomer', { method: 'POST' })
  assert.equal((await asked('/three')).cookie, undefined, 'the next one')
  await onPhone(sim, phone, `${address}?as=@other`)
  const { userid } = JSON.parse((await onPhone(sim, phone, '/__phone/state')).text).person
  assert.match(userid, /^wo[0-9a-f]{16}$/, 'whose number nobody entered comes in as somebody new')
  assert.equal(sim.state.member(userid)?.generated, true)
})

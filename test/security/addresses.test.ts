import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client } from '../support/client.ts'
import { startTestApp } from '../support/app.ts'
import { cast } from '../support/people.ts'
import { ask, send } from './attack.ts'

test('addresses and headers', async t => {
  const hall = await startTestApp(t)
  const { student, admin, audit } = await cast(hall.app)
  const [phone, desk, auditor] = [await hall.phone(student.userid), await hall.phone(admin.userid), await hall.phone(audit.userid)]
  const get = (path: string, client?: Client, headers: Record<string, string> = {}) => ask(hall.origin, path, { headers, ...(client && { client }) })

  for (const path of ['/documents?before=a&before=b', '/sent?before=a&before=b', '/received?state=done&before=1&before=2', '/messages?before=a&before=b', '/?q=a&q=b'])
    await t.test(`a parameter said twice counts once: ${path}`, async () => assert.ok((await get(path, phone)).status < 500))
  for (const path of ['/admin/applications?q=a&q=b', '/admin/applications?before=a&before=b', '/admin/jobs?before=a&before=b', '/admin/events?subject=a&subject=b&name=c&name=d&actor=e&actor=f', '/admin/people?q=%00', '/admin/people?q=%F0%9F%98%80%25_%5C'])
    await t.test(`the console takes any question: ${path}`, async () => assert.equal((await get(path, path.startsWith('/admin/events') ? auditor : desk)).status, 200))

  for (const path of ['/services/%ff', '/verify/%E0%A4%A', `/admin/people/${'x'.repeat(3000)}`, '/assets/..%2f..%2fpackage.json', '/assets/%2e%2e/%2e%2e/package.json', '/assets/js/x%00.js', '/assets/../../package.json', '/assets/%5c..%5c..%5cpackage.json'])
    await t.test(`an address that leads nowhere is a page of ours with its headers: ${path.slice(0, 40)}`, async () => {
      const answer = await get(path, phone)
      assert.ok([403, 404].includes(answer.status), String(answer.status))
      assert.match(String(answer.headers['content-type']), /^text\/html/)
      assert.match(String(answer.headers['content-security-policy']), /default-src 'none'/)
      assert.ok(answer.headers['x-request-id'])
      assert.ok(!answer.body.includes('devDependencies') && !answer.body.includes('node_modules') && !answer.body.includes('    at '))
    })

  await t.test('every page forbids foreign scripts and frames, and says nothing of the server', async () => {
    for (const path of ['/login', '/verify', '/', '/account', '/nowhere', '/admin', '/services/enrolment-certificate/apply']) {
      const { headers } = await get(path, desk)
      const policy = String(headers['content-security-policy'])
      assert.match(policy, /default-src 'none'/, path)
      assert.doesNotMatch(policy, /unsafe|\*/)
      assert.match(policy, /frame-ancestors 'none'/)
      assert.match(policy, /base-uri 'none'/)
      assert.match(policy, /form-action 'self'/)
      assert.deepEqual([headers['x-content-type-options'], headers['x-frame-options'], headers['cache-control'], headers.server, headers['x-powered-by']], ['nosniff', 'DENY', 'no-store', undefined, undefined], path)
      assert.match(String(headers['referrer-policy']), /same-origin|no-referrer/)
      assert.match(String(headers['x-request-id']), /^[0-9a-f-]{36}$/)
    }
  })

  await t.test('the nonce is of this answer alone, and every script and style in the page has it or is a file of ours', async () => {
    const pages = await Promise.all([get('/', phone), get('/', phone)])
    const nonces = pages.map(({ headers, root }) => {
      const nonce = /script-src 'self' 'nonce-([^']+)'/.exec(String(headers['content-security-policy']))?.[1]
      for (const script of root.querySelectorAll('script')) assert.ok(script.getAttribute('src')?.startsWith('/assets/') || script.getAttribute('nonce') === nonce)
      assert.equal(root.querySelectorAll('style:not([nonce]), [style]').length, 0)
      assert.deepEqual(root.querySelectorAll('*').filter(element => Object.keys(element.attributes).some(name => name.toLowerCase().startsWith('on'))).length, 0)
      return nonce
    })
    assert.notEqual(nonces[0], nonces[1])
  })

  await t.test('only an asset under its own hash may be kept for ever', async () => {
    const own = (await get('/login')).root.querySelector('link[rel=stylesheet]')?.getAttribute('href') ?? ''
    assert.match(own, /\?v=[0-9a-f]{12}$/)
    assert.match(String((await get(own)).headers['cache-control']), /immutable/)
    for (const path of [own.replace(/v=.*/, 'v=000000000000'), own.replace(/\?.*/, ''), '/assets/js/gone.js?v=000000000000'])
      assert.doesNotMatch(String((await get(path)).headers['cache-control']), /immutable/, path)
  })

  await t.test('a problem is a page for people and problem+json for programs, each with the number of the request', async () => {
    const page = await get('/nowhere')
    assert.ok(page.root.querySelector('.problem-id')?.text.includes(String(page.headers['x-request-id'])))
    const program = await get('/nowhere', undefined, { accept: 'application/json' })
    assert.match(String(program.headers['content-type']), /^application\/problem\+json/)
    assert.equal(JSON.parse(program.body).request_id, program.headers['x-request-id'])
  })

  await t.test('what no page sends is refused by its kind, never as a fault of ours', async () => {
    const post = (type: string, body: string) => send(hall.origin, '/login', body, { headers: { 'content-type': type } })
    assert.deepEqual(await Promise.all([['application/json', '{"_csrf":{"toString":1}}'], ['application/json', '{"'], ['text/xml', '<a/>'], ['text/plain', 'x'], ['application/octet-stream', 'x']]
      .map(async ([type = '', body = '']) => (await post(type, body)).status)), [415, 415, 415, 415, 415])
    assert.equal((await post('application/x-www-form-urlencoded', `account=${'9'.repeat(1_200_000)}`)).status, 413)
    for (const method of ['TRACE', 'OPTIONS', 'PUT', 'DELETE', 'PATCH', 'PROPFIND']) assert.equal((await ask(hall.origin, '/login', { method, client: phone })).status, 405, method)
  })

  await t.test('HEAD is answered like GET, without the page', async () => {
    for (const [path, client, status] of [['/', phone, 200], ['/login', hall.stranger(), 200], ['/', hall.stranger(), 303]] as const) {
      const answer = await ask(hall.origin, path, { method: 'HEAD', client })
      assert.deepEqual([answer.status, answer.body], [status, ''])
    }
  })

  await t.test('odd cookies are no cookies', async () => {
    for (const cookie of ['hall=%E0%A4%A', `hall=${'a'.repeat(12_000)}`, 'hall=abc.def; hall=ghi', 'language=%E0%A4%A', 'hall=; =; ;;', 'hall="\\"', '__proto__=1; constructor=2'])
      assert.equal((await get('/', undefined, { cookie })).status, 303, cookie.slice(0, 20))
    assert.equal((await get('/', undefined, { cookie: `hall=${'a'.repeat(20_000)}` })).status, 431)
  })

  await t.test('a header names no other host into our links', async () => {
    const phoneless = await ask(hall.origin, '/auth/wecom', { headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'user-agent': 'wxwork/4.1' } })
    assert.ok(!String(phoneless.headers.location).includes('evil'))
    assert.ok(!(await ask(hall.origin, '/login', { headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' } })).body.includes('evil.example'))
  })

  await t.test('the simulator is no part of the product: only the demo puts it in front', async () => {
    const http = await hall.app.http()
    for (const url of ['/simulator', '/simulator/', '/simulator/phones']) assert.equal((await http.inject({ url, headers: { accept: 'text/html' } })).statusCode, 404)
    await http.close()
  })
})

test('a signed-in person who asks too much, and an address that tries to sign in too often, wait', async t => {
  const hall = await startTestApp(t)
  const { student, classmate } = await cast(hall.app)
  const [phone, other] = [await hall.phone(student.userid), await hall.phone(classmate.userid)]
  let last = await ask(hall.origin, '/verify', { client: phone })
  for (let asked = 0; asked < 650 && last.status === 200; asked++) last = await ask(hall.origin, '/verify', { client: phone })
  assert.equal(last.status, 429)
  assert.ok(Number(last.headers['retry-after']) > 0)
  assert.equal(last.root.querySelector('h1')?.text.trim(), '操作太频繁')
  assert.deepEqual(last.root.querySelectorAll('.problem a').map(link => [link.text.trim(), link.getAttribute('href')]), [['再试一次', '/verify']])
  assert.equal((await ask(hall.origin, '/verify', { client: other })).status, 200, 'the next person is not held up')
  let login = await send(hall.origin, '/login', { account: '1' })
  for (let tried = 0; tried < 310 && login.status === 403; tried++) login = await send(hall.origin, '/login', { account: '1' })
  assert.equal(login.status, 429)
})

test('who only looks leaves no session behind; a form begins one', async t => {
  const hall = await startTestApp(t)
  const count = async () => Number((await hall.app.database.db.selectFrom('identity_sessions').select(({ fn }) => fn.countAll().as('n')).executeTakeFirstOrThrow()).n)
  for (const path of ['/', '/verify', '/verify/ABCD-EFGH-JKMN-PQRS', '/nowhere', '/healthz', '/admin', '/documents']) await ask(hall.origin, path)
  await send(hall.origin, '/language', { to: 'en', back: '/verify' })
  assert.equal(await count(), 0)
  const page = await ask(hall.origin, '/login')
  assert.ok(page.headers['set-cookie'])
  assert.equal(await count(), 1)
})

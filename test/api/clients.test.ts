import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toldTo } from '../cases/desk.ts'
import { caller, formOf, makeClient, startOffice, tokenOn } from './office.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

test('a client is made with what it may do; its token is shown once and kept as a hash', async t => {
  const { campus, admin, page, token, call } = await startOffice(t)
  const { db } = campus.app.database
  assert.equal((await call('GET', '/api/v1/kinds')).status, 200)
  const looked = await admin.get(page)
  const [, secret = ''] = /^hall_[0-9A-Z]{26}_([\w-]{43})$/.exec(token) ?? []
  assert.ok(secret && !looked.html.includes(secret) && looked.has(token.slice(0, 31)), 'its beginning alone is shown again')
  const kept = JSON.stringify([await db.selectFrom('api_tokens').selectAll().execute(), await db.selectFrom('events').select('data').execute(), await db.selectFrom('jobs').select('input').execute()])
  assert.ok(!kept.includes(secret))

  const wrong = await admin.submit(await admin.get('/admin/api/new'), '/admin/api', { ...await formOf(campus), name: '', unit: 'nowhere', ground: '', kinds: [], per_minute: '0', until: '2020-01-01', contact: '保留这句' })
  assert.equal(wrong.status, 422)
  for (const sentence of ['请填写名称', '请选择使用接口的部门', '请写明依据', '能代为开具，就要选择开具哪些文件', '请填写 1 到 6000 的整数', '结束日期已经过去']) assert.ok(wrong.has(sentence), sentence)
  assert.equal(wrong.value('contact'), '保留这句', 'what was typed is kept')
  const twice = await admin.submit(await admin.get('/admin/api/new'), '/admin/api', await formOf(campus))
  assert.deepEqual([twice.status, twice.has('已经有叫这个名称的接口')], [422, true])
})

test('whatever is wrong with a token, the answer is the same', async t => {
  const { campus, token } = await startOffice(t)
  const [, id = '', secret = ''] = /^hall_([^_]+)_(.+)$/.exec(token) ?? []
  const wrong = ['', 'x', token.slice(0, -1), `${token}x`, `hall_${id}_${'A'.repeat(43)}`, `hall_${'0'.repeat(26)}_${secret}`, `hall_${id}_`, "hall_' or 1=1 --_x", `hall_${id}_${secret.toUpperCase()}`]
  const answers = await Promise.all(wrong.map(each => caller(campus.origin, each)('GET', '/api/v1/kinds')))
  for (const [at, { status, json, headers }] of answers.entries()) {
    assert.deepEqual([status, json.code, json.detail], [401, 'unauthorized', answers[0]?.json.detail], wrong[at])
    assert.match(headers.get('www-authenticate') ?? '', /^Bearer/)
  }
  // Before the body is read: what a stranger sends is not received.
  const large = await fetch(new URL('/api/v1/verify', campus.origin), { method: 'POST', body: new Uint8Array(9 * 1024 * 1024), headers: { 'content-type': 'application/pdf' } }).then(answer => answer.status, () => 401)
  assert.equal(large, 401)
  assert.equal((await fetch(new URL('/api/v1/kinds', campus.origin), { headers: { cookie: `hall=${token}`, authorization: `Basic ${btoa(`x:${token}`)}` } })).status, 401)
  assert.equal((await campus.app.database.db.selectFrom('api_uses').select('slot').execute()).length, 0, 'a wrong token costs its owner nothing')
})

test('a token is replaced while the one before still works, and ends at once where that is wanted', async t => {
  const { campus, admin, page, token, call } = await startOffice(t)
  const opened = await admin.get(page)
  const renewed = tokenOn(await admin.submit(opened, `${page}/tokens`, { overlap: '24' }))
  const next = caller(campus.origin, renewed)
  assert.deepEqual([(await call('GET', '/api/v1/kinds')).status, (await next('GET', '/api/v1/kinds')).status], [200, 200])
  campus.clock.advance(25 * HOUR)
  assert.deepEqual([(await call('GET', '/api/v1/kinds')).status, (await next('GET', '/api/v1/kinds')).status], [401, 200])
  const desk = await campus.phone((await campus.app.database.db.selectFrom('identity_bindings as b').innerJoin('identity_grants as g', 'g.person_id', 'b.person_id').select('b.userid').where('g.role', '=', 'admin').executeTakeFirstOrThrow()).userid)
  const stop = `${page}/tokens/${renewed.slice(5, 31)}/end`
  assert.ok((await desk.submit(await desk.get(page), stop)).has('令牌已作废'))
  assert.equal((await next('GET', '/api/v1/kinds')).status, 401)
  assert.notEqual(token, renewed)
})

test('the client ends on its day, is warned of two weeks before, can be extended, and is ended at once', async t => {
  const { campus, admin, page, call } = await startOffice(t, {}, { until: '2026-12-20' })
  const { db } = campus.app.database
  const adminName = (await db.selectFrom('identity_people as p').innerJoin('identity_grants as g', 'g.person_id', 'p.id').select('p.name').where('g.role', '=', 'admin').executeTakeFirstOrThrow()).name
  const hours = async () => { await campus.app.runner.tick(); await campus.drain() }
  await hours()
  assert.ok(!(await toldTo(campus, adminName)).some(title => title.includes('两周内到期')))
  const { expires_at } = await db.selectFrom('api_clients').select('expires_at').executeTakeFirstOrThrow()
  campus.clock.advance(expires_at - campus.clock.now() - 10 * DAY)
  await hours()
  campus.clock.advance(2 * HOUR)
  await hours()
  assert.equal((await toldTo(campus, adminName)).filter(title => title === '接口“就业信息系统”两周内到期').length, 1, 'told once')
  assert.equal((await call('GET', '/api/v1/kinds')).status, 200)
  campus.clock.advance(11 * DAY)
  assert.equal((await call('GET', '/api/v1/kinds')).status, 401)

  const desk = await campus.as(adminName)
  assert.ok((await desk.get('/admin/api')).has('已到期'))
  await desk.submit(await desk.get(page), page, { ...await formOf(campus), until: '2027-12-31' })
  assert.equal((await call('GET', '/api/v1/kinds')).status, 200)
  const asking = await desk.get(`${page}/end`)
  assert.ok((await desk.submit(asking, `${page}/end`)).has('已停用'))
  assert.equal((await call('GET', '/api/v1/kinds')).status, 401)
  assert.equal((await desk.post(`${page}/tokens`, { _csrf: (await desk.get(page)).value('_csrf') })).status, 409, 'it stays so')
  assert.ok(admin)
})

test('the limit of a minute and of a day holds for all processes together', async t => {
  const { campus, call, token } = await startOffice(t, {}, { per_minute: '5', per_day: '8' })
  const second = await campus.app.http()
  t.after(() => second.close())
  const both = await Promise.all(Array.from({ length: 8 }, (_, at) => at % 2 === 0
    ? call('GET', '/api/v1/kinds').then(({ status }) => status)
    : second.inject({ url: '/api/v1/kinds', headers: { authorization: `Bearer ${token}` } }).then(({ statusCode }) => statusCode)))
  assert.deepEqual(both.toSorted(), [200, 200, 200, 200, 200, 429, 429, 429])
  const over = await call('GET', '/api/v1/kinds')
  assert.deepEqual([over.status, over.json.code, over.headers.get('ratelimit-limit'), over.headers.get('ratelimit-remaining')], [429, 'too-many-requests', '8', '0'], 'what was refused counted too, and the day is used up')
  assert.ok(Number(over.headers.get('retry-after')) > 60)
  campus.clock.advance(DAY)
  const fresh = await call('GET', '/api/v1/kinds')
  assert.deepEqual([fresh.status, fresh.headers.get('ratelimit-limit'), fresh.headers.get('ratelimit-remaining')], [200, '5', '4'])
  await campus.drain()
  assert.equal((await campus.app.database.db.selectFrom('events').select('id').where('name', '=', 'api.called').execute()).length, 6, 'what was refused is no use')
})

test('the description is one that programs can read, and the page says the same', async t => {
  const { campus, admin } = await startOffice(t)
  const { json } = await caller(campus.origin, '')('GET', '/api/v1/openapi.json')
  const paths = json.paths as Record<string, Record<string, { operationId: string; responses: Record<string, { content: Record<string, { schema: { $ref?: string } }> }> }>>
  assert.equal(json.openapi, '3.1.0')
  const operations = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, { operationId }]) => `${operationId} ${method} ${path}`))
  assert.ok(operations.includes('issue post /api/v1/documents') && operations.includes('verify post /api/v1/verify'), operations.join('\n'))
  const references = JSON.stringify(json).match(/"\$ref":"[^"]+"/g) ?? []
  assert.ok(references.length > 0 && references.every(reference => reference === '"$ref":"#/components/schemas/Problem"'), String(new Set(references)))
  assert.ok((json.components as { schemas: Record<string, unknown> }).schemas.Problem)
  const page = await campus.stranger().get('/api/v1/docs')
  for (const words of ['/api/v1/documents', 'idempotency-key', 'name_end', 'documents.issue', 'too-many-requests']) assert.ok(page.html.includes(words), words)
  assert.ok((await admin.get('/admin/api')).link('接口说明'))
  await makeClient(campus, admin, { name: '第二个' })
})

import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { deskOf } from '../cases/desk.ts'
import { folderOf, plainService, registrar, tutor } from '../cases/services.ts'
import { apply, type Campus, decide, startCampus } from '../services/campus.ts'
import { idIn } from '../support/certificate.ts'
import type { Client, Fields, Page } from '../support/client.ts'

type Asked = { method: string | undefined; path: string; headers: IncomingMessage['headers']; body: { key: string; values: Record<string, unknown> } }

/** Another system of the school, on a port of its own. */
async function otherSystem(t: TestContext, answer: (asked: Asked, response: ServerResponse, times: number) => void): Promise<{ origin: string; asked: Asked[] }> {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk)).on('end', () => {
      const one = { path: request.url ?? '', headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString() || 'null'), method: request.method }
      answer(one, response, asked.push(one))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => { server.closeAllConnections(); server.close() })
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

const push = (more: Record<string, unknown>, failed = 'reject') => ({ id: 'push', kind: 'trigger', label: '登记到教务系统', does: { call: 'erp', send: ['purpose'], ...more }, failed })
const typed = (origin: string): Fields => ({ name: 'erp', note: '教务系统', origin, paths: '/in\n/register', method: 'POST', time_limit: '5', header_name_0: 'Authorization', header_value_0: 'Bearer s3cret' })

async function make(admin: Client, fields: Fields): Promise<Page> {
  return admin.submit(await admin.get('/admin/connections/new'), '/admin/connections', fields)
}

/** A campus whose certificate calls over `erp` once the tutor has agreed. */
async function startWith(t: TestContext, trigger: unknown, env: Record<string, string> = { CONNECTIONS_PRIVATE: '127.0.0.1' }): Promise<Campus> {
  return startCampus(t, { env, serviceFiles: folderOf(t, plainService({ flow: { nodes: [tutor, trigger, registrar] } })) })
}

async function applied(campus: Campus): Promise<{ id: string; client: Client }> {
  const { client, name } = await campus.student()
  const id = idIn((await apply(client)).path)
  await decide(await campus.as('李敏'), name, 'approve')
  await campus.drain()
  return { id, client }
}

const callsOn = (page: Page) => page.root.querySelector('#calls')?.querySelectorAll('.cell').map(cell => cell.structuredText.replace(/\s+/g, ' ').trim()) ?? []
const markOf = (page: Page, name: string) => page.root.querySelectorAll('.event').find(event => event.querySelector('.event-name')?.text.startsWith(name))?.querySelector('.event-mark')?.getAttribute('class')?.trim()

test('a connection is made, tested and changed; its secret is sent, and shown to nobody', async t => {
  const { origin, asked } = await otherSystem(t, (_, response) => response.end('{}'))
  const campus = await startCampus(t, { env: { CONNECTIONS_PRIVATE: '127.0.0.1' } })
  const admin = await deskOf(campus)
  assert.ok((await admin.get('/admin/connections')).has('还没有外部连接'))
  const wrong = await make(admin, { ...typed(`${origin}/path`), name: 'ERP 系统', paths: '/a?b\n../c', time_limit: '0', header_name_0: 'Host' })
  assert.equal(wrong.status, 422)
  for (const sentence of ['名称用小写字母开头', '请填写完整的地址', '不是路径', '时限是 1 到 60 秒的整数', '“host”不能作为请求头']) assert.ok(wrong.has(sentence), sentence)
  assert.equal(wrong.value('note'), '教务系统', 'what was typed is kept')
  assert.ok(!wrong.html.includes('s3cret'), 'but no secret comes back')

  const made = await make(admin, typed(origin))
  assert.ok(made.has('已新建') && made.has('还没有测试过'), made.text)
  assert.ok((await make(admin, typed(origin))).has('已经有叫这个名称的连接'))
  const testing = await admin.submit(made, `${made.path}/test`)
  assert.ok(testing.has('正在测试'), testing.text)
  await campus.drain()
  assert.ok((await admin.get(made.path)).has('对方应答 200，连接正常'))
  assert.deepEqual([asked[0]?.path, asked[0]?.headers.authorization, asked[0]?.body.values], ['/in', 'Bearer s3cret', {}])
  const page = await admin.get(made.path)
  assert.ok(!page.html.includes('s3cret') && page.html.includes('已保存，留空就不改'))
  const { db } = campus.app.database
  assert.ok(!JSON.stringify(await db.selectFrom('connections_connections').selectAll().execute()).includes('s3cret'), 'at rest it is sealed')

  const kept = await admin.submit(page, made.path, { ...typed(origin), note: '新说明', header_value_0: '' })
  assert.ok(kept.has('已保存') && kept.value('note') === '新说明')
  await admin.submit(kept, `${made.path}/test`)
  await campus.drain()
  assert.equal(asked[1]?.headers.authorization, 'Bearer s3cret', 'a value left empty stays')
  const elsewhere = await admin.submit(kept, made.path, { ...typed('https://elsewhere.example'), header_value_0: '' })
  assert.deepEqual([elsewhere.status, elsewhere.has('请填写请求头“authorization”的内容')], [422, true], 'a secret given to one origin goes to no other')

  const asking = await admin.get(`${made.path}/removal`)
  assert.ok(asking.has('用到它的流程会按调用失败处理'))
  assert.ok((await admin.submit(asking, `${made.path}/removal`)).has('还没有外部连接'))
})

test('a step calls with what it may send and a key of its own; the answer stands at the application and in its fields', async t => {
  const { origin, asked } = await otherSystem(t, (_, response) => response.end(JSON.stringify({ data: { number: 'JW-2026-7' } })))
  const campus = await startWith(t, push({ path: '/register', take: { remark: '/data/number' } }))
  await make(await deskOf(campus), typed(origin))
  const { id, client } = await applied(campus)
  assert.equal(asked.length, 1)
  assert.deepEqual([asked[0]?.path, asked[0]?.body.values, asked[0]?.headers['idempotency-key']], ['/register', { purpose: 'visa' }, asked[0]?.body.key])
  const page = await (await deskOf(campus)).get(`/admin/applications/${id}`)
  assert.match(callsOn(page)[0] ?? '', /登记到教务系统：erp.*第 1 次.*JW-2026-7.*200/)
  assert.ok(page.has('系统调用成功') && page.has('等待审批'), page.text)
  assert.equal(markOf(page, '系统调用成功'), 'event-mark green')
  assert.ok((await client.get(`/applications/${id}`)).has('JW-2026-7'), 'the field says what came back')
})

test('by GET a step asks and takes from the answer; what a form says is sent by none', async t => {
  const { origin, asked } = await otherSystem(t, (_, response) => response.end(JSON.stringify({ data: { number: 'JW-2026-8' } })))
  const campus = await startWith(t, push({ path: '/register', send: [], take: { remark: '/data/number' } }, 'pass'))
  await make(await deskOf(campus), { ...typed(origin), method: 'GET' })
  const { id, client } = await applied(campus)
  assert.deepEqual(asked.map(({ method, path, headers, body }) => ({ method, path, type: headers['content-type'], length: headers['content-length'], body })), [{ method: 'GET', path: '/register', type: undefined, length: undefined, body: null }])
  assert.equal(asked[0]?.headers.authorization, 'Bearer s3cret')
  assert.ok((await client.get(`/applications/${id}`)).has('JW-2026-8'))
})

test('a step that would send by GET fails before anything leaves', async t => {
  const { origin, asked } = await otherSystem(t, (_, response) => response.end('{}'))
  const campus = await startWith(t, push({}, 'pass'))
  await make(await deskOf(campus), { ...typed(origin), method: 'GET' })
  const { id } = await applied(campus)
  assert.deepEqual(asked, [])
  assert.match(callsOn(await (await deskOf(campus)).get(`/admin/applications/${id}`))[0] ?? '', /用 GET 查询，不能把表单的内容发过去/)
})

test('what comes back and does not fit its field stays out of it', async t => {
  const { origin } = await otherSystem(t, (_, response) => response.end(JSON.stringify({ purpose: 'to the moon', remark: 'x'.repeat(300), language: 'en' })))
  const campus = await startWith(t, push({ take: { purpose: '/purpose', remark: '/remark', language: '/language' } }))
  await make(await deskOf(campus), typed(origin))
  const { id } = await applied(campus)
  const row = await campus.app.database.db.selectFrom('services_applications').select('form').where('id', '=', id).executeTakeFirstOrThrow()
  const { purpose, remark, language } = JSON.parse(row.form ?? '{}')
  assert.deepEqual([purpose, remark, language], ['visa', '签证中心要求', 'en'])
})

test('what is broken is tried again under the same key; what refuses is not', async t => {
  const { origin, asked } = await otherSystem(t, (_, response, times) => response.writeHead(times < 3 ? 503 : 200).end('{}'))
  const campus = await startWith(t, push({}))
  await make(await deskOf(campus), typed(origin))
  const { id } = await applied(campus)
  assert.match(callsOn(await (await deskOf(campus)).get(`/admin/applications/${id}`))[0] ?? '', /对方应答 503.*503/, 'each try is shown')
  for (let round = 0; round < 3; round++) {
    campus.clock.advance(3_600_000)
    await campus.drain()
  }
  assert.equal(asked.length, 3)
  assert.equal(new Set(asked.map(one => one.body.key)).size, 1, 'the other side can tell that it is the same')
  const page = await (await deskOf(campus)).get(`/admin/applications/${id}`)
  assert.deepEqual(callsOn(page).map(call => /第 (\d) 次/.exec(call)?.[1]), ['3', '2', '1'])
  assert.ok(page.has('系统调用成功'))

  await t.test('and after the last try the flow does what it says', async inner => {
    const down = await otherSystem(inner, (_, response) => response.writeHead(500).end('broken'))
    const other = await startWith(inner, push({}, 'reject'))
    await make(await deskOf(other), typed(down.origin))
    const { id: lost, client } = await applied(other)
    for (let round = 0; round < 6; round++) {
      other.clock.advance(86_400_000)
      await other.drain()
    }
    assert.equal(down.asked.length, 5)
    assert.ok((await (await deskOf(other)).get(`/admin/applications/${lost}`)).has('申请已被驳回'))
    assert.ok(client)
  })
})

test('an answer that lacks what the flow takes, a redirect, a refusal, a path that is not listed and a private address are no answers', async t => {
  const inner = await otherSystem(t, (_, response) => response.end('{}'))
  const { origin } = await otherSystem(t, ({ path, body }, response) => {
    if (path === '/in') response.writeHead(302, { location: inner.origin }).end()
    else response.end(JSON.stringify(Object.fromEntries([['key', body.key]])))
  })
  const stories: [string, unknown, RegExp, Record<string, string>?][] = [
    ['a redirect', push({}, 'pass'), /要转到别的地址，没有跟去/],
    ['nothing to take', push({ path: '/register', take: { remark: '/data/number' } }, 'pass'), /应答里没有 \/data\/number/],
    ['a path beside the list', push({ path: '/other' }, 'pass'), /不允许访问 \/other/],
    ['no such connection', push({ call: 'nobody' }, 'pass'), /没有叫“nobody”的外部连接/],
    ['a private address', push({}, 'pass'), /内网或者是保留地址/, { CONNECTIONS_PRIVATE: '' }],
  ]
  for (const [title, trigger, said, env] of stories) {
    await t.test(title, async each => {
      const campus = await startWith(each, trigger, env)
      await make(await deskOf(campus), typed(origin))
      const { id } = await applied(campus)
      const page = await (await deskOf(campus)).get(`/admin/applications/${id}`)
      assert.match(callsOn(page)[0] ?? '', said)
      assert.ok(page.has('教务员审批'), 'and the flow goes on, as it says')
      assert.equal(markOf(page, '系统调用失败'), 'event-mark red')
    })
  }
  assert.equal(inner.asked.length, 0)
})

import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { wecomCommand } from '../../src/integrations/wecom/command.ts'
import { createWecom } from '../../src/integrations/wecom/index.ts'
import { menuFaults } from '../../src/integrations/wecom/menu-config.ts'
import { testClock } from '../../src/platform/clock.ts'
import { AppError } from '../../src/platform/errors.ts'
import { createKeyring } from '../../src/platform/keys.ts'
import { createLeases } from '../../src/platform/lease.ts'
import { createLog } from '../../src/platform/log.ts'
import { startSimulator } from '../../src/simulator/index.ts'
import { openTestDatabase } from '../support/database.ts'

const publicUrl = 'https://hall.example.edu'

/** The simulator has no workbench: this keeps the template as the platform would (92535). */
function withWorkbench(): typeof fetch {
  let kept: object = { type: 'normal' }
  return async (input, init) => {
    const path = new URL(String(input)).pathname
    if (path === '/cgi-bin/agent/get_workbench_template') return Response.json({ errcode: 0, errmsg: 'ok', ...kept })
    if (path !== '/cgi-bin/agent/set_workbench_template') return await fetch(input, init)
    const { agentid: _agent, replace_user_data: _replace, ...template } = JSON.parse(String(init?.body))
    kept = template
    return Response.json({ errcode: 0, errmsg: 'ok' })
  }
}

async function open(t: TestContext) {
  const clock = testClock()
  const simulator = await startSimulator({
    now: clock.now, corpId: 'ww0000000000000001', agentId: 1000002, secret: 'app-secret', contactsSecret: 'contacts-secret', token: 'tokenOfCallback',
    encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C', hallOrigin: publicUrl,
    departments: [{ id: 1, name: '示范大学', parentid: 0 }, { id: 2, name: '教务处', parentid: 1 }],
    members: [{ userid: 'LiMin', name: '李敏', department: [2], mobile: '13800000001', email: 'limin@example.edu', position: '辅导员' }],
  })
  t.after(() => simulator.close())
  const database = await openTestDatabase(t, { clock })
  const leases = createLeases({ database, keyring: createKeyring([Buffer.alloc(32, 7)]), clock })
  const client = () => createWecom({
    apiBase: simulator.origin, oauthBase: simulator.origin, loginBase: simulator.origin, corpId: 'ww0000000000000001', agentId: 1000002,
    secret: 'app-secret', contactsSecret: 'contacts-secret', leases, clock, log: createLog('silent'), pause: async () => {}, fetch: withWorkbench(),
  })
  return { clock, simulator, client, wecom: client() }
}

async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  const failure = await work.then(() => null, (error: unknown) => error)
  assert.ok(failure instanceof AppError, String(failure))
  return failure.code
}

test('a member signs in once with a code, and with consent shows what is private', async t => {
  const { simulator, wecom, clock } = await open(t)
  const code = simulator.authorizeCode('LiMin')
  assert.deepEqual(await wecom.visitor(code), { userid: 'LiMin', user_ticket: null })
  assert.match(await codeOf(wecom.visitor(code)) ?? '', /wecom:(40029|42022)/)
  const late = simulator.authorizeCode('LiMin')
  clock.advance(6 * 60_000)
  assert.match(await codeOf(wecom.visitor(late)) ?? '', /wecom:(40029|42003)/)
  const visitor = await wecom.visitor(simulator.authorizeCode('LiMin', { detail: true }))
  assert.ok(visitor.userid !== null && visitor.user_ticket !== null)
  assert.equal((await wecom.privateDetail(visitor.user_ticket)).mobile, '13800000001')
})

test('one token for all clients, and trouble with it is mended unseen', async t => {
  const { simulator, client, clock } = await open(t)
  const [one, two] = [client(), client()]
  await Promise.all([one.members.get('LiMin'), two.members.get('LiMin'), one.departments.list(), two.departments.list()])
  const fetched = () => simulator.state.calls.filter(call => call.path === 'gettoken').length
  assert.equal(fetched(), 1)
  simulator.trouble.expireToken = true
  await one.members.get('LiMin')
  simulator.trouble.revokeToken = true
  await two.members.get('LiMin')
  assert.equal(fetched(), 3)
  clock.advance(2 * 3_600_000)
  await one.members.get('LiMin')
  assert.equal(fetched(), 4)
})

test('the address book is read by the app and written by contact sync', async t => {
  const { wecom } = await open(t)
  const { name, position, department } = await wecom.members.get('LiMin')
  assert.deepEqual([name, position, department], ['李敏', '辅导员', [2]])
  await wecom.members.create({ userid: 'ZhangSan', name: '张三', department: [1], mobile: '13800000002', to_invite: false })
  assert.equal(await codeOf(wecom.members.create({ userid: 'zhangsan', name: '张三', department: [1], mobile: '13800000003' })), 'wecom:60102')
  assert.equal(await codeOf(wecom.members.create({ userid: 'other', name: '张三', department: [1], mobile: '13800000002' })), 'wecom:60104')
  await wecom.members.update({ userid: 'ZhangSan', position: '学生' })
  assert.equal(await wecom.members.idByMobile('13800000002'), 'ZhangSan')
  assert.equal(await codeOf(wecom.members.idByMobile('13999999999')), 'wecom:46004')
  const { members, next } = await wecom.members.listIds()
  assert.deepEqual([members.map(member => member.userid).toSorted(), next], [['LiMin', 'ZhangSan'], null])
  assert.deepEqual((await wecom.members.list(2)).map(member => member.userid), ['LiMin'])
  const id = await wecom.departments.create({ name: '学生处', parentid: 1 })
  await wecom.departments.update({ id, name: '学生工作处' })
  assert.ok((await wecom.departments.list()).some(one => one.name === '学生工作处'))
  assert.equal(await codeOf(wecom.departments.create({ name: '学生工作处', parentid: 1 })), 'wecom:60008')
  await wecom.departments.delete(id)
  await wecom.members.delete('ZhangSan')
  assert.equal(await codeOf(wecom.members.get('ZhangSan')), 'wecom:60111')
})

test('a message can be recalled within a day, and its file arrives under its name', async t => {
  const { wecom, simulator, clock } = await open(t)
  const media_id = await wecom.upload({ type: 'file', filename: '在读证明.pdf', content: new TextEncoder().encode('%PDF-1.7 sample'), contentType: 'application/pdf' })
  const { msgid } = await wecom.send(wecom.message(['LiMin'], { msgtype: 'file', media_id }))
  await wecom.recall(msgid)
  assert.equal(simulator.state.messagesTo('LiMin')[0]?.recalled, true)
  const later = await wecom.send(wecom.message(['LiMin'], { msgtype: 'text', content: '你好' }))
  await wecom.send(wecom.message(['LiMin'], { msgtype: 'markdown', content: '**你好**' }))
  clock.advance(25 * 3_600_000)
  assert.equal(await codeOf(wecom.recall(later.msgid)), 'wecom:42052')
  assert.equal(await codeOf(wecom.upload({ type: 'file', filename: 'a', content: new Uint8Array(3) })), 'wecom:40006')
})

test('a page is signed for the JS-SDK with tickets that are asked for once', async t => {
  const { wecom, simulator } = await open(t)
  const { signature } = await wecom.jsSignature(`${publicUrl}/scan#x`, 'corp')
  await wecom.jsSignature(`${publicUrl}/scan`, 'agent')
  await wecom.jsSignature(`${publicUrl}/other`, 'agent')
  assert.match(signature, /^[0-9a-f]{40}$/)
  assert.deepEqual(simulator.state.calls.filter(call => call.path.includes('ticket')).map(call => [call.path, call.errcode]), [['get_jsapi_ticket', 0], ['ticket/get', 0]])
})

test('diff shows what is different, apply makes it the same, diff then says so', async t => {
  const { wecom, simulator } = await open(t)
  const run = async (...args: string[]) => {
    const lines: string[] = []
    return { code: await wecomCommand(args, { wecom, publicUrl, print: line => void lines.push(line) }), text: lines.join('\n') }
  }
  const before = await run('diff')
  assert.equal(before.code, 1)
  assert.match(before.text, /\+ 办事大厅 → view https:\/\/hall\.example\.edu\//)
  assert.match(before.text, /接收消息 → URL：https:\/\/hall\.example\.edu\/wecom\/callback/)
  assert.equal(simulator.state.menu(), null)
  const applied = await run('apply')
  assert.equal(applied.code, 0, applied.text)
  assert.deepEqual(simulator.state.menu()?.button.map(button => button.name), ['办事大厅', '我收到的', '我的'])
  const after = await run('diff')
  assert.equal(after.code, 0, after.text)
  assert.match(after.text, /菜单：相同/)
  await wecom.menu.create({ button: [{ type: 'view', name: '旧菜单', url: `${publicUrl}/old` }] })
  assert.match((await run('diff')).text, /- 旧菜单 → view/)
  await wecom.menu.delete()
  assert.equal(await wecom.menu.get(), null)
  simulator.trouble.untrustedIp = true
  const refused = await run('diff')
  assert.equal(refused.code, 1)
  assert.match(refused.text, /服务器的 IP 不在企业可信 IP 里（wecom:60020）/)
  assert.equal((await run('destroy')).code, 2)
})

test('a menu the platform would refuse is found before it is sent', async t => {
  const { wecom } = await open(t)
  const directory = await mkdtemp(join(tmpdir(), 'wecom-config-'))
  t.after(() => rm(directory, { recursive: true }))
  for (const name of ['callback.json', 'workbench.json']) await writeFile(join(directory, name), await readFile(join(import.meta.dirname, '../../wecom-config', name)))
  await writeFile(join(directory, 'menu.json'), JSON.stringify({ button: [{ type: 'view', name: '一个太长的菜单名', url: publicUrl }] }))
  await assert.rejects(wecomCommand(['apply'], { wecom, publicUrl, print: () => {}, directory }), /menu\.json：「一个太长的菜单名」的名称超过 16 个字节/)
  assert.deepEqual(menuFaults({ button: [] }), ['菜单要有 1 到 3 个，现在是 0 个'])
  assert.deepEqual(menuFaults({ button: [{ name: '我的', sub_button: [{ type: 'view', name: '甲' }] }] }), ['「甲」缺少网址'])
})

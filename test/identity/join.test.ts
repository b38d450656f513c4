import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { sampleSignIns } from '../../src/main/sample.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import type { Client, Page } from '../support/client.ts'
import { applyForCertificate } from '../support/certificate.ts'
import { cast } from '../support/people.ts'

const MINE = '19900000999'

/** The first student as somebody who has just come: in the roster, but neither bound nor in the address book. */
async function newcomer(t: TestContext, env: Record<string, string> = {}) {
  const hall = await startTestApp(t, { env: { FIRST_USE_PROOF: 'off', ...env } })
  const { student, classmate } = await cast(hall.app)
  const [{ password = '' } = {}] = await sampleSignIns(hall.app)
  const { person_id, number } = student
  await hall.app.database.write(tx => hall.app.identity.unbind(tx, { person_id, number }, number))
  await hall.app.wecom.members.delete(student.userid)
  await hall.drain()
  return { ...hall, student, classmate, password, db: hall.app.database.db }
}

type Newcomer = Awaited<ReturnType<typeof newcomer>>

/** 在校师生, the campus account, a first password of one's own; ends at the phone. */
async function register({ stranger, student, password }: Newcomer, client: Client = stranger()): Promise<{ client: Client; page: Page }> {
  const login = await client.submit(await client.get('/join'), '/join')
  assert.equal(login.heading, '登录')
  const first = await client.submit(login, '/login', { account: student.number, password })
  const page = first.heading === '修改密码' ? await client.submit(first, '/account/password', { current: password, password: 'Minghu#2026', again: 'Minghu#2026' }) : first
  assert.equal(page.path, '/join/phone', page.text)
  return { client, page }
}

const codeIn = ({ simulator }: TestApp): string => /\d{6}/.exec(simulator.state.sms.at(-1)?.text ?? '')?.[0] ?? ''

test('用户注册: campus account, phone, follow, and the hall opens from WeCom', async t => {
  const hall = await newcomer(t)
  const { client, page } = await register(hall)
  assert.ok(page.has('学校登记了手机号，还没有验证') && page.has('绑定手机号'), page.text)
  const waiting = await client.submit(page, '/join/phone', { phone: MINE })
  assert.equal(waiting.path, '/join/follow')
  assert.ok(waiting.has('页面会自己更新'), waiting.text)
  await hall.drain()
  const code = await client.get('/join/follow')
  assert.ok(code.has('长按识别二维码并关注') && code.has('前有效') && code.has('关注身份验证'), code.text)
  const picture = await client.get('/join/code.png')
  assert.match(picture.headers.get('content-type') ?? '', /^image\/png/)
  assert.equal(Buffer.from(picture.bytes).subarray(1, 4).toString(), 'PNG')
  await hall.simulator.join(hall.student.number)
  await hall.drain()
  const done = await client.get('/join/follow')
  assert.ok(done.has('注册完成') && done.has('进入办事大厅'), done.text)
  const phone = await hall.phone(hall.student.number)
  assert.ok((await phone.get('/')).has(hall.student.name), 'straight in, without a password')
  const again = await register({ ...hall, password: 'Minghu#2026' })
  assert.ok(again.page.has('已经完成认证') && again.page.has('进入办事大厅'), again.page.text)
})

test('who uses another WeChat proves the same number by SMS, and is done', async t => {
  const hall = await newcomer(t)
  const { client, page } = await register(hall)
  await client.submit(page, '/join/phone', { phone: MINE })
  await hall.drain()
  const ask = await client.get((await client.get('/join/follow')).link('关注身份验证'))
  assert.ok(ask.has('必须和前面填写的一致'), ask.text)
  const sent = await client.submit(ask, '/join/verify/code')
  await hall.drain()
  const wrong = await client.submit(sent, '/join/verify', { code: codeIn(hall) === '000000' ? '111111' : '000000' })
  assert.equal(wrong.status, 422)
  assert.ok(wrong.has('还可以试 4 次'), wrong.text)
  const proven = await client.submit(wrong, '/join/verify', { code: codeIn(hall) })
  assert.ok(proven.has('手机号已验证'), proven.text)
  const { phone_proven_at } = await hall.db.selectFrom('identity_people').select('phone_proven_at').where('id', '=', hall.student.person_id).executeTakeFirstOrThrow()
  assert.notEqual(phone_proven_at, null)
  await hall.simulator.join(hall.student.number)
  await hall.drain()
  assert.ok((await client.get('/join/follow')).has('注册完成'))
})

test('a phone that was proven before needs one press, and one who has none is asked for it', async t => {
  const hall = await newcomer(t, { PHONE_MAINTENANCE_URL: 'https://sso.minghu.example/phone' })
  await hall.db.updateTable('identity_people').set({ phone_sealed: null, phone_index: null, phone_proven_at: null, proven_phone_index: null }).where('id', '=', hall.student.person_id).execute()
  const { client, page } = await register(hall)
  assert.ok(page.has('学校没有登记手机号'), page.text)
  assert.equal(page.link('统一身份认证平台维护手机号'), 'https://sso.minghu.example/phone')
  const empty = await client.submit(page, '/join/phone', { phone: ' ' })
  assert.equal(empty.status, 422)
  assert.ok(empty.has('请填写手机号码'))
  assert.equal((await client.submit(page, '/join/phone', { phone: '12345' })).status, 422)
  await client.submit(page, '/join/phone', { phone: MINE })
  await hall.drain()
  const sent = await client.submit(await client.get('/join/verify'), '/join/verify/code')
  await hall.drain()
  await client.submit(sent, '/join/verify', { code: codeIn(hall) })
  const straight = await client.get('/join/phone')
  assert.ok(straight.has('手机号已经验证过') && !straight.has('换一个号码'), straight.text)
  assert.equal((await client.submit(straight, '/join/phone')).path, '/join/follow')
})

test('a phone that somebody else has proved is refused, and what WeCom does not take is told in words', async t => {
  const hall = await newcomer(t)
  const taken = '19900000777'
  const { setPhone } = await import('../../src/features/identity/verbs/phone.ts')
  const { createVault } = await import('../../src/features/identity/vault.ts')
  await hall.app.database.write(tx => setPhone(tx, createVault(hall.app.keyring), null, { person_id: hall.classmate.person_id, phone: taken, proven: true }))
  await hall.drain()
  const { client, page } = await register(hall)
  const refused = await client.submit(page, '/join/phone', { phone: taken })
  assert.equal(refused.status, 409)
  assert.ok(refused.has('这个手机号已由另一个人验证过'), refused.text)
  await hall.app.wecom.members.create({ userid: 'outsider', name: '外人', department: [1], mobile: MINE, to_invite: false })
  await client.submit(page, '/join/phone', { phone: MINE })
  await hall.drain()
  const told = await client.get('/join/follow')
  assert.ok(told.has('没有加入成功') && told.has('换一个手机号') && !told.has('60104'), told.text)
})

test('在校师生 on the device of somebody else ends their session first, and the phone is asked only right after signing in', async t => {
  const hall = await newcomer(t)
  const other = await hall.phone(hall.classmate.userid)
  assert.ok((await other.get('/join')).has(hall.classmate.name))
  const { client } = await register(hall, other)
  assert.ok((await client.get('/account')).has(hall.student.number))
  hall.clock.advance(30 * 60_000)
  assert.equal((await client.get('/join/phone')).path, '/join')
})

test('a stranger learns nothing before signing in', async t => {
  const hall = await newcomer(t)
  for (const path of ['/join/phone', '/join/follow', '/join/verify', '/join/code.png']) assert.equal((await hall.stranger().get(path)).heading, '登录', path)
})

test('解除绑定 by SMS or password ends every session at once; bound again under a new number, the history is one', async t => {
  const hall = await startTestApp(t)
  const { student, db } = { ...await cast(hall.app), db: hall.app.database.db }
  const { person_id, number } = student
  const next = `${number}9`
  const row = await db.selectFrom('identity_numbers').selectAll().where('number', '=', number).executeTakeFirstOrThrow()
  await db.insertInto('identity_numbers').values({ ...row, number: next, level: '硕士研究生', session_epoch: 0 }).execute()
  const [{ setPhone }, { createVault }] = [await import('../../src/features/identity/verbs/phone.ts'), await import('../../src/features/identity/vault.ts')]
  await hall.app.database.write(tx => setPhone(tx, createVault(hall.app.keyring), null, { person_id, phone: MINE, proven: true }))
  const [phone, desk] = [await hall.phone(student.userid), await hall.phone(student.userid)]
  await applyForCertificate(phone)
  await hall.drain()
  const page = await phone.get('/unbind')
  assert.equal(page.path, '/account/unbinding')
  for (const words of ['在所有设备上的登录立即结束', '申请和待办不会丢']) assert.ok(page.has(words), page.text)
  const sent = await phone.submit(page, '/account/unbinding/code')
  await hall.drain()
  assert.equal((await phone.submit(sent, '/account/unbinding', { password: '', code: codeIn(hall) === '000000' ? '111111' : '000000' })).status, 422)
  const gone = await phone.submit(await phone.get('/account/unbinding'), '/account/unbinding', { password: '', code: codeIn(hall) })
  assert.ok(gone.path === '/unbound' && gone.has('已解除绑定'), gone.text)
  assert.match((await desk.get('/')).location ?? '', /authorize/, 'the other device is signed out as well')
  // The same member of WeCom, the new number.
  await hall.app.database.write(tx => hall.app.identity.bind(tx, { person_id, number: next }, { number: next, userid: student.userid }))
  const graduate = await hall.phone(student.userid)
  assert.ok((await graduate.get('/account')).has(next))
  assert.ok((await graduate.get('/sent')).has('在读证明'), 'what was applied for under the old number is there')
  const identities = await graduate.get((await graduate.get('/account')).link('切换身份'))
  const switched = await graduate.submit(identities, '/account/identity')
  assert.ok(switched.has(`现在的身份是 ${number}`), switched.text)
  assert.equal(switched.headers.get('cache-control'), 'no-store')
  const foreign = await graduate.post('/account/identity', { _csrf: switched.value('_csrf'), number: (await cast(hall.app)).classmate.number })
  assert.equal(foreign.status, 403)
})

test('where the school says so, unbinding deletes the member from the address book', async t => {
  const hall = await startTestApp(t, { env: { UNBIND_DELETES_MEMBER: 'on' } })
  const { student } = await cast(hall.app)
  const { setPhone } = await import('../../src/features/identity/verbs/phone.ts')
  const { createVault } = await import('../../src/features/identity/vault.ts')
  const { wantMember } = await import('../../src/features/identity/verbs/members.ts')
  const vault = createVault(hall.app.keyring)
  await hall.app.database.write(async tx => {
    await setPhone(tx, vault, null, { person_id: student.person_id, phone: MINE, proven: true })
    await wantMember(tx, vault, { number: student.number })
  })
  await hall.drain()
  const phone = await hall.phone(student.userid)
  const page = await phone.get('/account/unbinding')
  assert.ok(page.has('从学校的通讯录里删除'), page.text)
  await phone.submit(page, '/account/unbinding/code')
  await hall.drain()
  await phone.submit(await phone.get('/account/unbinding'), '/account/unbinding', { password: '', code: codeIn(hall) })
  await hall.drain()
  await assert.rejects(hall.app.wecom.members.get(student.userid), { code: 'wecom:60111' })
})

test('the codes to register and to unbind are shown for printing, to who helps with accounts', async t => {
  const hall = await startTestApp(t)
  const { security, student } = await cast(hall.app)
  const page = await (await hall.phone(security.userid)).get('/admin/registration')
  assert.ok(page.has('用户注册') && page.has('解除绑定') && page.html.includes('<svg'), page.text)
  assert.equal((await (await hall.phone(student.userid)).get('/admin/registration')).status, 403)
})

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { currentBinding } from '../../src/features/identity/store/bindings.ts'
import { wantMember } from '../../src/features/identity/verbs/members.ts'
import { setPhone } from '../../src/features/identity/verbs/phone.ts'
import { createVault } from '../../src/features/identity/vault.ts'
import { sampleSignIns } from '../../src/main/sample.ts'
import { startTestApp } from '../support/app.ts'
import type { Client, Page } from '../support/client.ts'
import { cast } from '../support/people.ts'

const MINE = '19900000999'
const NOBODYS = '19911110999'
const MINUTE = 60_000

/** A student who has never come to WeCom, and the means to join it with whatever WeChat. */
async function open(t: TestContext, env: Record<string, string> = {}) {
  const hall = await startTestApp(t, { env })
  const { app, simulator, drain, clock } = hall
  const { student, classmate } = await cast(app)
  const vault = createVault(app.keyring)
  await app.wecom.members.delete(student.userid)
  await drain()
  return {
    ...hall, student, classmate, db: app.database.db,
    /** Somebody follows the school with a WeChat of another phone: a member whom nobody knows; their phone, inside WeCom. */
    async follow(userid: string): Promise<Client> {
      await simulator.admin.addMember({ userid, name: '微信昵称', department: [1], generated: true })
      await drain()
      return await hall.phone(userid)
    },
    /** What 用户注册 leaves behind: the campus account was proved, and this phone was named. */
    async named({ person_id, number }: { person_id: string; number: string }, phone: string): Promise<void> {
      await app.database.write(async tx => {
        await setPhone(tx, vault, null, { person_id, phone, proven: false })
        await wantMember(tx, vault, { number })
      })
      await drain()
    },
    /** Asks for a code; the page that waits for it. */
    async ask(client: Client, phone: string): Promise<Page> {
      clock.advance(MINUTE + 1000)
      assert.equal((await client.submit(await client.get('/join/member'), '/join/member', { phone })).path, '/join/member/code')
      await drain()
      return await client.get('/join/member/code')
    },
    codeIn: (): string => /\d{6}/.exec(simulator.state.sms.at(-1)?.text ?? '')?.[0] ?? '',
  }
}

test('关注身份验证: who follows with the WeChat of another phone proves the number named at 用户注册, and is in', async t => {
  const { app, db, stranger, student, drain, follow, ask, codeIn } = await open(t)
  const [{ password = '' } = {}] = await sampleSignIns(app)
  const desk = stranger()
  const first = await desk.submit(await desk.submit(await desk.get('/join'), '/join'), '/login', { account: student.number, password })
  const named = await desk.submit(first, '/account/password', { current: password, password: 'Minghu#2026', again: 'Minghu#2026' })
  await desk.submit(named, '/join/phone', { phone: MINE })
  await drain()
  const waiting = await desk.get('/join/follow')
  assert.ok(waiting.has('这个手机号不是当前微信绑定的') && waiting.has('长按识别二维码并关注'), waiting.text)

  const phone = await follow('woGenerated1')
  const unbound = await phone.get('/join/member')
  assert.deepEqual([unbound.path, unbound.heading], ['/join/member', '关注身份验证'])
  assert.ok(unbound.has('企业微信账号 woGenerated1 还没有绑定'), unbound.text)
  const page = await ask(phone, MINE)
  assert.deepEqual([page.path, page.has('验证码已发到 199****0999')], ['/join/member/code', true])
  const wrong = await phone.submit(page, '/join/member/code', { code: codeIn() === '000000' ? '111111' : '000000' })
  assert.deepEqual([wrong.status, wrong.has('验证码不对，还可以试 4 次')], [422, true])
  const done = await phone.submit(page, '/join/member/code', { code: codeIn() })
  assert.deepEqual([done.path, done.heading, done.link('进入办事大厅')], ['/join/member/outcome', '认证完成', '/'])
  await drain()
  assert.ok((await phone.get('/')).has(student.name))
  assert.equal(await app.identity.wecomUseridOf(db, student.person_id), 'woGenerated1', 'the member that was made for the number gave way')
  assert.ok((await phone.get('/account')).has('已验证'))
  assert.ok((await desk.get('/join/follow')).has('注册完成'), 'and the page that waited notices')
  assert.equal((await phone.get('/join/member')).heading, '已经完成认证')
})

test('each of the four ends has its one next step', async t => {
  const { app, db, student, classmate, follow, named, ask, codeIn, drain, phoneOf } = await withPhones(t)
  await t.test('the phone is on file, but only by the roster: the campus account says who', async () => {
    const phone = await follow('woRoster')
    const page = await phone.submit(await ask(phone, await phoneOf(classmate.person_id)), '/join/member/code', { code: codeIn() })
    assert.deepEqual([page.heading, page.link('登录并绑定')], ['还需要验证身份', '/login'])
    assert.ok((await phone.get('/login')).has('同时绑定企业微信账号 woRoster'))
    assert.equal(await currentBinding(db, { userid: 'woRoster' }), null)
  })
  await t.test('nobody has it: where it is looked after', async () => {
    const phone = await follow('woNobody')
    const page = await phone.submit(await ask(phone, NOBODYS), '/join/member/code', { code: codeIn() })
    assert.deepEqual([page.heading, page.link('维护手机号')], ['手机号不在学校的名单里', 'https://account.minghu.example/phone'])
  })
  await t.test('proved before: straight in', async () => {
    await named(student, MINE)
    const phone = await follow('woMine')
    assert.equal((await phone.submit(await ask(phone, MINE), '/join/member/code', { code: codeIn() })).heading, '认证完成')
  })
  await t.test('bound meanwhile by following: done', async () => {
    const phone = await follow('woMeanwhile')
    const page = await ask(phone, NOBODYS)
    await app.database.write(async tx => {
      const held = await currentBinding(tx, { number: classmate.number })
      if (held) await app.identity.unbind(tx, { person_id: classmate.person_id, number: null }, classmate.number)
      await app.identity.bind(tx, null, { number: classmate.number, userid: 'woMeanwhile' })
    })
    const done = await phone.submit(page, '/join/member/code', { code: codeIn() })
    assert.deepEqual([done.heading, done.link('进入办事大厅')], ['已经完成认证', '/'])
    assert.ok((await phone.get('/')).has(classmate.name))
  })
  await t.test('who has left is told so, and nothing is bound', async () => {
    await app.database.write(async tx => {
      await app.identity.unbind(tx, { person_id: student.person_id, number: null }, student.number)
      await tx.updateTable('identity_numbers').set({ standing: 'withdrawn' }).where('number', '=', student.number).execute()
    })
    await drain()
    const phone = await follow('woLate')
    const page = await phone.submit(await ask(phone, MINE), '/join/member/code', { code: codeIn() })
    assert.deepEqual([page.status, page.heading], [403, '不能登录'])
    assert.equal(await currentBinding(db, { userid: 'woLate' }), null)
  })
})

/** Also the phones of the roster, opened. */
async function withPhones(t: TestContext) {
  const hall = await open(t, { PHONE_MAINTENANCE_URL: 'https://account.minghu.example/phone' })
  const vault = createVault(hall.app.keyring)
  return {
    ...hall,
    async phoneOf(person_id: string): Promise<string> {
      const { phone_sealed } = await hall.db.selectFrom('identity_people').select('phone_sealed').where('id', '=', person_id).executeTakeFirstOrThrow()
      return vault.open('phone', phone_sealed ?? '')
    },
  }
}

test('before the code comes back, nothing tells whose phone it is', async t => {
  const { simulator, student, follow, named, ask } = await withPhones(t)
  await named(student, MINE)
  const sent = simulator.state.sms.length
  const client = await follow('woCurious')
  const pages: string[] = []
  for (const phone of [MINE, NOBODYS]) {
    const page = await ask(client, phone)
    const wrong = await client.submit(page, '/join/member/code', { code: 'wrong' })
    pages.push([page, wrong].map(each => `${each.status} ${each.path} ${each.html.replace(/name="_csrf" value="[^"]*"/g, '').replace(/nonce="[^"]*"/g, '').replaceAll(`${phone.slice(0, 3)}****${phone.slice(-4)}`, 'PHONE')}`).join('\n'))
  }
  assert.equal(pages[0], pages[1])
  assert.equal(simulator.state.sms.length, sent + 2, 'a code goes to either')
})

test('what cannot be', async t => {
  const { app, db, stranger, student, classmate, follow, named, ask, codeIn, clock, phoneOf, phone: phoneWith } = await withPhones(t)
  await named(student, MINE)

  await t.test('a page without a member of WeCom, a code of another browser or an old member', async () => {
    assert.equal((await stranger().get('/join/member')).heading, '登录')
    assert.equal((await stranger().get('/join/member/outcome')).heading, '登录')
    const [mine, other] = [await follow('woFirst'), await follow('woSecond')]
    await ask(mine, MINE)
    const code = codeIn()
    const page = await ask(other, NOBODYS)
    assert.equal((await other.submit(page, '/join/member/code', { code })).status, 422)
    clock.advance(11 * MINUTE)
    assert.match((await other.get('/join/member/code')).location ?? '', /authorize/, 'WeCom is asked again who it is')
    for (const [typed, sentence] of [['', '请填写手机号码'], ['12345', '手机号要 11 位']] as const) {
      const client = await follow(`woTyped${typed}`)
      const refused = await client.submit(await client.get('/join/member'), '/join/member', { phone: typed })
      assert.deepEqual([refused.status, refused.has(sentence), refused.value('phone')], [422, true, typed])
    }
  })

  await t.test('two members prove one phone at once: one is bound, the other told', async () => {
    const members = [await follow('woTwinA'), await follow('woTwinB')] as const
    const codes: string[] = []
    const pages: Page[] = []
    for (const client of members) {
      pages.push(await ask(client, MINE))
      codes.push(codeIn())
    }
    const ends = await Promise.all(members.map((client, at) => client.submit(pages[at] ?? assert.fail(), '/join/member/code', { code: codes[at] ?? '' })))
    assert.deepEqual(ends.map(page => `${page.status} ${page.heading}`).toSorted(), ['200 认证完成', '409 没有绑定'])
    assert.ok(ends.some(page => page.has('已经绑定了另一个企业微信账号') || page.has('刚刚有人绑定了')))
    assert.equal((await db.selectFrom('identity_bindings').select('id').where('current_number', '=', student.number).execute()).length, 1)
  })

  await t.test('a code counts once, and a member who is bound does not begin again', async () => {
    const userid = (await currentBinding(db, { number: student.number }))?.userid ?? ''
    const again = await phoneWith(userid)
    assert.equal((await again.get('/join/member')).heading, '已经完成认证')
    assert.equal((await again.post('/join/member/code', { code: codeIn() })).status, 403, 'without a form of its own')
  })

  await t.test('a phone that two people named is nobody\'s before one proves it', async () => {
    const theirs = '19922220999'
    await app.database.write(tx => app.identity.unbind(tx, { person_id: student.person_id, number: null }, student.number))
    const vault = createVault(app.keyring)
    await app.database.write(async tx => {
      await tx.updateTable('identity_people').set({ phone_sealed: null, phone_index: null, phone_proven_at: null, proven_phone_index: null }).where('id', 'in', [student.person_id, classmate.person_id]).execute()
      for (const { person_id } of [student, classmate]) await setPhone(tx, vault, null, { person_id, phone: theirs, proven: false })
    })
    const client = await follow('woShared')
    const page = await client.submit(await ask(client, theirs), '/join/member/code', { code: codeIn() })
    assert.equal(page.heading, '还需要验证身份')
  })

  await t.test('a phone of the roster that changed hands opens nobody\'s account', async () => {
    const before = await phoneOf(student.person_id)
    const client = await follow('woNewOwner')
    await client.submit(await ask(client, before), '/join/member/code', { code: codeIn() })
    assert.match((await client.get('/')).location ?? '', /authorize/, 'not signed in')
  })
})

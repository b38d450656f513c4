import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openHall, signIn, whoIs } from './world.ts'

test('the console', async t => {
  const { browser, identity, db, newcomer, phone, codeFor } = await openHall(t)
  const admin = browser()
  await signIn(admin, '10001', '010024')
  const security = browser()
  await signIn(security, '10003', '030019')

  await t.test('is closed to a student', async () => {
    const { number, first } = newcomer()
    const client = browser()
    await signIn(client, number, first)
    for (const path of ['/admin/people', '/admin/import', `/admin/people/${(await identity.personByNumber(db, number))?.id}`]) assert.equal((await client.get(path)).status, 403)
  })

  await t.test('finds people by name, pinyin, initials and number, by unit with those below it, a page at a time', async () => {
    for (const q of ['陈思', 'chensiyuan', 'csy', '20230101']) assert.ok((await admin.get(`/admin/people?q=${encodeURIComponent(q)}`)).has('陈思远'), q)
    const faculty = (await identity.listUnits(db)).find(unit => unit.code === '0100')
    const below = await admin.get(`/admin/people?unit=${faculty?.id}&kind=staff`)
    // The head of the page says who is looking.
    const listed = below.root.querySelector('main')?.text ?? ''
    assert.ok(listed.includes('10002') && !listed.includes('10001') && !listed.includes('20230101'))
    assert.ok((await admin.get('/admin/people?q=nobodyatall')).has('没有符合条件的人'))
    const seen: string[] = []
    let after: string | null | undefined
    do {
      const { people, next } = await identity.searchPeople(db, { limit: 7, ...(after && { after }) })
      seen.push(...people.map(person => person.number))
      after = next
    } while (after)
    assert.deepEqual([seen.length, new Set(seen).size], [36, 36])
  })

  await t.test('shows a person without what nobody need see', async () => {
    const { id = '' } = await identity.personByNumber(db, '20230101') ?? {}
    const page = await admin.get(`/admin/people/${id}`)
    assert.equal(page.heading, '陈思远')
    assert.ok(page.has('199****0003') && page.has('李敏') && page.has('文学院'))
    assert.ok(page.has('c***@minghu.example') && !page.html.includes('chen@minghu.example'))
    assert.ok(!page.html.includes('19900000003') && !page.html.includes('110199200508090019'))
  })

  await t.test('unbinds a person and puts the first password back, which ends the sessions', async () => {
    const { number, first } = newcomer()
    const client = browser()
    await signIn(client, number, first)
    const { id = '' } = await identity.personByNumber(db, number) ?? {}
    const question = await security.get((await security.get(`/admin/people/${id}`)).link('恢复初始密码'))
    assert.ok(question.has(`学工号 ${number} 的密码会变回初始密码`))
    const refused = await security.submit(question, `/admin/people/${id}/password-reset`, { reason: ' ' })
    assert.deepEqual([refused.status, refused.has('请写明原因')], [422, true])
    const reset = await security.submit(question, `/admin/people/${id}/password-reset`, { reason: '本人持学生证到柜台' })
    assert.ok(reset.has('恢复了初始密码') && reset.has('本人持学生证到柜台'), 'the reason stays in the trail')
    assert.equal((await client.get('/account')).heading, '登录')
    assert.equal((await client.submit(await client.get('/login'), '/login', { account: number, password: first })).heading, '修改密码')
    const done = await security.submit(await security.get((await security.get(`/admin/people/${id}`)).link('解除绑定')), `/admin/people/${id}/unbinding`)
    assert.ok(done.has('已解除绑定') && done.has('没有绑定'))
    const pocket = phone()
    assert.equal(whoIs(await pocket.get(`/auth/wecom/callback?code=${codeFor(number)}&state=x`)), null)
  })
})

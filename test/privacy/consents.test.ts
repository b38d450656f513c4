import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { issued } from '../documents/office.ts'
import { settle } from '../identity/accounts.ts'
import { openContacts } from '../identity/contacts-hall.ts'
import { startTestApp } from '../support/app.ts'
import type { Page } from '../support/client.ts'
import { cast } from '../support/people.ts'

const MINE = '19900000999'

/** The hash of the text that the box on the page agrees to; '' where nothing is asked. */
const asked = (page: Page): string => page.root.querySelector('input[name=consent]')?.getAttribute('value') ?? ''

/** A student who is no member of WeCom yet and has not been asked, at the page where the phone is given. */
async function atTheDoor(t: TestContext, env: Record<string, string> = {}) {
  const hall = await openContacts(t, env)
  const { student, db, app: { database, identity, wecom } } = hall
  await database.write(tx => identity.unbind(tx, student, student.number))
  await wecom.members.delete(student.userid)
  await hall.drain()
  await db.deleteFrom('privacy_consents').where('person_id', '=', student.person_id).where('name', '=', 'wecom-phone').execute()
  const client = hall.stranger()
  await settle(hall, client, student.number)
  const consents = async () => (await db.selectFrom('privacy_consents').selectAll().where('person_id', '=', student.person_id).where('name', '!=', 'privacy').orderBy('id').execute()).map(row => ({ ...row }))
  return { ...hall, client, consents, member: () => hall.simulator.state.member(student.number) }
}

test('who joins WeCom is asked about the phone where it is given, by a box of its own that nobody ticked; without it nothing goes out', async t => {
  const { client, student, member, consents, drain } = await atTheDoor(t)
  const page = await client.get('/join/phone')
  for (const words of ['我同意学校把我的手机号提供给企业微信', '深圳市腾讯计算机系统有限公司', '不同意不影响办事']) assert.ok(page.has(words), `${words}: ${page.text}`)
  assert.equal(page.root.querySelector('input[name=consent]')?.hasAttribute('checked'), false)
  const refused = await client.submit(page, '/join/phone', { phone: MINE })
  assert.deepEqual([refused.status, refused.value('phone'), refused.has('不同意也可以在电脑上用校园账号办事')], [422, MINE, true])
  await drain()
  assert.deepEqual([member(), await consents()], [undefined, []])
  assert.equal((await client.get('/')).path, '/', 'the hall is open without it')
  const stale = await client.submit(page, '/join/phone', { phone: MINE, consent: 'a'.repeat(64) })
  assert.deepEqual([stale.status, stale.has('说明刚刚更新了')], [409, true])

  const joined = await client.submit(page, '/join/phone', { phone: MINE, consent: asked(page) })
  assert.equal(joined.path, '/join/follow')
  await drain()
  assert.equal(member()?.mobile, MINE)
  const [proof] = await consents()
  assert.deepEqual([proof?.name, proof?.hash, proof?.number, proof?.lasting !== null], ['wecom-phone', asked(page), student.number, true])
  assert.equal(asked(await client.get('/join/phone')), '', 'asked once')
})

test('the consent stands in 我的信息 with its text, is withdrawn there with what follows, and from then on WeCom is told no new phone', async t => {
  const { client, member, consents, drain, student, phoneOf, want } = await atTheDoor(t)
  const page = await client.get('/join/phone')
  await client.submit(page, '/join/phone', { phone: MINE, consent: asked(page) })
  await drain()
  const data = await client.get('/account/data')
  assert.ok((await client.get(data.link('向企业微信提供手机号'))).has('深圳市腾讯计算机系统有限公司'))
  const question = await client.get('/account/data/consents/wecom-phone/withdrawal')
  assert.ok(question.has('学校不再把你的手机号写入或更新到企业微信') && question.has('请学校删除你的成员账号'), question.text)
  const after = await client.submit(question, question.path)
  assert.deepEqual([after.path, after.has('已撤回')], ['/account/data', true])
  assert.equal((await consents())[0]?.lasting, null, 'the proof stays')
  await phoneOf(student.person_id, '19900000888')
  await want(student.number)
  assert.equal(member()?.mobile, MINE)
  const phone = await client.get('/account/phone')
  assert.equal(asked(phone), '', 'who is not bound is not asked there')
})

test('a member without the consent is made by the mailbox alone', async t => {
  const { want, student, member, phoneOf } = await atTheDoor(t)
  await phoneOf(student.person_id, MINE)
  assert.equal((await want(student.number)).status, 'pushed')
  assert.deepEqual([member()?.mobile || null, typeof member()?.email], [null, 'string'])
})

test('where the school has a ground of its own, nobody is asked and WeCom is told the phone', async t => {
  const { want, student, member, phoneOf, client } = await atTheDoor(t, { WECOM_CONTACTS_PHONES: 'all' })
  assert.equal(asked(await client.get('/join/phone')), '')
  await phoneOf(student.person_id, MINE)
  assert.equal((await want(student.number)).status, 'pushed')
  assert.equal(member()?.mobile, MINE)
})

test('setting the phone asks whoever is in WeCom, and goes on without the box', async t => {
  const hall = await startTestApp(t)
  const { student } = await cast(hall.app)
  await hall.app.database.db.deleteFrom('privacy_consents').where('name', '=', 'wecom-phone').execute()
  const desk = hall.stranger()
  await settle(hall, desk, student.number)
  const page = await desk.get('/account/phone')
  assert.ok(asked(page) !== '' && page.has('手机照样设置'), page.text)
  const without = await desk.submit(page, '/account/phone', { phone: MINE, password: 'Minghu#2026' })
  assert.equal(without.path, '/account/phone/code')
  hall.clock.advance(61_000)
  await desk.submit(page, '/account/phone', { phone: MINE, password: 'Minghu#2026', consent: asked(page) })
  assert.equal(await hall.app.privacy.agreed(hall.app.database.db, student.person_id, 'wecom-phone'), true)
})

test('a document goes to somebody else after a consent of its own, each time anew, which its owner alone can give', async t => {
  const hall = await startTestApp(t)
  const { document, phone, page, student } = await issued(hall)
  const { admin } = await cast(hall.app)
  const { db } = hall.app.database
  const path = `/documents/${document.id}/mailing`
  const consents = async () => (await db.selectFrom('privacy_consents').select(['about', 'lasting', 'hash']).where('name', '=', 'third-party').where('person_id', '=', student.person_id).execute()).map(row => ({ ...row }))
  const mails = () => hall.simulator.state.mails.filter(mail => JSON.stringify(mail).includes('visa.office@example.org')).length
  const visa = { mailbox: 'visa.office@example.org' }
  const undecided = await phone.submit(page, path, visa)
  assert.deepEqual([undecided.status, undecided.has('请选择这是谁的邮箱'), undecided.value('mailbox')], [422, true, visa.mailbox])
  const unasked = await phone.submit(page, path, { ...visa, whose: 'other' })
  assert.deepEqual([unasked.status, unasked.has('寄给别人，需要你同意提供这份文件'), unasked.has('寄出后') || unasked.has('寄出以后不能收回')], [422, true, true])
  await hall.drain()
  assert.deepEqual([mails(), await consents()], [0, []])

  for (const times of [1, 2]) {
    assert.ok((await phone.submit(page, path, { ...visa, whose: 'other', consent: asked(page) })).has('已寄往新的邮箱'))
    await hall.drain()
    assert.equal(mails(), times)
  }
  assert.deepEqual(await consents(), [1, 2].map(() => ({ about: document.number, lasting: null, hash: asked(page) })), 'each sending has its proof')
  assert.ok((await phone.get('/account/data')).has('把文件寄给别人'))
  const desk = await hall.phone(admin.userid)
  const seen = await desk.get(`/documents/${document.id}`)
  assert.ok(!seen.has('别人的邮箱') && asked(seen) === '', seen.text)
  assert.equal((await desk.submit(seen, path, { ...visa, whose: 'other', consent: asked(page) })).status, 403)
})

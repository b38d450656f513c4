import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { memberOf } from '../../src/features/identity/verbs/members.ts'
import { differenceOf, openContacts } from './contacts-hall.ts'

/** The sample university, of whose people one student has no member in WeCom yet. */
async function open(t: TestContext, env: Record<string, string> = {}) {
  const hall = await openContacts(t, env)
  const phone = '13900000001'
  await hall.simulator.admin.removeMember(hall.student.userid)
  await hall.drain()
  await hall.phoneOf(hall.student.person_id, phone)
  return { ...hall, phone }
}

test('who joins gets a member under the student number, not active until it is followed', async t => {
  const { want, student, simulator, phone } = await open(t)
  const member = await want(student.number)
  assert.deepEqual([member.status, member.wecom_status, member.followed_at], ['pushed', 4, null])
  const kept = simulator.state.member(student.number)
  assert.deepEqual([kept?.name, kept?.mobile, kept?.status], [student.name, phone, 4])
})

test('a phone that another member has is told to the person in words, and another one mends it', async t => {
  const { want, student, simulator, phone, desk } = await open(t)
  await simulator.admin.addMember({ userid: 'guest', name: '访客', department: [1], mobile: phone })
  const refused = await want(student.number)
  assert.deepEqual([refused.status, refused.problem], ['refused', 'wecom:60104'])
  assert.match(refused.sentence, /手机号已经是企业微信通讯录里另一个成员的/)
  assert.equal(simulator.state.member(student.number), undefined)
  assert.ok((await differenceOf(desk, student.number, '没有写入')).has('手机号已经是通讯录里另一个成员的'), 'the operator reads it too')
  const mended = await want(student.number, '13900000002')
  assert.equal(mended.status, 'pushed')
  assert.equal(simulator.state.member(student.number)?.mobile, '13900000002')
})

test('without the secret of contact sync nothing is written, and the person is told whom to ask', async t => {
  const { want, student, simulator } = await open(t, { WECOM_CONTACTS_SECRET: '' })
  const refused = await want(student.number)
  assert.deepEqual([refused.status, refused.problem], ['refused', 'wecom:no-contacts-secret'])
  assert.match(refused.sentence, /请联系学校信息中心/)
  assert.equal(simulator.state.member(student.number), undefined)
})

test('a member of the same userid under another name is left alone', async t => {
  const { want, student, simulator } = await open(t)
  await simulator.admin.addMember({ userid: student.number, name: '别人', department: [1], mobile: '13700000009' })
  const refused = await want(student.number)
  assert.deepEqual([refused.status, refused.problem], ['refused', 'contacts:other-person'])
  assert.equal(simulator.state.member(student.number)?.name, '别人')
})

test('an answer that was lost is asked for again, and the member is there once', async t => {
  const { want, student, simulator, clock, drain } = await open(t)
  simulator.trouble.onlyApi = 'user/create'
  simulator.trouble.dropAnswer = 1
  const waiting = await want(student.number)
  assert.equal(waiting.status, 'waiting')
  clock.advance(5000)
  await drain()
  assert.equal(simulator.state.calls.filter(call => call.path === 'user/create').length, 2)
  assert.equal(simulator.state.member(student.number)?.name, student.name)
})

test('a limit of the platform is waited for', async t => {
  const { app, want, student, simulator, clock, drain } = await open(t)
  simulator.trouble.onlyApi = 'user/create'
  simulator.trouble.rateLimit = 1
  const waiting = await want(student.number)
  assert.deepEqual([waiting.status, waiting.problem], ['waiting', 'wecom:45009'])
  clock.advance(30_000)
  await drain()
  assert.equal(simulator.state.member(student.number), undefined, 'a minute is not over')
  clock.advance(31_000)
  await drain()
  assert.equal((await memberOf(app.database.db, student.number)).status, 'pushed')
})

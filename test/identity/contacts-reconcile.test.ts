import assert from 'node:assert/strict'
import { test } from 'node:test'
import { desksOf } from '../support/desks.ts'
import { differenceOf, linesOf, openContacts } from './contacts-hall.ts'

test('an address book that agrees with the roster shows no difference', async t => {
  const { reconcile } = await openContacts(t)
  const page = await reconcile()
  assert.ok(page.has('没有差异'), page.text.slice(0, 600))
  const [active] = page.root.querySelectorAll('.figure-value').map(each => Number(each.structuredText))
  assert.ok(active !== undefined && active > 50, `${active} active members`)
})

test('what WeCom says otherwise is listed, and writing ours ends it', async t => {
  const { reconcile, decide, simulator, student, tutor } = await openContacts(t)
  const { department = [] } = simulator.state.member(student.userid) ?? {}
  await simulator.admin.updateMember(student.userid, { department: [1] })
  await simulator.admin.updateMember(tutor.userid, { position: '教授' })
  const page = await reconcile()
  assert.deepEqual(linesOf(page).toSorted(), [`${student.name}: 部门`, `${tutor.name}: 岗位`].toSorted())
  await decide(student.number, '部门', 'ours')
  assert.deepEqual(simulator.state.member(student.userid)?.department, department)
  assert.deepEqual(linesOf(await reconcile()), [`${tutor.name}: 岗位`])
})

test('theirs is taken into the roster where that makes sense, and nothing is written back', async t => {
  const { reconcile, decide, writeChanges, simulator, tutor, student, desk, db } = await openContacts(t)
  await simulator.admin.updateMember(tutor.userid, { position: '教授', name: '别的名字' })
  await reconcile()
  const name = await differenceOf(desk, tutor.number, '姓名')
  assert.ok(!name.has('以企业微信为准'), 'a name is the registrar\'s')
  await decide(tutor.number, '岗位', 'theirs')
  assert.equal((await db.selectFrom('identity_numbers').select('title').where('number', '=', tutor.number).executeTakeFirstOrThrow()).title, '教授')
  await writeChanges()
  assert.equal(simulator.state.member(tutor.userid)?.position, '教授')
  assert.equal(simulator.state.member(tutor.userid)?.name, '别的名字', 'what nobody decided stays')
  assert.ok(student)
})

test('an ignored field stays out of the list and is not written, until it is reopened', async t => {
  const { reconcile, decide, writeChanges, simulator, tutor, desk, db } = await openContacts(t)
  await simulator.admin.updateMember(tutor.userid, { position: '教授' })
  await reconcile()
  await decide(tutor.number, '岗位', 'ignore')
  assert.ok((await reconcile()).has('没有差异'))
  await db.updateTable('identity_numbers').set({ title: '副处长' }).where('number', '=', tutor.number).execute()
  await writeChanges()
  assert.equal(simulator.state.member(tutor.userid)?.position, '教授', 'not even what the roster changed')
  await decide(tutor.number, '岗位', 'reopen', 'ignore')
  assert.deepEqual(linesOf(await desk.get('/admin/contacts')), [`${tutor.name}: 岗位`])
})

test('members who are nobody here and people who are not there are both told, and each can be mended', async t => {
  const { reconcile, decide, simulator, student, phoneOf } = await openContacts(t)
  await simulator.admin.addMember({ userid: 'guest1', name: '外来访客', department: [2], mobile: '13700000001' })
  await simulator.admin.removeMember(student.userid)
  const page = await reconcile()
  assert.deepEqual(linesOf(page).toSorted(), ['外来访客: 不在本校名单', `${student.name}: 不在企业微信`].toSorted())
  await decide('guest1', '不在本校名单', 'ours')
  assert.equal(simulator.state.member('guest1')?.status, 2, 'disabled, not deleted')
  await phoneOf(student.person_id, '13900000001')
  await decide(student.number, '不在企业微信', 'ours')
  assert.equal(simulator.state.member(student.userid)?.status, 4)
})

test('a member outside the range of the app is known by contact sync, and not taken for missing', async t => {
  const { reconcile, simulator, student } = await openContacts(t)
  await simulator.admin.setVisible(student.userid, false)
  assert.deepEqual(linesOf(await reconcile()), [`${student.name}: 不在应用可见范围`])
})

test('without the secret of contact sync the page reads and compares, and writes nothing', async t => {
  const { reconcile, simulator, tutor, desk } = await openContacts(t, { WECOM_CONTACTS_SECRET: '' })
  await simulator.admin.updateMember(tutor.userid, { position: '教授' })
  const page = await reconcile()
  assert.ok(page.has('WECOM_CONTACTS_SECRET'))
  assert.deepEqual(linesOf(page), [`${tutor.name}: 岗位`])
  assert.ok(!(await differenceOf(desk, tutor.number, '岗位')).has('以本校为准'))
  assert.deepEqual(simulator.state.calls.filter(call => call.who === 'contacts'), [])
})

test('many are decided at once, and the page says how many', async t => {
  const { reconcile, simulator, tutor, student, desk, drain } = await openContacts(t)
  await simulator.admin.updateMember(tutor.userid, { position: '教授' })
  await simulator.admin.updateMember(student.userid, { department: [1] })
  const page = await reconcile()
  const ids = page.root.querySelectorAll('input[name=ids]').map(box => box.getAttribute('value') ?? '')
  const after = await desk.submit(page, '/admin/contacts/decisions', { ids, decision: 'theirs' })
  assert.ok(after.has('已处理 1 项，1 项不能这样处理'), after.text.slice(0, 300))
  const question = await desk.get('/admin/contacts/decisions/all?field=department&decision=ours')
  assert.ok(question.has('1 处差异会一起处理'))
  await desk.submit(question, '/admin/contacts/decisions/all')
  await drain()
  assert.notDeepEqual(simulator.state.member(student.userid)?.department, [1])
  assert.ok((await desk.get('/admin/contacts')).has('没有差异'))
})

test('where the limit of calls is met the reading waits in its place, says so, and goes on', async t => {
  const { simulator, tutor, desk, clock, drain } = await openContacts(t)
  await simulator.admin.updateMember(tutor.userid, { position: '教授' })
  simulator.limits.callsPerMinute = 3
  await desk.submit(await desk.get('/admin/contacts'), '/admin/contacts/reading')
  await drain()
  const waiting = await desk.get('/admin/contacts')
  assert.ok(waiting.has('接口调用次数超过限制') && waiting.has('继续的时间'), waiting.text.slice(0, 500))
  const again = await desk.submit(waiting, '/admin/contacts/reading')
  assert.ok(again.has('正在核对通讯录，请等它做完'))
  simulator.limits.callsPerMinute = 10_000
  clock.advance(61_000)
  await drain()
  assert.deepEqual(linesOf(await desk.get('/admin/contacts')), [`${tutor.name}: 岗位`])
  assert.equal(simulator.state.calls.filter(call => call.path === 'department/list' && call.errcode === 0).length, 1, 'it did not begin anew')
})

test('an address book that does not answer ends the reading after its tries, and the page says why', async t => {
  const hall = await openContacts(t)
  const { simulator, desk, clock, drain } = hall
  simulator.trouble.untrustedIp = true
  await desk.submit(await desk.get('/admin/contacts'), '/admin/contacts/reading')
  for (let hour = 0; hour < 10; hour += 1) {
    await drain()
    clock.advance(3600_000)
  }
  simulator.trouble.untrustedIp = false
  const later = await desksOf(hall)('contacts.sync')
  const page = await later.get('/admin/contacts')
  assert.ok(page.has('上次核对没有做完') && page.has('60020'), `${page.path} ${page.text.slice(0, 900)}`)
  await later.submit(page, '/admin/contacts/reading')
  await drain()
  assert.ok((await later.get('/admin/contacts')).has('没有差异'))
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rosterImported } from '../../src/features/identity/index.ts'
import { emit } from '../../src/platform/events.ts'
import { newId } from '../../src/platform/ids.ts'
import { differenceOf, linesOf, openContacts } from './contacts-hall.ts'

type Hall = Awaited<ReturnType<typeof openContacts>>

/** A unit of the roster that came after the first reading. */
async function addUnit({ db, clock }: Hall, code: string, name: string, parent_id: string | null = null): Promise<string> {
  const id = newId()
  await db.insertInto('identity_units').values({ id, code, name, name_en: null, kind: 'office', parent_id, head_number: null, created_at: clock.now(), updated_at: clock.now() }).execute()
  return id
}

function departments({ simulator }: Hall): Promise<{ id: number; name: string; parentid: number }[]> {
  return Promise.resolve(simulator.state.departments().map(({ id, name, parentid }) => ({ id, name, parentid })))
}

test('what the roster changed is written: a name, a move, a new head', async t => {
  const hall = await openContacts(t)
  const { reconcile, writeChanges, simulator, student, tutor, db } = hall
  await reconcile()
  const other = await db.selectFrom('identity_departments').selectAll().where('unit_id', 'is not', null).orderBy('department_id', 'desc').limit(1).executeTakeFirstOrThrow()
  await db.updateTable('identity_people').set({ name: '改过的名字' }).where('id', '=', student.person_id).execute()
  await db.updateTable('identity_numbers').set({ unit_id: other.unit_id ?? '' }).where('number', '=', student.number).execute()
  await db.updateTable('identity_numbers').set({ title: '副处长' }).where('number', '=', tutor.number).execute()
  await writeChanges()
  assert.deepEqual([simulator.state.member(student.userid)?.name, simulator.state.member(student.userid)?.department], ['改过的名字', [other.department_id]])
  assert.equal(simulator.state.member(tutor.userid)?.position, '副处长')
  assert.ok((await reconcile()).has('没有差异'))
  const writes = () => simulator.state.calls.filter(call => call.path === 'user/update').length
  const before = writes()
  await writeChanges()
  assert.equal(writes(), before, 'what is written is not written again')
})

test('an imported roster is written by itself, once the address book was read', async t => {
  const { reconcile, drain, app, simulator, student, db } = await openContacts(t)
  const imported = async (name: string) => {
    await db.updateTable('identity_people').set({ name }).where('id', '=', student.person_id).execute()
    await app.database.write(tx => emit(tx, rosterImported, { import_id: 'x' }, { subject: 'x', actor: null }))
    await drain()
  }
  await imported('先前的名字')
  assert.equal(simulator.state.member(student.userid)?.name, student.name, 'nobody has looked yet what is there')
  await db.updateTable('identity_people').set({ name: student.name }).where('id', '=', student.person_id).execute()
  await reconcile()
  await imported('导入的名字')
  assert.equal(simulator.state.member(student.userid)?.name, '导入的名字')
})

test('new units become departments, parents first, with names that WeCom takes', async t => {
  const hall = await openContacts(t)
  const { reconcile, writeChanges, clock } = hall
  await reconcile()
  clock.advance(1000)
  const parent = await addUnit(hall, '0900', '图书与档案:中心')
  await addUnit(hall, '0901', '流通部', parent)
  await addUnit(hall, '0902', '流通部', parent)
  await writeChanges()
  const all = await departments(hall)
  const made = all.find(each => each.name === '图书与档案：中心')
  assert.ok(made, 'a forbidden letter has its full-width twin')
  assert.deepEqual(all.filter(each => each.parentid === made.id).map(each => each.name).toSorted(), ['流通部', '流通部（0902）'].toSorted())
  assert.ok((await reconcile()).has('没有差异'))
})

test('a renamed and a moved unit follow, and one that was there before the first reading is asked for', async t => {
  const hall = await openContacts(t)
  const { simulator, reconcile, writeChanges, decide, db } = hall
  const [first, second] = (await departments(hall)).filter(each => each.parentid === 1)
  assert.ok(first && second)
  await simulator.admin.updateDepartment(second.id, { name: '另一个叫法' })
  assert.deepEqual(linesOf(await reconcile()).filter(line => /部门/.test(line)).map(line => line.split(': ')[1]).toSorted(), ['部门不在企业微信', '部门不在本校名单', ...linesOf(await reconcile()).filter(line => line.endsWith(': 部门')).map(() => '部门')].toSorted())
  await writeChanges()
  assert.ok(!(await departments(hall)).some(each => each.name === second.name), 'nothing is made twice by itself')
  await simulator.admin.updateDepartment(second.id, { name: second.name })
  await reconcile()
  await db.updateTable('identity_units').set({ name: '新名称' }).where('name', '=', first.name).execute()
  await writeChanges()
  assert.equal((await departments(hall)).find(each => each.id === first.id)?.name, '新名称')
  await simulator.admin.updateDepartment(first.id, { name: '又改了' })
  await reconcile()
  await decide('新名称', '部门名称', 'theirs')
  assert.ok(await db.selectFrom('identity_units').select('id').where('name', '=', '又改了').executeTakeFirst())
})

test('a department that is not empty is not deleted, and the operator reads why', async t => {
  const hall = await openContacts(t)
  const { simulator, reconcile, decide, desk } = hall
  await simulator.admin.addDepartment({ id: 900, name: '旧部门', parentid: 1 })
  await simulator.admin.addMember({ userid: 'guest2', name: '客座', department: [900], mobile: '13700000002' })
  await reconcile()
  await decide('旧部门', '部门不在本校名单', 'ours')
  assert.ok((await differenceOf(desk, '旧部门', '没有写入')).has('部门里还有成员，不能删除'))
  await simulator.admin.removeMember('guest2')
  await decide('旧部门', '部门不在本校名单', 'ours')
  assert.ok(!(await departments(hall)).some(each => each.id === 900))
})

test('who has left the university is disabled in WeCom, and deleted only where the school set it so', async t => {
  for (const [leavers, status] of [['disable', 2], ['delete', undefined], ['keep', 1]] as const) {
    const { reconcile, writeChanges, simulator, student, db } = await openContacts(t, { WECOM_CONTACTS_LEAVERS: leavers })
    await reconcile()
    await db.updateTable('identity_numbers').set({ standing: 'withdrawn' }).where('number', '=', student.number).execute()
    await writeChanges()
    assert.equal(simulator.state.member(student.userid)?.status, status, leavers)
  }
})

test('the phone of an active member stays, which the operator is told', async t => {
  const { reconcile, writeChanges, simulator, student, phoneOf, desk } = await openContacts(t)
  await reconcile()
  const before = simulator.state.member(student.userid)?.mobile
  await phoneOf(student.person_id, '13911112222')
  await writeChanges()
  assert.equal(simulator.state.member(student.userid)?.mobile, before)
  assert.ok((await differenceOf(desk, student.number, '没有写入')).has('手机号只能由本人在企业微信中修改'))
})

test('other departments of a member are left to it', async t => {
  const { reconcile, writeChanges, simulator, student, db } = await openContacts(t)
  await simulator.admin.addDepartment({ id: 901, name: '校庆筹备组', parentid: 1 })
  const own = simulator.state.member(student.userid)?.department[0] ?? 0
  await simulator.admin.updateMember(student.userid, { department: [own, 901], is_leader_in_dept: [0, 1] })
  await reconcile()
  const other = await db.selectFrom('identity_departments').selectAll().where('unit_id', 'is not', null).where('department_id', '!=', own).orderBy('department_id').limit(1).executeTakeFirstOrThrow()
  await db.updateTable('identity_numbers').set({ unit_id: other.unit_id ?? '' }).where('number', '=', student.number).execute()
  await writeChanges()
  const { department, is_leader_in_dept } = simulator.state.member(student.userid) ?? {}
  assert.deepEqual([department, is_leader_in_dept], [[other.department_id, 901], [0, 1]])
})

test('a whole roster is written where the school set it so, within the calls of a minute', async t => {
  const { reconcile, writeChanges, simulator, student, classmate, phoneOf, clock, drain, db } = await openContacts(t, { WECOM_CONTACTS_PUSH: 'everyone', WECOM_CONTACTS_PER_MINUTE: '10' })
  for (const [index, each] of [student, classmate].entries()) {
    await simulator.admin.removeMember(each.userid)
    await phoneOf(each.person_id, `1390000000${index}`)
  }
  await drain()
  // Who was deleted in WeCom is a difference to decide; these have never been there.
  await db.deleteFrom('identity_members').execute()
  const minutes = async (count: number): Promise<void> => { for (let n = 0; n < count; n += 1) { clock.advance(61_000); await drain() } }
  await reconcile()
  await minutes(6)
  await writeChanges()
  await minutes(3)
  assert.deepEqual([student, classmate].map(each => simulator.state.member(each.userid)?.status), [4, 4])
  const perMinute = Map.groupBy(simulator.state.calls.filter(call => /^(user|department)\//.test(call.path)), call => Math.floor(call.at / 60_000))
  assert.ok([...perMinute.values()].every(calls => calls.length <= 12), [...perMinute.values()].map(calls => calls.length).join())
})

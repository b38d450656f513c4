import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import readXlsxFile from 'read-excel-file/node'
import { startTestApp, type TestApp } from '../support/app.ts'
import type { Client, Fields, Page } from '../support/client.ts'
import { holderOf } from '../support/desks.ts'
import { cast, type Someone } from '../support/people.ts'
import { sample, workbookOf } from './world.ts'

/** The sample's staff as its roster has them. */
async function staffRows(): Promise<Record<string, string | number | null>[]> {
  const [sheet] = await readXlsxFile(await sample('staff'))
  const [, heads = [], ...lines] = sheet?.data ?? []
  return lines.map(line => Object.fromEntries(line.map((cell, at) => [String(heads[at]), cell instanceof Date ? cell.toISOString().slice(0, 10) : typeof cell === 'number' || typeof cell === 'string' ? cell : null])))
}

const DAY = 86_400_000
const WHOLE = { scope: 'all', from: '', until: '', reason: '接替张老师' }

async function open(t: TestContext) {
  const hall = await startTestApp(t)
  const people = await cast(hall.app)
  const { db } = hall.app.database
  const staff = await db.selectFrom('identity_numbers as n').innerJoin('identity_people as p', 'p.id', 'n.person_id').innerJoin('identity_bindings as b', 'b.current_number', 'n.number')
    .select(['p.id as person_id', 'n.number', 'p.name', 'b.userid', 'n.unit_id']).where('n.title', '=', '副院长').orderBy('n.number').execute()
  const [newcomer, other] = staff
  assert.ok(newcomer && other)
  return { hall, ...people, desk: await hall.phone(people.security.userid), newcomer, other }
}

async function grant(desk: Client, { person_id }: Pick<Someone, 'person_id'>, fields: Fields): Promise<Page> {
  const person = await desk.get(`/admin/people/${person_id}`)
  return await desk.submit(await desk.get(person.link('授予角色')), `/admin/people/${person_id}/grants`, { ...WHOLE, ...fields })
}

const dayAfter = (hall: TestApp, days: number) => new Date(hall.clock.now() + days * DAY + 8 * 3_600_000).toISOString().slice(0, 10)

async function end(desk: Client, page: Page, reason: string): Promise<Page> {
  const question = await desk.get(page.link('收回'))
  return await desk.submit(question, question.path, { reason })
}

test('the security administrator gives a role for a scope, a period and a reason, and takes it back', async t => {
  const { hall, desk, newcomer, security } = await open(t)
  const phone = await hall.phone(newcomer.userid)
  assert.equal((await phone.get('/admin')).status, 403)
  const form = await desk.get(`/admin/people/${newcomer.person_id}/grants/new`)
  assert.ok(form.has('当面核实本人以后') && form.has('部门包括它下面的部门'), form.text)

  const granted = await grant(desk, newcomer, { role: 'operator', until: dayAfter(hall, 3), reason: '迎新现场' })
  assert.ok(granted.has('现场工作人员（全校）') && granted.has(`到 ${dayAfter(hall, 3)} 为止`) && granted.has(`${security.name} 授予：迎新现场`), granted.text)
  assert.equal((await phone.get('/admin')).status, 200, 'at once, without signing in again')
  assert.equal((await phone.get('/admin/roles')).status, 403)
  const twice = await grant(desk, newcomer, { role: 'operator' })
  assert.deepEqual([twice.status, twice.has('已经有这个角色了')], [409, true])

  const short = await end(desk, granted, ' ')
  assert.deepEqual([short.status, short.has('请写明原因')], [422, true])
  const ended = await end(desk, granted, '迎新结束')
  assert.ok(ended.has('已收回') && ended.has('以前的角色') && ended.has('没有特别的角色'), ended.text)
  assert.equal((await phone.get('/admin')).status, 403, 'at once')
  const events = await hall.app.database.db.selectFrom('events').select(['name', 'actor_id']).where('subject', '=', newcomer.person_id).where('name', 'like', 'identity.role-%').orderBy('id').execute()
  assert.deepEqual(events.map(event => ({ ...event })), [{ name: 'identity.role-granted', actor_id: security.person_id }, { name: 'identity.role-revoked', actor_id: security.person_id }])
})

test('what a form says wrong is told at its field, and nothing is granted', async t => {
  const { hall, desk, newcomer } = await open(t)
  const cases: [Fields, string][] = [
    [{ role: '' }, '请选择角色'], [{ role: 'emperor' }, '没有这个角色'], [{ role: 'student' }, '这个角色不能用于这种范围'], [{ role: 'operator', reason: '' }, '请写明原因'],
    [{ role: 'operator', until: dayAfter(hall, -1) }, '结束日期已经过去'], [{ role: 'operator', from: dayAfter(hall, 5), until: dayAfter(hall, 2) }, '结束日期不能早于开始日期'], [{ role: 'operator', until: '2026-13-45' }, '日期不对'],
    [{ role: 'admin', scope: `unit:${newcomer.unit_id}` }, '这个角色不能用于这种范围'], [{ role: 'operator', scope: 'unit:nowhere' }, '没有这个范围'], [{ role: 'approver', scope: 'service:nothing' }, '没有这个范围'],
    [{ role: 'operator', scope: 'moon:1' }, '请选择范围'], [{ role: 'clerk', scope: 'service:enrolment-certificate' }, '这个角色不能用于这种范围'],
  ]
  for (const [fields, words] of cases) {
    const page = await grant(desk, newcomer, fields)
    assert.deepEqual([page.status, page.has(words)], [422, true], `${JSON.stringify(fields)} ${page.text}`)
    assert.equal(page.value('reason').trim(), fields['reason'] ?? '接替张老师', 'what was typed is kept')
  }
  assert.ok((await grant(desk, newcomer, { role: 'approver', scope: 'service:enrolment-certificate' })).has('审批人（事项：在读证明）'))
  const { db } = hall.app.database
  assert.equal((await db.selectFrom('identity_grants').select('id').where('person_id', '=', newcomer.person_id).execute()).length, 1)
})

test('a role begins on its day, is announced two weeks before its end and is over with it, whoever sleeps', async t => {
  const { hall, desk, newcomer, security } = await open(t)
  const phone = await hall.phone(newcomer.userid)
  const granted = await grant(desk, newcomer, { role: 'operator', from: dayAfter(hall, 2), until: dayAfter(hall, 20) })
  assert.ok(granted.has('还没开始'), granted.text)
  assert.equal((await phone.get('/admin')).status, 403)
  assert.deepEqual(await hall.app.identity.holdersOf(hall.app.database.db, 'operator').then(ids => ids.includes(newcomer.person_id)), false)

  const later = async (days: number) => {
    hall.clock.advance(days * DAY)
    await hall.app.runner.tick()
    await hall.drain()
    return { holder: await hall.phone(newcomer.userid), desk: await hall.phone(security.userid) }
  }
  assert.equal((await (await later(3)).holder.get('/admin')).status, 200)
  const told = (person: Someone, words: string) => hall.simulator.state.messagesTo(person.userid).filter(message => JSON.stringify(message).includes(words)).length
  assert.deepEqual([told(newcomer, '角色快要到期'), told(security, '有一个角色快要到期')], [0, 0])
  const soon = await later(5)
  assert.deepEqual([told(newcomer, '角色快要到期'), told(security, '有一个角色快要到期')], [1, 1])
  await later(1)
  assert.equal(told(newcomer, '角色快要到期'), 1, 'once')
  assert.ok((await (await hall.phone(security.userid)).get('/admin/roles?soon=1')).has(newcomer.name))
  assert.equal((await soon.holder.get('/admin')).status === 200, false, 'this session is a day old')

  hall.clock.advance(12 * DAY)
  const holder = await hall.phone(newcomer.userid)
  assert.equal((await holder.get('/admin')).status, 403, 'the job has not run yet')
  const after = await later(0)
  assert.ok((await after.desk.get(`/admin/people/${newcomer.person_id}`)).has('以前的角色'))
  const lapsed = await hall.app.database.db.selectFrom('events').select('actor_id').where('name', '=', 'identity.role-lapsed').execute()
  assert.deepEqual(lapsed.map(event => event.actor_id), [null])
  assert.ok((await grant(after.desk, newcomer, { role: 'operator' })).has('长期'), 'and may be given again')
})

test('a role is renewed with a reason of its own', async t => {
  const { hall, desk, newcomer } = await open(t)
  const granted = await grant(desk, newcomer, { role: 'operator', until: dayAfter(hall, 3) })
  const form = await desk.get(granted.link('修改期限'))
  assert.ok(form.has(`现在：到 ${dayAfter(hall, 3)} 为止`), form.text)
  const wrong = await desk.submit(form, form.path, { until: dayAfter(hall, -2), reason: '再干一周' })
  assert.deepEqual([wrong.status, wrong.has('结束日期已经过去')], [422, true])
  const renewed = await desk.submit(form, form.path, { until: dayAfter(hall, 10), reason: '再干一周' })
  assert.ok(renewed.has('期限已修改') && renewed.has(`到 ${dayAfter(hall, 10)} 为止`) && renewed.has('再干一周'), renewed.text)
  const stale = await desk.submit(form, form.path, { until: dayAfter(hall, 20), reason: '另一个人也按了' })
  assert.deepEqual([stale.status, stale.has('这个角色已经收回或到期了')], [409, true])
})

test('nobody is two of the three administrators, gives a role to themselves, or takes the last one', async t => {
  const { desk, admin, security, audit, newcomer } = await open(t)
  for (const [person, role] of [[admin, 'audit'], [admin, 'security'], [audit, 'admin']] as const) {
    const page = await grant(desk, person, { role })
    assert.deepEqual([page.status, page.has('这个人已经是另一种管理员')], [422, true], page.text)
  }
  const own = await grant(desk, security, { role: 'operator' })
  assert.deepEqual([own.status, own.has('不能给自己授予角色')], [403, true])
  for (const person of [admin, security]) {
    const page = await end(desk, await desk.get(`/admin/people/${person.person_id}`), '换人')
    assert.deepEqual([page.status, page.has('这是最后一位这样的管理员')], [409, true], page.text)
  }
  assert.ok((await grant(desk, newcomer, { role: 'admin' })).has('系统管理员（全校）'))
  assert.ok((await end(desk, await desk.get(`/admin/people/${admin.person_id}`), '换人')).has('已收回'))
})

test('a small school lets one person be all three', async t => {
  const hall = await startTestApp(t, { env: { ADMIN_SEPARATION: 'off' } })
  const { security } = await cast(hall.app)
  const desk = await hall.phone(security.userid)
  for (const role of ['admin', 'audit']) assert.ok((await grant(desk, security, { role })).has('已授予'))
  for (const path of ['/admin/jobs', '/admin/events', '/admin/roles']) assert.equal((await desk.get(path)).status, 200, path)
})

test('two who end the last two administrators at once leave one', async t => {
  const { hall, desk, admin, newcomer } = await open(t)
  await grant(desk, newcomer, { role: 'admin' })
  const questions = await Promise.all([admin, newcomer].map(async person => await desk.get((await desk.get(`/admin/people/${person.person_id}`)).link('收回'))))
  const answers = await Promise.all(questions.map(question => desk.submit(question, question.path, { reason: '同时' })))
  assert.deepEqual(answers.map(answer => answer.status).toSorted(), [200, 409])
  assert.equal((await hall.app.identity.admins(hall.app.database.db)).length, 1)
})

test('a role for a department reaches the people of it and below it, and nobody else', async t => {
  const { hall, desk, newcomer, other } = await open(t)
  assert.notEqual(newcomer.unit_id, other.unit_id)
  await grant(desk, newcomer, { role: 'operator', scope: `unit:${newcomer.unit_id}` })
  const phone = await hall.phone(newcomer.userid)
  const { db } = hall.app.database
  const student = async (unit_id: string) => await db.selectFrom('identity_people as p').innerJoin('identity_numbers as n', 'n.number', 'p.number').select(['p.id', 'p.number', 'p.name']).where('n.kind', '=', 'student').where('n.unit_id', '=', unit_id).limit(1).executeTakeFirstOrThrow()
  const [near, far] = [await student(newcomer.unit_id), await student(other.unit_id)]
  const find = async (number: string) => (await phone.get(`/admin/people?q=${number}`)).root.querySelectorAll('tbody tr').length
  assert.deepEqual([await find(near.number), await find(far.number)], [1, 0])
  assert.deepEqual([(await phone.get(`/admin/people/${near.id}`)).status, (await phone.get(`/admin/people/${far.id}`)).status], [200, 403])
  assert.equal((await phone.get(`/admin/people/${near.id}/password-reset?number=${near.number}`)).status, 200)
  assert.equal((await phone.get(`/admin/people/${far.id}/password-reset?number=${far.number}`)).status, 403)
  const token = (await phone.get(`/admin/people/${near.id}`)).value('_csrf') || (await phone.get('/account')).value('_csrf')
  assert.equal((await phone.post(`/admin/people/${far.id}/password-reset`, { _csrf: token, number: far.number })).status, 403)
})

test('a registrar of one school opens no certificates of the others', async t => {
  const { hall, registrars } = await open(t)
  const { db } = hall.app.database
  const own = await db.selectFrom('identity_grants').select('person_id').where('role', '=', 'registrar').where('scope_kind', '=', 'unit').execute()
  const narrow = registrars.find(each => own.some(one => one.person_id === each.person_id))
  assert.ok(narrow)
  const phone = await hall.phone(narrow.userid)
  for (const path of ['/admin/documents', '/admin/grades', '/admin/applications']) assert.equal((await phone.get(path)).status, 403, path)
  const whole = await hall.phone((await holderOf(hall, 'registrar')).userid)
  for (const path of ['/admin/documents', '/admin/grades']) assert.equal((await whole.get(path)).status, 200, path)
})

test('the list says who holds what, by role and department, a page at a time', async t => {
  const { desk, admin, tutor, hall } = await open(t)
  const all = await desk.get('/admin/roles')
  assert.ok(all.has(admin.name) && all.has('系统管理员'), all.text)
  const tutors = await desk.get('/admin/roles?role=tutor')
  assert.ok(tutors.has(tutor.name) && !tutors.has(admin.name) && tutors.has('审批所带学生的申请'))
  assert.ok((await desk.get('/admin/roles?role=photo-reviewer')).has('没有符合条件的授权'))
  const { db } = hall.app.database
  const [row] = await db.selectFrom('identity_grants').selectAll().limit(1).execute()
  assert.ok(row)
  await db.insertInto('identity_grants').values(Array.from({ length: 60 }, (_, n) => ({ ...row, id: `01ZZZZZZZZZZZZZZZZZZZZZZ${String(n).padStart(2, '0')}`, role: 'photo-reviewer', live_key: `x${n}` }))).execute()
  const first = await desk.get('/admin/roles?role=photo-reviewer')
  assert.equal(first.root.querySelectorAll('tbody tr').length, 50)
  const second = await desk.get(`/admin/roles${first.root.querySelector('a[rel=next], .pager a:last-of-type')?.getAttribute('href') ?? ''}`)
  assert.equal(second.root.querySelectorAll('tbody tr').length, 10)
})

test('a roster gives roles that were not given by hand already, takes only what it gave, and makes nobody two administrators', async t => {
  const { hall, desk, tutor, audit } = await open(t)
  const { identity, database: { db } } = hall.app
  const held = async (person: Someone) => (await db.selectFrom('identity_grants').select(['role', 'source']).where('person_id', '=', person.person_id).where('ended_at', 'is', null).orderBy('role').execute()).map(({ role, source }) => `${role} ${source}`)
  const rows = await staffRows()
  const put = async (number: string, words: string) => {
    const row = rows.find(each => each['工号'] === number)
    return await identity.importRoster('staff', await workbookOf([{ ...row, 角色: words }]), { file_name: '教职工.xlsx' })
  }
  await grant(desk, tutor, { role: 'operator' })
  assert.equal((await put(tutor.number, '辅导员、现场工作人员(全校)')).unchanged, 1, 'held by hand is held')
  await put(tutor.number, '教务员')
  assert.deepEqual(await held(tutor), ['operator hand', 'registrar roster'])
  const two = await put(audit.number, '审计管理员、安全管理员')
  assert.deepEqual(two.errors.map(error => error.sentence), ['系统管理员、安全管理员和审计管理员不能是同一个人'])
  assert.deepEqual((await put(tutor.number, '客服(全校)、系统管理员、审计管理员')).errors.length, 1)
  const { security, admin } = await cast(hall.app)
  await put(admin.number, '辅导员')
  assert.ok((await held(admin)).includes('admin roster'), 'the last one stays, whatever the file says')
  assert.deepEqual(await held(security), ['security roster'])
})

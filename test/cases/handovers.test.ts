import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apply, startCampus } from '../services/campus.ts'
import { deskOf, toldTo } from './desk.ts'

test('all that somebody holds goes to another: previewed, moved by a job, with what became of each', async t => {
  const campus = await startCampus(t)
  const { database, approvals } = campus.app
  const students = [await campus.student(), await campus.student(), await campus.student()]
  for (const { client } of students) await apply(client)
  // Hers to decide by a second way: what she asked for herself cannot go to her.
  const heir = await database.db.selectFrom('identity_people').select('id').where('name', '=', '崔语涵').executeTakeFirstOrThrow()
  const flow = { nodes: [{ id: 'limin', kind: 'approval' as const, label: '审批', approver: { rule: 'person', params: { numbers: ['10002'] } }, mode: 'any' as const }] }
  await database.write(tx => approvals.start(tx, { person_id: heir.id, number: '10001' }, { kind: 'test', subject: '01ARZ3NDEKTSV4RRFFQ69G5FAV', title: '崔语涵自己的申请', url: '/', summary: [], form: {}, flow }))
  const admin = await deskOf(campus)

  const found = await admin.get(`/admin/handovers/new?q=${encodeURIComponent('李敏')}`)
  assert.ok(found.has('李敏') && found.has('4 项待办'), found.text)
  const page = await admin.get(found.link('李敏'))
  assert.ok(page.has('共 4 项待办会交给另一个人') && students.every(({ name }) => page.has(name)), page.text)
  const searched = await admin.submit(page, '/admin/handovers', { q: '崔语涵', reason: '调到其他学院', intent: 'search' })
  const alone = await admin.submit(page, '/admin/handovers', { q: '李敏', reason: '调到其他学院', intent: 'search' })
  assert.ok(alone.has('没有找到') && !alone.root.querySelector('input[name="to"]'), 'nobody hands over to herself')
  const preview = await admin.submit(searched, '/admin/handovers', { q: '崔语涵', to: heir.id, reason: '调到其他学院', intent: 'search' })
  assert.equal(preview.root.querySelectorAll('.cell').filter(cell => cell.text.includes('会交接')).length, 3)
  assert.ok(preview.has('不能交接') && preview.has('申请人不能办理自己的申请'), preview.text)
  const refused = await admin.submit(preview, '/admin/handovers', { q: '崔语涵', to: heir.id, reason: ' ', intent: 'send' })
  assert.deepEqual([refused.status, refused.has('请填写理由')], [422, true])
  const nobody = await admin.submit(preview, '/admin/handovers', { reason: '调到其他学院', intent: 'send' })
  assert.deepEqual([nobody.status, nobody.has('请选择接手的人')], [422, true])

  const begun = await admin.submit(refused, '/admin/handovers', { to: heir.id, reason: '调到其他学院', intent: 'send' })
  assert.match(begun.path, /^\/admin\/handovers\/[0-9A-Z]{26}$/)
  await campus.drain()
  const report = await admin.get(begun.path)
  assert.deepEqual(['已交接', '没有交接'].map(word => report.root.querySelectorAll('.list .cell').filter(cell => cell.querySelector('.tag')?.text.trim() === word).length), [3, 1])
  assert.ok(report.has('申请人不能办理自己的申请') && (await admin.get(`${begun.path}?outcome=kept`)).has('崔语涵自己的申请'))
  assert.equal((await toldTo(campus, '崔语涵')).length, 3)
  assert.ok((await admin.get('/admin/handovers')).has('已交接 3 项，没有交接 1 项'))
  assert.ok((await admin.get(report.link(students[0]?.name ?? ''))).has('调到其他学院'), 'the reason stands in the trail of each')

  await t.test('once begun, running it again changes nothing', async () => {
    await database.db.updateTable('jobs').set({ status: 'waiting', finished_at: null, attempts: 0 }).where('name', '=', 'approvals.hand-over').execute()
    await campus.drain()
    assert.deepEqual((await admin.get('/admin/handovers')).has('已交接 3 项，没有交接 1 项'), true)
  })
})

test('a page for handing over nothing says so', async t => {
  const campus = await startCampus(t)
  const admin = await deskOf(campus)
  const page = await admin.get((await admin.get(`/admin/handovers/new?q=${encodeURIComponent('崔语涵')}`)).link('崔语涵'))
  assert.ok(page.has('这个人没有待办，不用交接'))
  assert.ok((await admin.get('/admin/handovers')).has('还没有交接过'))
})

test('whoever leaves with tasks in hand is named where they are handed over; a decision of theirs is refused, and the heir decides', async t => {
  const campus = await startCampus(t)
  const { db } = campus.app.database
  const { client, name } = await campus.student()
  await apply(client)
  await campus.drain()
  const limin = await db.selectFrom('identity_people').select('id').where('name', '=', '李敏').executeTakeFirstOrThrow()
  const phone = await campus.as('李敏')
  const task = await phone.get((await phone.get('/received')).link(name))
  await db.updateTable('identity_numbers').set({ standing: 'left' }).where('person_id', '=', limin.id).execute()
  const refused = await phone.submit(task, task.root.querySelector('form[action^="/tasks/"]')?.getAttribute('action') ?? '', { decision: 'approve', comment: '' })
  assert.deepEqual([refused.status, refused.has('登录已经过期')], [403, true], 'who has left is signed out')

  const admin = await deskOf(campus)
  const page = await admin.get('/admin/handovers')
  assert.match(page.root.querySelector('#gone')?.structuredText.replace(/\s+/g, ' ') ?? '', /李敏.*1 项待办/)
  const heir = await db.selectFrom('identity_people').select('id').where('name', '=', '崔语涵').executeTakeFirstOrThrow()
  await admin.submit(await admin.get(page.link('李敏')), '/admin/handovers', { to: heir.id, reason: '离职', intent: 'send' })
  await campus.drain()
  assert.equal((await admin.get('/admin/handovers')).root.querySelector('#gone'), null)
  assert.ok((await (await campus.as('崔语涵')).get('/received')).has(name))
})

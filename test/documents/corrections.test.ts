import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestApp, type TestApp } from '../support/app.ts'
import { cast } from '../support/people.ts'
import { sharedCleaner } from './office.ts'

const shared = sharedCleaner(after)
let hall: TestApp
before(async () => { hall = await startTestApp(shared) })

const all = () => hall.app.database.db.selectFrom('documents_corrections').selectAll().orderBy('id').execute()

test('a student points at a line of the preview, the registrar mends it, and the student previews again', async () => {
  const { student, registrars, admin } = await cast(hall.app)
  const phone = await hall.phone(student.userid)
  const preview = await phone.submit(await phone.get('/documents/new/certificates'), '/documents/requests', { kind: 'enrolment-zh' })
  const form = await phone.get(preview.link('这里有错'))
  const action = form.root.querySelector('form.form')?.getAttribute('action') ?? ''
  assert.ok(form.has('姓名') && form.has(student.name), form.text)

  const empty = await phone.submit(form, action, { said: '专业写错了' })
  assert.equal(empty.status, 422)
  assert.ok(empty.has('请选择哪一处有错'))
  assert.equal(empty.value('said').trim(), '专业写错了')
  const nothing = await phone.submit(form, action, {})
  assert.ok(nothing.has('请选择哪一处有错') && nothing.has('请写明哪里不对，应该是什么'), 'both are said at once')
  const back = await phone.submit(form, action, { line: 'major', said: '专业应该是软件工程' })
  assert.ok(back.has('已告诉教务') && back.has('核对中'), back.text)
  const twice = await phone.submit(form, action, { line: 'major', said: '再说一次' })
  assert.equal(twice.status, 422)
  assert.ok(twice.has('这一处已经报告过'), twice.text)
  assert.equal((await all()).length, 1)

  await hall.drain()
  const [report] = await all()
  const told = [...registrars, admin].filter(({ userid }) => hall.simulator.state.messagesTo(userid).some(message => JSON.stringify(message).includes('软件工程')))
  assert.ok(told.length > 0, 'a registrar hears of it in WeCom')
  const desk = await hall.phone(admin.userid)
  const list = await desk.get('/admin/corrections')
  assert.ok(list.has(student.number) && list.has('软件工程'), list.text)
  const page = await desk.get(`/admin/corrections/${report?.id}`)
  const refused = await desk.submit(page, `/admin/corrections/${report?.id}/answer`, { outcome: 'keep', answer: ' ' })
  assert.equal(refused.status, 422)
  assert.ok(refused.has('请写明为什么不改'))
  await desk.submit(page, `/admin/corrections/${report?.id}/answer`, { outcome: 'mend', answer: '名单已改' })
  const late = await desk.submit(page, `/admin/corrections/${report?.id}/answer`, { outcome: 'keep', answer: '慢了' })
  assert.equal(late.status, 409)
  const closed = await desk.get(`/admin/corrections/${report?.id}`)
  assert.equal(closed.root.querySelector('main .tag')?.text.trim(), '已更正', 'what became of it')
  await hall.drain()
  assert.ok(hall.simulator.state.messagesTo(student.userid).some(message => JSON.stringify(message).includes('你报告的错误已更正')))
  const own = await phone.get(`/documents/corrections/${report?.id}`)
  assert.ok(own.has('已更正') && own.has('名单已改'), own.text)
  assert.equal((await phone.get(own.link('重新生成预览图'))).heading, '电子证明')
  // The same line may be wrong again.
  await phone.submit(form, action, { line: 'major', said: '还是不对' })
  assert.equal((await all()).length, 2)
})

test('a report is its maker’s and the registrars’; it can be taken back', async () => {
  const { student, classmate, tutor } = await cast(hall.app)
  const report = (await all()).find(({ status, person_id }) => status === 'open' && person_id === student.person_id)
  const other = await hall.phone(classmate.userid)
  assert.equal((await other.get(`/documents/corrections/${report?.id}`)).status, 404)
  assert.equal((await (await hall.phone(tutor.userid)).get('/admin/corrections')).status, 403)
  const phone = await hall.phone(student.userid)
  const page = await phone.get(`/documents/corrections/${report?.id}`)
  const taken = await phone.submit(page, `/documents/corrections/${report?.id}/withdrawal`)
  assert.ok(taken.has('已撤回'), taken.text)
})

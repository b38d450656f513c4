import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestApp, type TestApp } from '../support/app.ts'
import { cast } from '../support/people.ts'
import { sharedCleaner } from './office.ts'

const shared = sharedCleaner(after)
let hall: TestApp
before(async () => { hall = await startTestApp(shared, { grades: true }) })

const KINDS = ['中文成绩单（含加权平均分）', '中文成绩单（不分学期）', '中文成绩单（含绩点，加权平均分）', '英文成绩单（含加权平均分）', '英文成绩单（不分学期）', '英文成绩单（含绩点，加权平均分）']

test('the six transcripts are chosen from, a course on the preview can be pointed at, and the sealed one goes to the phone', async () => {
  const { student } = await cast(hall.app)
  const { db } = hall.app.database
  const phone = await hall.phone(student.userid)
  const list = await phone.get('/documents/new/transcripts')
  assert.deepEqual(list.root.querySelectorAll('.kind-title').map(title => title.text.trim()), KINDS)
  const page = await phone.submit(list, '/documents/requests', { kind: 'transcript-zh-average' })
  const picture = await phone.get(page.root.querySelector('.preview img')?.getAttribute('src') ?? '')
  assert.equal(picture.headers.get('content-type'), 'image/jpeg')

  const form = await phone.get(page.link('这里有错'))
  const [grade] = await db.selectFrom('documents_grades').selectAll().where('number', '=', student.number).execute()
  const choice = form.root.querySelectorAll('.choice').find(each => each.text.includes(grade?.course ?? '') && each.text.includes('学分，成绩'))
  const line = choice?.querySelector('input')?.getAttribute('value') ?? ''
  assert.match(line, /^courses\.[0-9a-f]{24}$/)
  await phone.submit(form, form.root.querySelector('form.form')?.getAttribute('action') ?? '', { line, said: '我考了 100 分' })
  const report = await db.selectFrom('documents_corrections').selectAll().executeTakeFirstOrThrow()
  assert.ok(report.printed.startsWith(`${grade?.course}：`), report.printed)

  const delivery = await phone.get(page.link('没有错误，继续'))
  await phone.submit(delivery, delivery.root.querySelector('form.form')?.getAttribute('action') ?? '', { to: 'phone' })
  await hall.drain()
  const document = await db.selectFrom('documents_documents').selectAll().where('person_number', '=', student.number).executeTakeFirstOrThrow()
  assert.deepEqual([document.status, document.title], ['issued', KINDS[0]])
  assert.equal(hall.simulator.state.messagesTo(student.userid).filter(message => message.msgtype === 'file').length, 1)
})

test('a number without grades reads why it has no transcript, and has its certificate all the same', async () => {
  const { student } = await cast(hall.app, 1)
  await hall.app.database.write(tx => tx.deleteFrom('documents_grades').where('number', '=', student.number).execute())
  const phone = await hall.phone(student.userid)
  const list = await phone.get('/documents/new/transcripts')
  assert.ok(list.has('现在不能开具') && list.has('这个学号还没有成绩'), list.text)
  assert.ok(!list.has('生成预览图'))
  assert.equal((await phone.submit(list, '/documents/requests', { kind: 'transcript-zh-average' })).status, 409)
  assert.ok((await phone.get('/documents/new/certificates')).has('生成预览图'))
})

test('a book that was not returned stops transcripts and no certificate', async () => {
  const { student, admin } = await cast(hall.app, 2)
  const desk = await hall.phone(admin.userid)
  await desk.submit(await desk.get('/admin/holds/new'), '/admin/holds/new', { number: student.number, type: 'books', reason: '《高等数学》逾期' })
  const phone = await hall.phone(student.userid)
  const list = await phone.get('/documents/new/transcripts')
  assert.ok(list.has('《高等数学》逾期') && list.has('图书馆'), list.text)
  assert.ok((await phone.get('/documents/new/certificates')).has('生成预览图'))
})

test('a graduate has transcripts of the number they studied under, and no certificate of being enrolled', async () => {
  const { student } = await cast(hall.app, 3)
  const phone = await hall.phone(student.userid)
  await hall.app.database.db.updateTable('identity_numbers').set({ standing: 'graduated' }).where('number', '=', student.number).execute()
  assert.ok((await phone.get('/documents/new/transcripts')).has('生成预览图'))
  const certificates = await phone.get('/documents/new/certificates')
  assert.ok(certificates.has('只给在读的学号开具，这个学号不在读'), certificates.text)
})

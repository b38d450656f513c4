import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import writeXlsxFile from 'write-excel-file/node'
import { startTestApp, type TestApp } from '../support/app.ts'
import { cast } from '../support/people.ts'
import { sharedCleaner } from './office.ts'

const shared = sharedCleaner(after)
let hall: TestApp
before(async () => { hall = await startTestApp(shared) })

const all = () => hall.app.database.db.selectFrom('documents_holds').selectAll().orderBy('id').execute()
const HEADS = ['学号', '类型', '限制原因', '截止日期']

async function sheet(rows: readonly (readonly string[])[]): Promise<Uint8Array> {
  return new Uint8Array(await writeXlsxFile([HEADS, ...rows].map(row => row.map(value => ({ value }))), { sheet: '限制' }).toBuffer())
}

async function atDesk() {
  const { admin } = await cast(hall.app)
  const desk = await hall.phone(admin.userid)
  const form = await desk.get('/admin/holds/import')
  return { desk, send: (content: Uint8Array | string, fields: Record<string, string> = {}) => desk.submit(form, '/admin/holds/import', { file: { filename: typeof content === 'string' ? 'holds.csv' : 'holds.xlsx', type: 'application/octet-stream', content: typeof content === 'string' ? Buffer.from(content) : content }, ...fields }) }
}

test('a held student reads why and whom to ask, cannot go on even with the form already open, and can once it is lifted', async () => {
  const { student } = await cast(hall.app)
  const phone = await hall.phone(student.userid)
  const preview = await phone.submit(await phone.get('/documents/new/certificates'), '/documents/requests', { kind: 'enrolment-zh' })
  const form = await phone.get(preview.link('没有错误，继续'))
  const action = form.root.querySelector('form.form')?.getAttribute('action') ?? ''

  const { desk } = await atDesk()
  const empty = await desk.submit(await desk.get('/admin/holds/new'), '/admin/holds/new', {})
  for (const words of ['有 3 处需要修改', '请填写要限制的学号', '请选择限制的类型', '请写明原因']) assert.ok(empty.has(words), words)
  const blank = await desk.submit(await desk.get('/admin/holds/new'), '/admin/holds/new', { number: '404', type: 'fees', reason: '欠住宿费 1200 元' })
  assert.equal(blank.status, 422)
  assert.ok(blank.has('名单里没有这个学号'))
  assert.equal(blank.value('reason').trim(), '欠住宿费 1200 元')
  const listed = await desk.submit(await desk.get('/admin/holds/new'), '/admin/holds/new', { number: student.number, type: 'fees', reason: '欠住宿费 1200 元' })
  assert.ok(listed.has(student.number) && listed.has('限制中'), listed.text)
  await hall.drain()
  assert.ok(hall.simulator.state.messagesTo(student.userid).some(message => JSON.stringify(message).includes('欠住宿费')))

  const list = await phone.get('/documents/new/certificates')
  for (const words of ['现在不能开具', '欠住宿费 1200 元', '财务处']) assert.ok(list.has(words), `${words}: ${list.text}`)
  assert.ok(!list.has('生成预览图'))
  const stopped = await phone.submit(form, action, { to: 'phone' })
  assert.ok(stopped.has('现在不能开具'), stopped.text)
  // A hold that comes between the look and the write stops it there.
  const [request] = await hall.app.database.db.selectFrom('documents_requests').selectAll().where('person_number', '=', student.number).execute()
  assert.equal(request?.status, 'chosen')
  await hall.drain()
  assert.equal((await hall.app.database.db.selectFrom('documents_documents').select('id').execute()).length, 0)

  const [hold] = await all()
  const question = await desk.get(`/admin/holds/${hold?.id}/lifting`)
  assert.equal((await desk.submit(question, `/admin/holds/${hold?.id}/lifting`, { reason: '' })).status, 422)
  await desk.submit(question, `/admin/holds/${hold?.id}/lifting`, { reason: '已缴清' })
  assert.equal((await desk.submit(question, `/admin/holds/${hold?.id}/lifting`, { reason: '已缴清' })).status, 409)
  await phone.submit(form, action, { to: 'phone' })
  await hall.drain()
  assert.equal((await hall.app.database.db.selectFrom('documents_documents').select('status').execute())[0]?.status, 'issued')
})

test('a list of holds is read by row and column; the same one again changes nothing; a complete one lets the others go', async () => {
  const [{ student: one }, { student: two }] = [await cast(hall.app, 3), await cast(hall.app, 4)]
  const { desk, send } = await atDesk()
  const known = (await all()).length
  const wrong = await send(await sheet([[one.number, '欠缴费用', '欠学费', ''], ['404', '欠缴费用', '欠学费', ''], [two.number, '没有的类型', '欠学费', ''], [one.number, '欠缴费用', '又一次', ''], [two.number, '图书未还', '', '昨天']]))
  assert.equal(wrong.status, 422)
  const lines = wrong.root.querySelectorAll('tbody tr').map(row => row.querySelectorAll('td').map(cell => cell.text.trim()).slice(0, 2).join(' '))
  assert.deepEqual(lines, ['3 学号', '4 类型', '5 学号', '6 限制原因', '6 截止日期'])
  assert.equal((await all()).length, known)
  const list = await sheet([[one.number, '欠缴费用', '欠学费 800 元', ''], [two.number, '欠缴费用', '欠学费 900 元', '2099-01-01']])
  assert.ok((await send(list)).has('新增 2，更新 0，没有变化 0，解除 0'))
  hall.clock.advance(86_400_000)
  const again = await atDesk()
  assert.ok((await again.send(list)).has('新增 0，更新 0，没有变化 2，解除 0'))
  const csv = `学号,类型,限制原因\n${one.number},欠缴费用,欠学费 500 元\n`
  assert.ok((await again.send(csv, { whole: '1' })).has('新增 0，更新 1，没有变化 0，解除 1'))
  const kept = (await all()).slice(known).map(({ number, status, reason }) => [number, status, reason])
  assert.deepEqual(kept, [[one.number, 'on', '欠学费 500 元'], [two.number, 'lifted', '欠学费 900 元']])
  assert.ok((await (await atDesk()).desk.get(`/admin/holds?number=${one.number}`)).has('欠学费 500 元'))
  assert.ok(desk)
})

test('a hold stops what its type says, and ends with its day', async () => {
  const { student } = await cast(hall.app, 5)
  const { desk } = await atDesk()
  await desk.submit(await desk.get('/admin/holds/new'), '/admin/holds/new', { number: student.number, type: 'books', reason: '《高等数学》' })
  const phone = await hall.phone(student.userid)
  assert.ok((await phone.get('/documents/new/certificates')).has('生成预览图'), 'a book does not stop a certificate')
  const [hold] = (await all()).filter(({ number }) => number === student.number)
  assert.equal(hold?.status, 'on')
})

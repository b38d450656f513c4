import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp, type TestApp } from '../support/app.ts'
import type { Client } from '../support/client.ts'
import { cast } from '../support/people.ts'
import { approved, documentOf } from './office.ts'

// The last private-use character: no font has it.
const UNPRINTABLE = '\u{10fffd}'

const told = (hall: TestApp, userid: string, words: string) => hall.simulator.state.messagesTo(userid).filter(message => JSON.stringify(message).includes(words))

async function mend(hall: TestApp, desk: Client, id: string): Promise<void> {
  const page = await desk.get(`/documents/${id}`)
  const after = await desk.submit(page, `/admin/documents/${id}/redrawing`)
  assert.equal(after.path, `/documents/${id}`)
  assert.ok(after.has('已重新开始生成'), after.text)
  await hall.drain()
}

test('a name that no font can print is told to the student and the administrator, who corrects it and has it made again', async t => {
  const hall = await startTestApp(t)
  const { db } = hall.app.database
  const { student, admin } = await cast(hall.app)
  const rename = (name: string) => db.updateTable('identity_people').set({ name }).where('id', '=', student.person_id).execute()
  await rename(`张${UNPRINTABLE}`)
  const phone = await hall.phone(student.userid)
  const application = await approved(hall, phone)
  await hall.drain()

  const { id, number } = await documentOf(hall.app, application)
  const page = await phone.get(`/documents/${id}`)
  for (const words of ['没有生成', `字库里没有这些字：${UNPRINTABLE}`, '管理员已收到通知']) assert.ok(page.has(words), `${words}: ${page.text}`)
  assert.ok(!page.has('重新生成'), 'a student cannot begin it again')
  assert.equal(told(hall, student.userid, '暂时不能生成').length, 1)
  const [report] = told(hall, admin.userid, '不能生成')
  assert.match(JSON.stringify(report), /安装含有这些字的字体/)
  assert.ok(!page.has('有一份'), 'what administrators were told is not the student’s business')

  const desk = await hall.phone(admin.userid)
  const list = await desk.get('/admin/documents?status=impossible')
  assert.ok(list.has(number) && list.has('字库里没有这些字'), list.text)
  await rename('张三丰')
  await mend(hall, desk, id)
  const again = await documentOf(hall.app, application)
  assert.equal(again.status, 'issued')
  assert.equal(again.number, number, 'under the same number')
  assert.equal(again.facts.name, '张三丰')
  assert.equal(again.facts.purpose, '办理签证', 'what the form said stays')
  assert.equal(hall.simulator.state.mails.length, 1)
})

test('facts that the roster lacks are named in words, and completing the roster is enough', async t => {
  const hall = await startTestApp(t)
  const { db } = hall.app.database
  const { student, admin } = await cast(hall.app)
  await db.updateTable('identity_numbers').set({ class_name: null }).where('number', '=', student.number).execute()
  const phone = await hall.phone(student.userid)
  const application = await approved(hall, phone)
  await hall.drain()
  const { id } = await documentOf(hall.app, application)
  assert.ok((await phone.get(`/documents/${id}`)).has('名单里缺少：班级'))
  phone.cookies.set('language', 'en')
  const english = await phone.get(`/documents/${id}`)
  assert.ok(english.has('The roster lacks: Class'), english.text)

  await db.updateTable('identity_numbers').set({ class_name: '计科2301班' }).where('number', '=', student.number).execute()
  const desk = await hall.phone(admin.userid)
  const page = await desk.get(`/documents/${id}`)
  await mend(hall, desk, id)
  assert.equal((await documentOf(hall.app, application)).status, 'issued')
  // The second administrator pressed the same button a moment later.
  const late = await desk.submit(page, `/admin/documents/${id}/redrawing`)
  assert.equal(late.status, 409)
  assert.ok(late.has('文件已经签章'), late.text)
})

test('a student cannot begin a document again', async t => {
  const hall = await startTestApp(t)
  const { student } = await cast(hall.app)
  await hall.app.database.db.updateTable('identity_numbers').set({ class_name: null }).where('number', '=', student.number).execute()
  const phone = await hall.phone(student.userid)
  const application = await approved(hall, phone)
  await hall.drain()
  const { id } = await documentOf(hall.app, application)
  const token = (await phone.get('/account')).value('_csrf')
  assert.equal((await phone.post(`/admin/documents/${id}/redrawing`, { _csrf: token })).status, 403)
  assert.equal((await documentOf(hall.app, application)).status, 'impossible')
})

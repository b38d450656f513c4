import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { startTestApp, type TestApp } from '../support/app.ts'
import { applyForCertificate } from '../support/certificate.ts'
import type { Client, Page } from '../support/client.ts'
import { holderOf } from '../support/desks.ts'
import { cast, type Someone } from '../support/people.ts'
import { studentRows, workbookOf } from './world.ts'

async function open(t: TestContext) {
  const hall = await startTestApp(t)
  const people = await cast(hall.app)
  const operator = await holderOf(hall, 'operator')
  return { hall, ...people, operator, desk: await hall.phone(operator.userid) }
}

/** A second number of a student, as the next roster brings it: nothing is bound to it yet. */
async function secondNumber({ app: { identity, database } }: TestApp, { person_id, number, name }: Someone, second: string): Promise<string> {
  const { document } = await identity.wholeOf(database.db, person_id)
  const unit = await database.db.selectFrom('identity_numbers as n').innerJoin('identity_units as u', 'u.id', 'n.unit_id').select('u.code').where('n.number', '=', number).executeTakeFirstOrThrow()
  const row = { ...studentRows[0], 学号: second, 姓名: name, 证件号码: document, 院系编号: unit.code, 辅导员工号: null, 手机号: null, 电子邮箱: null, 入学日期: '2026-09-01', 预计毕业日期: '2029-06-30', 培养层次: '硕士', 学制: 3 }
  const { errors } = await identity.importRoster('students', await workbookOf([row]), { file_name: 'next.xlsx' })
  assert.deepEqual(errors, [])
  await database.write(tx => identity.unbind(tx, { person_id, number }, second))
  return second
}

const choose = async (desk: Client, { person_id, number }: Someone, to: string): Promise<Page> => await desk.get(`/admin/people/${person_id}/binding?${new URLSearchParams({ number, to: 'other', other: to })}`)

const boundTo = async ({ app: { identity, database: { db } } }: TestApp, userid: string) => (await identity.personByWecomUserid(db, userid))?.number

const moves = async ({ app: { database: { db } } }: TestApp) => await db.selectFrom('events').select(['subject', 'actor_id', 'data']).where('name', '=', 'identity.wecom-moved').orderBy('id').execute()

test('an operator moves a binding to the person\'s new number: before and after are shown, the old sessions end, tasks go on, the person is told, the reason stays', async t => {
  const { hall, student, operator, desk } = await open(t)
  const second = await secondNumber(hall, student, '20269901')
  const phone = await hall.phone(student.userid)
  await applyForCertificate(phone)
  await hall.drain()
  const page = await desk.get(`/admin/people/${student.person_id}`)
  const choice = await desk.get(page.link('转移绑定'))
  assert.ok(choice.has(second) && choice.has('另一个人的学工号'), choice.text)
  const asked = await desk.get(`${choice.path}&to=${second}`)
  for (const words of ['转移前', '转移后', student.number, second, student.userid, '请先核实本人', `学工号 ${student.number} 在所有设备上的登录立即结束`]) assert.ok(asked.has(words), `${words}: ${asked.text}`)
  const without = await desk.submit(asked, `/admin/people/${student.person_id}/binding`, { reason: ' ' })
  assert.deepEqual([without.status, without.has('请写明原因'), await boundTo(hall, student.userid)], [422, true, student.number])

  const done = await desk.submit(asked, `/admin/people/${student.person_id}/binding`, { reason: '持新学生证到柜台' })
  assert.ok(done.has(`绑定已转移到学工号 ${second}`), done.text)
  assert.equal((await phone.get('/account')).path.split('?')[0], '/auth/wecom', 'the old number is signed out on this device too')
  assert.equal(await boundTo(hall, student.userid), second)
  await hall.drain()
  assert.ok(JSON.stringify(hall.simulator.state.messagesTo(student.userid)).includes('企业微信绑定已转移'))
  const again = await hall.phone(student.userid)
  assert.ok((await again.get('/account')).has(second))
  assert.ok((await again.get('/sent')).has('在读证明'), 'the application stays the person\'s')
  assert.deepEqual((await moves(hall)).map(({ data, ...event }) => ({ ...event, ...JSON.parse(data) })), [{ subject: student.person_id, actor_id: operator.person_id, from: student.number, to: second, reason: '持新学生证到柜台' }])
  assert.ok((await (await hall.phone((await holderOf(hall, 'security')).userid)).get(`/admin/people/${student.person_id}`)).has('持新学生证到柜台'))

  await desk.submit(asked, `/admin/people/${student.person_id}/binding`, { reason: '又点了一次' })
  assert.equal((await moves(hall)).length, 1, 'sent twice it is done once')
})

test('a member bound to the wrong person goes to the right one; their card moves with the person, both are told', async t => {
  const { hall, tutor, student, classmate, desk } = await open(t)
  await applyForCertificate(await hall.phone(student.userid))
  await hall.drain()
  await hall.app.database.write(tx => hall.app.identity.unbind(tx, classmate, classmate.number))
  const asked = await choose(desk, tutor, classmate.number.toLowerCase())
  assert.ok(asked.has(classmate.name) && asked.has(tutor.name) && asked.has('这是两个不同的人'), asked.text)
  await desk.submit(asked, `/admin/people/${tutor.person_id}/binding`, { reason: '当面核实，绑错了人' })
  await hall.drain()
  assert.equal(await boundTo(hall, tutor.userid), classmate.number)
  const [card] = hall.simulator.state.messagesTo(tutor.userid)
  assert.ok([card?.replaceText, card?.card?.sub_title_text].includes('已解除绑定'), 'the buttons of the other person\'s task are gone')
  assert.deepEqual((await moves(hall)).map(event => event.subject).toSorted(), [tutor.person_id, classmate.person_id].toSorted())
  const told = await hall.app.database.db.selectFrom('messages_messages').select('person_id').where('kind', '=', 'wecom-moved').where('person_id', 'is not', null).execute()
  assert.deepEqual([...new Set(told.map(row => row.person_id))].toSorted(), [tutor.person_id, classmate.person_id].toSorted())
})

test('what cannot be moved is said in words at the field, and what ended meanwhile moves nothing', async t => {
  const { hall, student, classmate, tutor, operator, desk } = await open(t)
  const words: [string, RegExp][] = [[classmate.number, /已经绑定了另一个企业微信账号/], [student.number, /现在就绑定着学工号/], ['NOBODY99', /没有找到学工号 NOBODY99/], [' ', /请填写接收绑定的学工号/]]
  for (const [to, expected] of words) {
    const page = await choose(desk, student, to)
    assert.equal(page.status, 422, page.text)
    assert.match(page.text, expected)
    assert.equal(page.value('other').trim(), to.trim(), 'what was typed is kept')
  }
  assert.equal((await choose(desk, operator, student.number)).status, 403, 'nobody moves their own')
  assert.equal((await choose(desk, student, operator.number)).status, 403, 'nor to themselves')

  const { db } = hall.app.database
  await hall.app.database.write(tx => hall.app.identity.unbind(tx, classmate, classmate.number))
  const asked = await choose(desk, student, classmate.number)
  await hall.app.database.write(async tx => {
    await hall.app.identity.unbind(tx, student, student.number)
    await hall.app.identity.bind(tx, tutor, { number: student.number, userid: 'somebody.else' })
  })
  const late = await desk.submit(asked, `/admin/people/${student.person_id}/binding`, { reason: '当面核实' })
  assert.deepEqual([late.status, late.has('刚刚已经解除或改过了')], [409, true])
  assert.equal(await boundTo(hall, student.userid), undefined)
  assert.equal((await db.selectFrom('events').select('id').where('name', '=', 'identity.wecom-moved').execute()).length, 0)
})

test('two operators move one binding to two numbers: one of them is done, the other told', async t => {
  const { hall, student, desk } = await open(t)
  const [one, two] = [await secondNumber(hall, student, '20269901'), await secondNumber(hall, student, '20269902')]
  const pages = [await choose(desk, student, one), await choose(desk, student, two)]
  const answers = await Promise.all(pages.map(page => desk.submit(page, `/admin/people/${student.person_id}/binding`, { reason: '当面核实' })))
  assert.deepEqual(answers.map(answer => answer.status).toSorted(), [200, 409])
  assert.equal((await moves(hall)).length, 1)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setPhone } from '../../src/features/identity/verbs/phone.ts'
import { createVault } from '../../src/features/identity/vault.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { cast, type Someone } from '../support/people.ts'
import { openHall, studentRows, workbookOf } from './world.ts'

const MINUTE = 60_000
const NEW = 'chen.siyuan@mail.example'

/** The path in the last mail to the address. */
function linkTo({ simulator, origin }: TestApp, email: string): string {
  const mail = simulator.state.mails.findLast(each => each.to.includes(email))
  return new RegExp(`${origin}(/mailbox/\\S+)`).exec(mail?.text ?? '')?.[1] ?? ''
}

const emailOf = async ({ app }: TestApp, person: Someone) => (await app.identity.contactOf(app.database.db, person.person_id)).email

async function ask(hall: TestApp, person: Someone, email = NEW) {
  const client = await hall.phone(person.userid)
  const page = await client.submit(await client.get('/account/email'), '/account/email', { email })
  await hall.drain()
  return { client, page }
}

test('a mailbox counts once its link was opened and confirmed, by whoever reads it', async t => {
  const hall = await startTestApp(t)
  const { student } = await cast(hall.app)
  const before = await emailOf(hall, student)
  const { client, page } = await ask(hall, student, ' Chen.Siyuan@Mail.example ')
  assert.ok(page.has('正在把确认邮件发到 c***@mail.example'))
  assert.ok((await client.get('/account/email')).has('确认邮件已发到 c***@mail.example'))
  const link = linkTo(hall, NEW)
  const [reader, again] = [hall.stranger(), hall.stranger()]
  const question = await reader.get(link)
  assert.ok(question.has('确认这个邮箱') && question.has('c***@mail.example') && !question.has(student.name))
  assert.equal(await emailOf(hall, student), before, 'opening alone changes nothing: mail scanners open links too')
  assert.ok((await reader.submit(question, link)).has('邮箱已设置为 c***@mail.example'))
  assert.equal(await emailOf(hall, student), NEW)
  assert.ok((await client.get('/account')).has('c***@mail.example · 已确认'))
  const used = await again.get(link)
  assert.ok(used.status === 422 && used.has('已经用过'))
  await hall.drain()
  assert.ok((await client.get('/messages')).has('电子邮箱已更换'))
})

test('a link that is made up, replaced or a day old is worthless', async t => {
  const hall = await startTestApp(t)
  const { student } = await cast(hall.app)
  const before = await emailOf(hall, student)
  await ask(hall, student, 'first@mail.example')
  hall.clock.advance(MINUTE)
  await ask(hall, student)
  const [older, link] = [linkTo(hall, 'first@mail.example'), linkTo(hall, NEW)]
  const [id = '', signature = ''] = link.slice('/mailbox/'.length).split('.')
  const reader = hall.stranger()
  const question = await reader.get(link)
  const made = [older, `/mailbox/${id}.${signature.slice(0, -2)}AA`, `/mailbox/${older.slice('/mailbox/'.length).split('.')[0]}.${signature}`, '/mailbox/x', `/mailbox/${id}`]
  for (const path of made) {
    assert.equal((await reader.get(path)).status, 422, path)
    assert.equal((await reader.post(path, { _csrf: question.value('_csrf') })).status, 422, path)
  }
  hall.clock.advance(24 * 60 * MINUTE)
  assert.equal((await reader.post(link, { _csrf: (await hall.stranger().get('/login')).value('_csrf') })).status, 403, 'a token of another browser')
  assert.equal((await reader.get(link)).status, 422)
  assert.equal(await emailOf(hall, student), before)
})

test('two who confirm one link at once: it counts once', async t => {
  const hall = await startTestApp(t)
  const { student } = await cast(hall.app)
  await ask(hall, student)
  const link = linkTo(hall, NEW)
  const readers = [hall.stranger(), hall.stranger()]
  const questions = await Promise.all(readers.map(reader => reader.get(link)))
  const answers = await Promise.all(readers.map((reader, at) => { const page = questions[at]; assert.ok(page); return reader.submit(page, link) }))
  assert.deepEqual(answers.map(answer => answer.status).toSorted(), [200, 422])
})

test('no mailbox can be flooded: one mail a minute, five a day to a mailbox', async t => {
  const hall = await startTestApp(t)
  const { student, classmate } = await cast(hall.app)
  const { client } = await ask(hall, student)
  const form = await client.get('/account/email')
  const soon = await client.submit(form, '/account/email', { email: 'other@mail.example' })
  assert.ok(soon.status === 429 && soon.has('秒后再试') && soon.value('email') === 'other@mail.example')
  for (let n = 0; n < 4; n++) {
    hall.clock.advance(MINUTE)
    await client.submit(form, '/account/email', { email: NEW })
    await hall.drain()
  }
  hall.clock.advance(MINUTE)
  assert.ok((await ask(hall, classmate)).page.has('小时后再试'))
  assert.equal(hall.simulator.state.mails.filter(mail => mail.to.includes(NEW)).length, 5)
  const wrong = await client.submit(form, '/account/email', { email: 'not a mailbox' })
  assert.ok(wrong.status === 422 && wrong.has('电子邮箱的格式不对'))
})

test('a roster does not undo what a person proved, and says so', async t => {
  const hall = await openHall(t)
  const { db, database, identity, clock, keyring } = hall
  const vault = createVault(keyring)
  const { id } = await db.selectFrom('identity_people').select('id').where('number', '=', '20230101').executeTakeFirstOrThrow()
  await database.write(tx => setPhone(tx, vault, null, { person_id: id, phone: '13912345678', proven: true }))
  await db.updateTable('identity_people').set({ email: NEW, email_proven_at: clock.now() }).where('id', '=', id).execute()
  const again = await identity.importRoster('students', await workbookOf(studentRows.map(row => ({ ...row, 手机号: '19900000009', 电子邮箱: 'other@minghu.example' }))), { file_name: 'students' })
  assert.equal(again.errors.length, 0)
  assert.deepEqual(await identity.contactOf(db, id), { email: NEW, phone: '13912345678' })
  const { phone_index, proven_phone_index } = await db.selectFrom('identity_people').select(['phone_index', 'proven_phone_index']).where('id', '=', id).executeTakeFirstOrThrow()
  assert.equal(phone_index, proven_phone_index)
})

test('a mailbox that the server refuses is told on the page', async t => {
  const hall = await startTestApp(t)
  const { student } = await cast(hall.app)
  hall.simulator.trouble.mailRefused = 1
  const { client } = await ask(hall, student)
  assert.ok((await client.get('/account/email')).has('确认邮件没有发到'))
})

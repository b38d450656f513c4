import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Client } from '../support/client.ts'
import { indexPhones, personByPhone, setPhone } from '../../src/features/identity/verbs/phone.ts'
import { createVault } from '../../src/features/identity/vault.ts'
import { readPhone } from '../../src/features/identity/rules/phone.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { cast, type Someone } from '../support/people.ts'

const MINUTE = 60_000
const NEW = '13912345678'

/** The last code that went to the phone. */
function codeTo({ simulator }: TestApp, phone: string): string {
  const sms = simulator.state.sms.findLast(each => each.to === phone && each.text.startsWith('验证码'))
  return /\d{6}/.exec(sms?.text ?? '')?.[0] ?? ''
}

/** The first password of the sample: the end of the ID number. */
async function firstPassword({ app }: TestApp, person: Someone): Promise<string> {
  const { document_sealed } = await app.database.db.selectFrom('identity_people').select('document_sealed').where('id', '=', person.person_id).executeTakeFirstOrThrow()
  return createVault(app.keyring).open('document', document_sealed).slice(-6)
}

const phoneOf = async ({ app }: TestApp, person: Someone) => (await app.identity.contactOf(app.database.db, person.person_id)).phone

async function askCode(hall: TestApp, client: Client, person: Someone, phone: string) {
  const page = await client.get('/account/phone')
  const answer = await client.submit(page, '/account/phone', { password: await firstPassword(hall, person), phone })
  await hall.drain()
  return answer
}

test('a person sets a phone with the sign-in password and a code that came to it', async t => {
  const hall = await startTestApp(t)
  const { student } = await cast(hall.app)
  const client = await hall.phone(student.userid)
  const before = await phoneOf(hall, student)
  const code = await askCode(hall, client, student, ' +86 １３９-1234 5678 ')
  assert.equal(code.path, '/account/phone/code')
  assert.ok((await client.get('/account/phone/code')).has('验证码已发到 139****5678'))
  const done = await client.submit(code, '/account/phone/code', { code: codeTo(hall, NEW) })
  assert.ok(done.has('手机已设置为 139****5678') && done.has('139****5678 · 已验证'))
  assert.equal(await phoneOf(hall, student), NEW)
  await hall.drain()
  assert.ok(hall.simulator.state.sms.some(({ to, text }) => to === before && text.includes('已改为另一个号码')), 'the old phone is told')
  const { phone_index, phone_proven_at } = await hall.app.database.db.selectFrom('identity_people').select(['phone_index', 'phone_proven_at']).where('id', '=', student.person_id).executeTakeFirstOrThrow()
  assert.equal(phone_proven_at, hall.clock.now())
  assert.equal(phone_index, createVault(hall.app.keyring).index('phone', NEW))
  assert.equal(await hall.app.database.db.selectFrom('identity_phone_notes').select('phone_sealed').where('phone_sealed', 'is not', null).executeTakeFirst(), undefined, 'the old number is forgotten')
})

test('without the password nothing is sent; five wrong ones lock it; wrong and late codes are told in words', async t => {
  const hall = await startTestApp(t)
  const { student, classmate } = await cast(hall.app)
  const client = await hall.phone(student.userid)
  const form = await client.get('/account/phone')
  assert.deepEqual((await client.submit(form, '/account/phone', { password: 'wrong', phone: NEW })).status, 422)
  assert.ok((await client.submit(form, '/account/phone', { password: '', phone: '' })).has('请填写手机号码'))
  await hall.drain()
  assert.deepEqual(hall.simulator.state.sms, [])
  const wrongNumber = await client.submit(form, '/account/phone', { password: await firstPassword(hall, student), phone: '12345' })
  assert.ok(wrongNumber.has('手机号要 11 位') && wrongNumber.value('phone') === '12345')

  const page = await askCode(hall, client, student, NEW)
  const right = codeTo(hall, NEW)
  const other = right === '000000' ? '111111' : '000000'
  const wrong = await client.submit(page, '/account/phone/code', { code: other })
  assert.ok(wrong.status === 422 && wrong.has('还可以试 4 次'))
  assert.ok((await client.submit(page, '/account/phone/code/again', {})).has('秒后再试'))
  for (let n = 0; n < 4; n++) await client.submit(page, '/account/phone/code', { code: other })
  assert.ok((await client.submit(page, '/account/phone/code', { code: right })).has('请重新获取'))
  hall.clock.advance(MINUTE)
  await client.submit(page, '/account/phone/code/again', {})
  await hall.drain()
  // Another person's session cannot use the code, though it is right.
  const stranger = await hall.phone(classmate.userid)
  assert.equal((await stranger.post('/account/phone/code', { code: codeTo(hall, NEW), _csrf: (await stranger.get('/account/phone')).value('_csrf') })).path, '/account/phone')
  assert.equal((await client.submit(page, '/account/phone/code', { code: codeTo(hall, NEW) })).path, '/account')
  assert.equal(await phoneOf(hall, student), NEW)
})

test('the page says when the SMS cannot be sent', async t => {
  const hall = await startTestApp(t)
  const { student } = await cast(hall.app)
  const client = await hall.phone(student.userid)
  hall.simulator.trouble.smsFail = 1
  await askCode(hall, client, student, NEW)
  const page = await client.get('/account/phone/code')
  assert.ok(page.has('短信服务暂时没有回应，正在重试') && page.html.includes('data-poll="running"'))
  hall.clock.advance(1000)
  await hall.drain()
  assert.ok((await client.get('/account/phone/code')).has('验证码已发到 139****5678'))
})

test('a phone that changes hands goes to who proved it last, and the former holder is told', async t => {
  const hall = await startTestApp(t)
  const { student, classmate } = await cast(hall.app)
  const [mine, theirs] = [await hall.phone(student.userid), await hall.phone(classmate.userid)]
  await mine.submit(await askCode(hall, mine, student, NEW), '/account/phone/code', { code: codeTo(hall, NEW) })
  hall.clock.advance(MINUTE)
  await theirs.submit(await askCode(hall, theirs, classmate, NEW), '/account/phone/code', { code: codeTo(hall, NEW) })
  assert.deepEqual([await phoneOf(hall, student), await phoneOf(hall, classmate)], [null, NEW])
  await hall.drain()
  assert.ok((await mine.get('/account')).has('还没有设置'))
  assert.ok(hall.simulator.state.messagesTo(student.userid).some(message => JSON.stringify(message).includes('手机号已由另一个人验证')), 'by WeCom')
  assert.ok((await mine.get('/messages')).has('手机号'))
})

test('two people who prove one phone at once: one has it, the other is told', async t => {
  const hall = await startTestApp(t)
  const { student, classmate } = await cast(hall.app)
  const { app: { database: { db, write }, keyring } } = hall
  const vault = createVault(keyring)
  const prove = (person: Someone) => write(tx => setPhone(tx, vault, null, { person_id: person.person_id, phone: NEW, proven: true }))
  const outcomes = await Promise.allSettled([prove(student), prove(classmate)])
  const holders = await db.selectFrom('identity_people').select('id').where('proven_phone_index', '=', vault.index('phone', NEW)).execute()
  assert.equal(holders.length, 1)
  const phones = [await phoneOf(hall, student), await phoneOf(hall, classmate)]
  assert.equal(phones.filter(phone => phone === NEW).length, 1)
  const refused = outcomes.filter(outcome => outcome.status === 'rejected').length
  const moved = await db.selectFrom('events').select('id').where('name', '=', 'identity.phone-moved').execute()
  assert.equal(refused + moved.length, 1, 'the loser hears of it')
})

test('who has a phone: the one who proved it, else the only one the roster names', async t => {
  const hall = await startTestApp(t)
  const { student, classmate } = await cast(hall.app)
  const { app: { database: { db, write }, keyring } } = hall
  const vault = createVault(keyring)
  const set = (person: Someone, proven: boolean) => write(tx => setPhone(tx, vault, null, { person_id: person.person_id, phone: NEW, proven }))
  const found = async () => {
    const { person, proven } = await personByPhone(db, vault, NEW) ?? {}
    return [person?.id, proven]
  }
  assert.deepEqual(await found(), [undefined, undefined])
  await set(student, false)
  assert.deepEqual(await found(), [student.person_id, false])
  await set(classmate, false)
  assert.deepEqual(await found(), [undefined, undefined], 'two are named')
  await set(classmate, true)
  assert.deepEqual(await found(), [classmate.person_id, true])
  await assert.rejects(set(student, false), /已由另一个人验证过/)
  assert.equal(await phoneOf(hall, student), null)
})

test('phones kept before there was an index get theirs, a slice at a time', async t => {
  const hall = await startTestApp(t)
  const { app: { database: { db, write }, keyring } } = hall
  const vault = createVault(keyring)
  await db.updateTable('identity_people').set({ phone_index: null }).execute()
  while (await write(tx => indexPhones(tx, vault)));
  const rows = await db.selectFrom('identity_people').select(['phone_sealed', 'phone_index']).where('phone_sealed', 'is not', null).execute()
  assert.ok(rows.length > 10 && rows.every(row => row.phone_index === vault.index('phone', vault.open('phone', row.phone_sealed ?? ''))))
})

const typed: [string, boolean, string | null][] = [
  ['13800000001', false, '13800000001'], ['+8613800000001', false, '13800000001'], ['8613800000001', false, '13800000001'], ['0086 138 0000 0001', false, '13800000001'],
  ['（+86）138－0000–0001', false, '13800000001'], ['１３８００００００ 01', false, '13800000001'], ['11800000001', false, null], ['1380000000', false, null], ['', false, null],
  ['+852 5123 4567', false, null], ['+852 5123 4567', true, '+85251234567'], ['00852 51234567', true, '+85251234567'], ['51234567', true, null], ['+86 123', true, null],
]
for (const [text, abroad, phone] of typed) {
  test(`“${text}”${abroad ? ', numbers abroad taken,' : ''} is ${phone ?? 'no phone'}`, () => assert.equal(readPhone(text, { abroad }), phone))
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { receive } from '../../src/features/callbacks/verbs.ts'
import { hearMember } from '../../src/features/identity/verbs/hear-contacts.ts'
import { memberOf } from '../../src/features/identity/verbs/members.ts'
import { testClock } from '../../src/platform/clock.ts'
import { corp, saveCallback } from '../support/app.ts'
import { openTestDatabase } from '../support/database.ts'
import { openContacts } from './contacts-hall.ts'

type Hall = Awaited<ReturnType<typeof openContacts>>

async function open(...args: Parameters<typeof openContacts>) {
  const hall = await openContacts(...args)
  await saveCallback(hall.simulator, `${hall.origin}/wecom/contacts/callback`, 'contacts')
  return hall
}

/** An event as it is kept, `seconds` after the clock's present second: the platform sends late ones too. */
async function event({ app, clock, drain }: Hall, source: 'wecom' | 'contacts', fields: Record<string, string>, seconds: number): Promise<void> {
  const all = { ToUserName: corp.corpId, FromUserName: 'sys', CreateTime: String(Math.floor(clock.now() / 1000) + seconds), MsgType: 'event', Event: 'change_contact', ...fields }
  const xml = `<xml>${Object.entries(all).map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`).join('')}</xml>`
  await app.database.write(tx => receive(tx, source, xml))
  await drain()
}

test('who follows the join code is noticed, and who leaves and comes back keeps the binding', async t => {
  const hall = await open(t)
  const { want, simulator, student, db, drain, phoneOf } = hall
  await simulator.admin.removeMember(student.userid)
  await drain()
  assert.deepEqual([(await memberOf(db, student.number)).status, (await memberOf(db, student.number)).wecom_status], ['left', 5])
  await phoneOf(student.person_id, '13900000001')
  assert.equal((await want(student.number)).followed_at, null)
  await simulator.join(student.userid)
  await drain()
  const followed = await memberOf(db, student.number)
  assert.ok(followed.followed_at !== null)
  assert.deepEqual([followed.wecom_status, followed.sentence], [1, '已加入企业微信'])
  assert.ok(await db.selectFrom('identity_bindings').select('id').where('current_number', '=', student.number).executeTakeFirst(), 'the binding was never ended')
})

test('messages to a member who left wait, and go out once when the member is there again', async t => {
  const hall = await open(t)
  const { app, simulator, student, drain, clock } = hall
  const tell = async (title: string): Promise<void> => {
    await app.database.write(tx => app.messages.tell(tx, { to: student.person_id, kind: 'note', title, lines: [], url: '/', subject: student.person_id }))
    await drain()
  }
  const titles = () => simulator.state.messagesTo(student.userid).map(message => JSON.stringify(message.content)).filter(text => text.includes('通知')).length
  await event(hall, 'contacts', { ChangeType: 'delete_user', UserID: student.userid }, 1)
  await tell('通知一')
  assert.equal(titles(), 0)
  clock.advance(60_000)
  await event(hall, 'wecom', { Event: 'subscribe', FromUserName: student.userid }, 2)
  assert.equal(titles(), 1)
  await tell('通知二')
  assert.equal(titles(), 2)
})

test('an event that comes late does not undo a newer one, and one that comes twice is applied once', async t => {
  const hall = await open(t)
  const { student, db } = hall
  const status = async () => (await memberOf(db, student.number)).wecom_status
  const gone = { ChangeType: 'delete_user', UserID: student.userid }
  await event(hall, 'contacts', gone, 10)
  assert.equal(await status(), 5)
  await event(hall, 'wecom', { Event: 'subscribe', FromUserName: student.userid }, 5)
  assert.equal(await status(), 5, 'it followed before it was deleted')
  await event(hall, 'wecom', { Event: 'subscribe', FromUserName: student.userid }, 20)
  assert.equal(await status(), 1)
  await event(hall, 'contacts', gone, 10)
  assert.equal(await status(), 1, 'the same event again')
})

test('a deletion that is told on both callbacks in one second counts, whichever is read first', async t => {
  const { db, write } = await openTestDatabase(t, { clock: testClock() })
  const hear = (userid: string, change: 'gone' | 'left-range' | 'followed', id: string, at = 1000): Promise<void> =>
    write(tx => hearMember(tx, { kind: 'member', userid, change, renamed: null }, { at, id }))
  const standing = async (userid: string) => await db.selectFrom('identity_members').select(['wecom_status', 'followed_at']).where('userid_key', '=', userid).executeTakeFirstOrThrow()
  for (const [userid, order] of [['one', ['a', 'b']], ['other', ['b', 'a']]] as const) {
    await hear(userid, 'followed', 'a', 500)
    for (const id of order) await hear(userid, id === 'a' ? 'gone' : 'left-range', id)
    assert.deepEqual(await standing(userid), { wecom_status: 5, followed_at: null }, userid)
    await hear(userid, 'followed', 'c', 2000)
    await hear(userid, 'left-range', 'd', 1500)
    assert.deepEqual(await standing(userid), { wecom_status: 1, followed_at: 2000 }, 'one that comes late does not undo a newer one')
  }
})

test('a changed userid is the same member, and events under the old one do not make a second', async t => {
  const hall = await open(t)
  const { simulator, student, db, reconcile, drain } = hall
  await reconcile()
  const member = simulator.state.member(student.userid)
  assert.ok(member)
  member.generated = true
  hall.clock.advance(2000)
  await simulator.admin.renameMember(student.userid, 'renamed.one')
  await drain()
  const view = await memberOf(db, student.number)
  assert.equal(view.userid, 'renamed.one')
  assert.equal((await db.selectFrom('identity_bindings').select('userid').where('current_number', '=', student.number).executeTakeFirstOrThrow()).userid, 'renamed.one')
  await event(hall, 'contacts', { ChangeType: 'delete_user', UserID: student.userid }, -1)
  assert.equal((await memberOf(db, student.number)).wecom_status, 1)
  assert.equal((await db.selectFrom('identity_members').select('userid_key').where('userid_key', '=', student.userid.toLowerCase()).execute()).length, 0)
  assert.ok((await reconcile()).has('没有差异'))
})

test('departments come, change and go as the platform tells, in its order', async t => {
  const hall = await open(t)
  const { simulator, db, drain, clock } = hall
  const row = async () => await db.selectFrom('identity_departments').select(['name', 'parent_department']).where('department_id', '=', 950).executeTakeFirst()
  await simulator.admin.addDepartment({ id: 950, name: '校史馆', parentid: 1 })
  await drain()
  clock.advance(2000)
  await simulator.admin.updateDepartment(950, { name: '校史馆筹建处' })
  await drain()
  assert.equal((await row())?.name, '校史馆筹建处')
  await event(hall, 'contacts', { ChangeType: 'update_party', Id: '950', Name: '旧名' }, -1)
  assert.equal((await row())?.name, '校史馆筹建处', 'an older name')
  clock.advance(2000)
  await simulator.admin.removeDepartment(950)
  await drain()
  assert.equal(await row(), undefined)
})

test('a finished import elsewhere makes the book be read again, once', async t => {
  const { simulator, db, drain } = await open(t)
  await simulator.admin.importEnded('job-1', 'sync_user')
  await drain()
  assert.deepEqual((await db.selectFrom('identity_contact_runs').select(['kind', 'status']).execute()), [{ kind: 'pull', status: 'done' }])
})

test('nonsense in an event is kept and changes nothing', async t => {
  const hall = await open(t)
  const before = await hall.db.selectFrom('identity_members').select('userid_key').execute()
  const nonsense: Record<string, string>[] = [
    { ChangeType: 'create_user' }, { ChangeType: 'create_user', UserID: '<b>' }, { ChangeType: 'update_user', UserID: 'x', NewUserID: '../..' }, { ChangeType: 'update_tag', TagId: '1' }, { ChangeType: 'create_party', Id: 'x' }, { ChangeType: '' },
  ]
  for (const fields of nonsense) {
    await event(hall, 'contacts', fields, 1)
  }
  assert.deepEqual(await hall.db.selectFrom('identity_members').select('userid_key').execute(), before)
  assert.deepEqual((await hall.db.selectFrom('jobs').select(['name', 'error']).where('status', '=', 'dead').execute()), [])
})

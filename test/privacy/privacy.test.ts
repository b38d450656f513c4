import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp, type TestApp } from '../support/app.ts'
import { applyForCertificate } from '../support/certificate.ts'
import { cast } from '../support/people.ts'

/** As if the sample's people had never been asked. */
async function unasked({ app }: TestApp): Promise<void> {
  await app.database.db.deleteFrom('privacy_consents').execute()
}

test('who comes for the first time reads the notice before anything else, agrees, and goes on to the page asked for', async t => {
  const hall = await startTestApp(t)
  await unasked(hall)
  const { student } = await cast(hall.app)
  const phone = await hall.phone(student.userid)
  const asked = await phone.get('/services?category=all')
  assert.equal(asked.path.split('?')[0], '/privacy/consent')
  assert.ok(asked.has('明湖大学的办事大厅处理你的哪些个人信息') && asked.has('同意并继续'), asked.text)
  assert.equal((await phone.post('/account/data/copy', { _csrf: asked.value('_csrf') })).status, 403)
  const on = await phone.submit(asked, '/privacy/consent')
  assert.equal(on.path, '/services?category=all')
  assert.equal((await phone.get('/')).path, '/')
  assert.equal((await (await hall.phone(student.userid)).get('/')).path, '/', 'another device does not ask again')
})

test('who does not agree leaves, and still verifies documents and reads the notice', async t => {
  const hall = await startTestApp(t)
  await unasked(hall)
  const { student } = await cast(hall.app)
  const phone = await hall.phone(student.userid)
  const asked = await phone.get('/')
  assert.equal((await phone.submit(asked, '/logout')).path, '/login')
  assert.equal((await phone.get('/verify')).status, 200)
  assert.ok((await phone.get('/privacy')).has('隐私说明'))
})

test('a text that has changed is asked about again, and the one agreed to stays readable', async t => {
  const hall = await startTestApp(t)
  const { student } = await cast(hall.app)
  const { db } = hall.app.database
  const hash = 'a'.repeat(64)
  await db.insertInto('privacy_notices').values({ hash, name: 'privacy', zh: '<p>去年的说明</p>', en: '<p>Last year</p>', kept_at: 1 }).execute()
  await db.updateTable('privacy_consents').set({ hash }).where('person_id', '=', student.person_id).where('name', '=', 'privacy').execute()
  const phone = await hall.phone(student.userid)
  const asked = await phone.get('/')
  assert.equal(asked.path.split('?')[0], '/privacy/consent')
  const stale = await phone.post('/privacy/consent', { _csrf: asked.value('_csrf'), hash, to: '/' })
  assert.equal(stale.status, 409)
  await phone.submit(asked, '/privacy/consent')
  const data = await phone.get('/account/data')
  assert.ok(data.has('隐私说明'), data.text)
  assert.ok((await phone.get(`/privacy/${hash}`)).has('去年的说明'))
  const consents = await db.selectFrom('privacy_consents').select(['hash', 'lasting']).where('person_id', '=', student.person_id).where('name', '=', 'privacy').orderBy('id').execute()
  assert.deepEqual(consents.map(each => each.lasting !== null), [false, true])
})

test('a consent is withdrawn as easily as it was given', async t => {
  const hall = await startTestApp(t)
  const { student } = await cast(hall.app)
  const phone = await hall.phone(student.userid)
  const link = (await phone.get('/account/data')).root.querySelectorAll('a').find(each => each.getAttribute('href')?.endsWith('/privacy/withdrawal'))?.getAttribute('href') ?? ''
  const question = await phone.get(link)
  assert.ok(question.has('你会退出登录'))
  assert.equal((await phone.submit(question, question.path)).path, '/privacy')
  const again = await hall.phone(student.userid)
  assert.equal((await again.get('/')).path.split('?')[0], '/privacy/consent')
})

test('a person sees everything that is kept about them, and takes a copy in which nothing is masked', async t => {
  const hall = await startTestApp(t)
  const { student, classmate } = await cast(hall.app)
  const phone = await hall.phone(student.userid)
  await applyForCertificate(phone)
  await hall.drain()
  const data = await phone.get('/account/data')
  for (const words of ['基本信息（1）', '学工号（1）', '企业微信绑定（1）', '申请（1）', '我的同意（2）', '用途', '保存多久', student.number]) assert.ok(data.has(words), `${words}: ${data.text}`)
  const { phone: whole } = await hall.app.identity.contactOf(hall.app.database.db, student.person_id)
  assert.ok(whole && !data.html.includes(whole), 'masked on the screen')
  const copy = await phone.submit(data, '/account/data/copy')
  assert.match(copy.headers.get('content-disposition') ?? '', /attachment/)
  const read = new TextDecoder().decode(copy.bytes)
  assert.ok(read.includes(whole) && read.includes(student.name) && !read.includes(classmate.number), 'their own, and nobody else\'s')
  JSON.parse(read)
})

test('a whole number or mailbox is shown with the right, a reason and a record that the person reads', async t => {
  const hall = await startTestApp(t)
  const { student, security, admin } = await cast(hall.app)
  const desk = await hall.phone(security.userid)
  const form = await desk.get((await desk.get(`/admin/people/${student.person_id}`)).link('查看完整的号码或邮箱'))
  const without = await desk.submit(form, form.path, { what: 'phone', reason: ' ' })
  assert.equal(without.status, 422)
  assert.ok(without.has('请写明为什么要查看'))
  const { phone: whole } = await hall.app.identity.contactOf(hall.app.database.db, student.person_id)
  const shown = await desk.submit(form, form.path, { what: 'phone', reason: '电话核实丢失的校园卡' })
  assert.ok(whole && shown.has(whole), shown.text)
  assert.equal(shown.headers.get('cache-control'), 'no-store')
  assert.ok(!(await desk.get(`/admin/people/${student.person_id}`)).html.includes(whole))
  const { email } = await hall.app.identity.contactOf(hall.app.database.db, student.person_id)
  assert.ok(email && !(await desk.get(`/admin/people/${student.person_id}`)).html.includes(email), 'the mailbox is masked as the phone is')
  assert.ok((await desk.submit(form, form.path, { what: 'email', reason: '退信，核对邮箱' })).has(email))
  const own = await (await hall.phone(student.userid)).get('/account/data')
  assert.ok(own.has('谁看过完整的号码或邮箱（2）') && own.has('退信，核对邮箱') && own.has('电话核实丢失的校园卡') && own.has(security.number), own.text)
  assert.equal((await (await hall.phone(admin.userid)).get(form.path)).status, 403)
})

test('a correction is asked for at the desk, with the words begun', async t => {
  const hall = await startTestApp(t)
  const { student } = await cast(hall.app)
  const phone = await hall.phone(student.userid)
  const form = await phone.get((await phone.get('/account/data')).link('申请更正或删除'))
  assert.match(form.value('problem'), /我要更正（或删除）下面的信息/)
})

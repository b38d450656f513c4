import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DELIVERIES_A_DAY } from '../../src/features/documents/rules.ts'
import { schoolTime } from '../../src/platform/dates.ts'
import { startTestApp } from '../support/app.ts'
import { cast } from '../support/people.ts'
import { issued, upload } from './office.ts'

test('the record lists, shows and downloads what was issued, for its owner and administrators alone', async t => {
  const hall = await startTestApp(t)
  const { document, phone, page, pdf, student } = await issued(hall)
  const { classmate, tutor, admin } = await cast(hall.app)
  const list = await phone.get('/documents')
  assert.equal(list.heading, '申请记录')
  assert.equal(list.link('中文在读证明'), `/documents/${document.id}`)
  for (const words of [document.number, `${student.name} ${student.number}`, '企业微信文件', '邮件', 'st***@example.com', '已发送', '建议填写非 QQ 邮箱，在电脑上打开文件']) assert.ok(page.has(words), `${words}: ${page.text}`)
  assert.equal(Buffer.from(pdf).subarray(0, 5).toString(), '%PDF-')
  const file = await phone.get(`/documents/${document.id}/file`)
  assert.match(file.headers.get('content-disposition') ?? '', /^attachment; filename="document\.pdf"; filename\*=UTF-8''%E4%B8%AD/)
  assert.equal(file.headers.get('content-type'), 'application/pdf')

  const desk = await hall.phone(admin.userid)
  assert.equal((await desk.get(`/documents/${document.id}/file`)).status, 200)
  for (const other of [classmate, tutor]) {
    const browser = await hall.phone(other.userid)
    for (const path of ['', '/file']) assert.equal((await browser.get(`/documents/${document.id}${path}`)).status, 404, `${other.name} ${path}`)
    assert.ok(!(await browser.get('/documents')).has(document.number))
    const token = (await browser.get('/account')).value('_csrf')
    assert.equal((await browser.post(`/documents/${document.id}/mailing`, { _csrf: token, mailbox: 'thief@example.com' })).status, 404)
  }
  assert.equal((await phone.get('/documents/01ARZ3NDEKTSV4RRFFQ69G5FAV')).status, 404)
})

test('file and mail are sent again at a press, and to another mailbox when the first was wrong', async t => {
  const hall = await startTestApp(t)
  const { document, phone, page, student } = await issued(hall)
  const { mails } = hall.simulator.state
  const files = () => hall.simulator.state.messagesTo(student.userid).filter(message => message.msgtype === 'file').length
  const { deliveries } = { deliveries: await hall.app.messages.deliveriesOf(hall.app.database.db, document.id) }
  const resend = async (part: string) => {
    const { id = '' } = deliveries.find(each => each.part === part) ?? {}
    const after = await phone.submit(await phone.get(`/documents/${document.id}`), `/documents/${document.id}/deliveries/${id}/resending`)
    assert.ok(after.has('已重新发送'), after.text)
    await hall.drain()
  }
  await resend('file')
  assert.equal(files(), 2)
  await resend('mail')
  assert.equal(mails.length, 2)

  assert.equal(page.value('mailbox'), 'student@example.com', 'the address stands there to be corrected')
  const wrong = await phone.submit(page, `/documents/${document.id}/mailing`, { mailbox: 'student@' })
  assert.equal(wrong.status, 422)
  assert.equal(wrong.value('mailbox'), 'student@')
  assert.ok(wrong.has('请填写完整的邮箱地址'))
  const sent = await phone.submit(page, `/documents/${document.id}/mailing`, { mailbox: 'visa.office@example.org', whose: 'mine' })
  assert.ok(sent.has('已寄往新的邮箱'), sent.text)
  await hall.drain()
  assert.equal(mails.length, 3)
  assert.match(JSON.stringify(mails.at(-1)), /visa\.office@example\.org/)
  const event = await hall.app.database.db.selectFrom('events').select(['actor_id', 'data']).where('name', '=', 'documents.mailed').executeTakeFirstOrThrow()
  assert.equal(event.actor_id, student.person_id)
  assert.doesNotMatch(event.data, /@/, 'events hold ids only')
})

test('a mail that waits for its turn at its domain says when it goes out, in 申请记录, on the paper’s page and to the administrator', async t => {
  const hall = await startTestApp(t, { env: { MAIL_PER_MINUTE: '1' } })
  const { admin } = await cast(hall.app)
  const { document, phone } = await issued(hall)
  await phone.submit(await phone.get(`/documents/${document.id}`), `/documents/${document.id}/mailing`, { mailbox: 'zhangsan@example.com', whose: 'mine' })
  await hall.drain()
  const { address, due_at } = await hall.app.database.db.selectFrom('messages_deliveries').select(['address', 'due_at']).where('channel', '=', 'mail').where('status', '=', 'queued').executeTakeFirstOrThrow()
  assert.equal(address, 'zhangsan@example.com')
  const turn = `排到 11月16日 ${schoolTime(due_at ?? 0).time} 发出`
  for (const path of ['/documents', `/documents/${document.id}`]) assert.ok((await phone.get(path)).has(turn), path)
  const desk = await hall.phone(admin.userid)
  const waiting = (await desk.get('/admin/messages?status=queued')).root.querySelector('[data-label=发送时间] time')
  assert.equal(Date.parse(waiting?.getAttribute('datetime') ?? ''), due_at)
  hall.clock.advance(60_000)
  await hall.drain()
  for (const path of ['/documents', `/documents/${document.id}`]) assert.ok(!(await phone.get(path)).has('排到'), path)
})

test('a mail that its server puts off says why, and that it is tried again', async t => {
  const hall = await startTestApp(t)
  hall.simulator.trouble.mailBusy = 1
  const { document, phone } = await issued(hall)
  assert.ok((await phone.get('/documents')).has('邮件服务器暂时没有收下这封邮件，会自动再试'))
  assert.ok((await phone.get(`/documents/${document.id}`)).has('邮件服务器暂时没有收下这封邮件 · 会自动再试'))
  hall.clock.advance(60_000)
  await hall.drain()
  assert.ok(!(await phone.get('/documents')).has('会自动再试'))
  assert.equal(hall.simulator.state.mails.length, 1)
})

test('what did not arrive is said in 申请记录, with the mailbox open to be corrected, until it was made good', async t => {
  const hall = await startTestApp(t)
  hall.simulator.trouble.mailRefused = 1
  const { document, phone } = await issued(hall)
  const open = async () => (await phone.get(`/documents/${document.id}`)).root.querySelector('details:has(input[name=mailbox])')?.hasAttribute('open')
  assert.ok((await phone.get('/documents')).has('有一次发送没有成功'))
  assert.equal(await open(), true)
  hall.simulator.trouble.mailUnanswered = 1
  const to = async (mailbox: string) => {
    await phone.submit(await phone.get(`/documents/${document.id}`), `/documents/${document.id}/mailing`, { mailbox, whose: 'mine' })
    await hall.drain()
  }
  await to('zhangsan@example.com')
  assert.ok((await phone.get('/documents')).has('有一次发送没有成功'), 'one unknown makes no other good')
  await to('zhangsan@example.org')
  const list = await phone.get('/documents')
  assert.ok(!list.has('没有成功') && !list.has('结果未知'), list.text)
  assert.equal(await open(), false)
  hall.simulator.trouble.mailUnanswered = 1
  await to('zhangsan@example.net')
  assert.ok((await phone.get('/documents')).has('有一次发送结果未知'))
})

test('a mailbox is not pestered: after so many deliveries in a day the record asks to wait', async t => {
  const hall = await startTestApp(t)
  const { document, phone, page } = await issued(hall)
  const send = () => phone.submit(page, `/documents/${document.id}/mailing`, { mailbox: 'someone@example.org', whose: 'mine' })
  const first = (await hall.app.messages.deliveriesOf(hall.app.database.db, document.id)).length
  for (let sent = first; sent < DELIVERIES_A_DAY; sent++) assert.equal((await send()).status, 200)
  const refused = await send()
  assert.equal(refused.status, 409)
  assert.ok(refused.has('今天发送的次数太多'), refused.text)
  await hall.drain()
  assert.ok(!(await phone.get(`/documents/${document.id}`)).has('重新发送'), 'no button that cannot work')
  hall.clock.advance(24 * 3_600_000 + 1)
  const fresh = await hall.phone(document.person_number)
  assert.ok((await fresh.get(`/documents/${document.id}`)).has('重新发送'))
})

test('an administrator revokes after a question and with a reason; its owner is told, and nobody can use it any more', async t => {
  const hall = await startTestApp(t)
  const { document, phone, page, pdf, student, code } = await issued(hall)
  const { admin } = await cast(hall.app)
  const address = `/admin/documents/${document.id}/revocation`
  assert.ok(!page.html.includes(address), 'no way for its owner')
  assert.equal((await phone.get(address)).status, 403)

  const desk = await hall.phone(admin.userid)
  const question = await desk.get((await desk.get(`/documents/${document.id}`)).link('作废'))
  assert.ok(question.has(`作废${student.name}的中文在读证明（${document.number}）之后不能恢复`), question.text)
  const blank = await desk.submit(question, address, { reason: '  ' })
  assert.equal(blank.status, 422)
  assert.ok(blank.has('请写明作废的原因'))
  const long = await desk.submit(question, address, { reason: '长'.repeat(201) })
  assert.ok(long.has('原因最多 200 个字'))
  assert.equal(long.value('reason').trim(), '长'.repeat(201), 'what was typed is kept')
  const done = await desk.submit(question, address, { reason: '专业名称有误' })
  assert.ok(done.has('已作废。之后核验的人会看到作废和原因'), done.text)
  await hall.drain()

  const message = hall.simulator.state.messagesTo(student.userid).find(each => JSON.stringify(each).includes('已作废'))
  assert.match(JSON.stringify(message), /专业名称有误/)
  const after = await phone.get(`/documents/${document.id}`)
  for (const words of ['已作废', '专业名称有误']) assert.ok(after.has(words), after.text)
  assert.ok(!after.has('重新发送') && !after.has('寄往另一个邮箱'))
  const event = await hall.app.database.db.selectFrom('events').select(['actor_id', 'subject']).where('name', '=', 'documents.revoked').executeTakeFirstOrThrow()
  assert.deepEqual({ ...event }, { actor_id: admin.person_id, subject: document.application_id })

  for (const again of [await desk.submit(question, address, { reason: '再来一次' }), await desk.get(address)]) {
    assert.equal(again.status, 409)
    assert.ok(again.has('文件已经作废'), again.text)
  }
  const stranger = hall.stranger()
  for (const verdict of [await stranger.get(`/verify/${code}`), await upload(stranger, pdf)]) {
    for (const words of ['已作废', '已于 2026年11月16日 作废', '原因：专业名称有误']) assert.ok(verdict.has(words), verdict.text)
    assert.ok(!verdict.has('真实有效'))
  }
})

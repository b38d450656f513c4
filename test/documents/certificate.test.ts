import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../support/app.ts'
import { applyForCertificate, idIn } from '../support/certificate.ts'
import { cast } from '../support/people.ts'

test('a student applies, tutor and registrar agree, and a sealed certificate arrives and is found genuine', async t => {
  const hall = await startTestApp(t)
  const { student, tutor, registrars } = await cast(hall.app)
  const phone = await hall.phone(student.userid)
  const sent = await applyForCertificate(phone)
  assert.match(sent.path, /^\/applications\//)
  assert.ok(sent.has('等辅导员'), sent.text)

  await hall.drain()
  const [card] = hall.simulator.state.messagesTo(tutor.userid).filter(message => message.card)
  assert.ok(card?.task_id)
  await hall.simulator.click(tutor.userid, card.task_id, 'approve')
  await hall.drain()
  const [after] = hall.simulator.state.messagesTo(tutor.userid).filter(message => message.card)
  assert.match(JSON.stringify(after), new RegExp(tutor.name))

  const [registrar] = registrars
  assert.ok(registrar)
  const desk = await hall.phone(registrar.userid)
  const received = await desk.get('/received')
  const detail = await desk.get(received.link('在读证明'))
  const task = idIn(detail.root.querySelector('form[action^="/tasks/"]')?.getAttribute('action') ?? '')
  await desk.submit(detail, `/tasks/${task}/decision`, { decision: 'approve', comment: '情况属实' })
  await hall.drain()

  const files = hall.simulator.state.messagesTo(student.userid).filter(message => message.msgtype === 'file')
  assert.equal(files.length, 1)
  const [mail] = hall.simulator.state.mails
  assert.equal(hall.simulator.state.mails.length, 1)
  assert.ok(mail)
  const list = await phone.get('/documents')
  const document = await phone.get(list.link('中文在读证明'))
  assert.ok(document.has('已签章'), document.text)
  const file = await phone.get(document.link('下载文件'))
  assert.equal(Buffer.from(file.bytes).subarray(0, 5).toString(), '%PDF-')

  const verify = hall.stranger()
  const code = document.root.querySelectorAll('dd').map(each => each.text.trim()).find(text => /^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/.test(text)) ?? ''
  const byCode = await verify.get(`/verify?code=${code.toLowerCase()}`)
  assert.ok(byCode.has('真实有效'), byCode.text)
  assert.ok(!byCode.has(student.name), 'the holder is masked')
  const upload = (content: Uint8Array) => verify.post('/verify/file', { file: { filename: 'a.pdf', type: 'application/pdf', content } })
  assert.ok((await upload(file.bytes)).has('真实有效'))
  const bent = Buffer.from(file.bytes)
  bent[400] = (bent[400] ?? 0) ^ 1
  assert.ok((await upload(bent)).has('已被篡改'))
})

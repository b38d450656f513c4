import assert from 'node:assert/strict'
import { test } from 'node:test'
import nodemailer from 'nodemailer'
import { world, type World } from './support.ts'

function send(w: World, more: Record<string, unknown> = {}) {
  const mailer = nodemailer.createTransport(w.sim.smtpUrl)
  return mailer.sendMail({
    from: '办事大厅 <hall@example.edu.cn>', to: '张三 <zhang@example.com>', subject: '你的在读证明', text: '见附件', html: '<p>见附件</p><script>alert(1)</script>',
    attachments: [{ filename: '在读证明.pdf', content: Buffer.from('%PDF-1.7'), contentType: 'application/pdf' }], ...more,
  }).finally(() => mailer.close())
}

test('a mail is kept with its parts and opens on the page', async (t) => {
  const w = await world(t)
  await send(w, { headers: { 'X-Delivery': 'd-1' } })
  const [mail] = w.sim.state.mails
  assert.ok(mail)
  assert.deepEqual([mail.from, mail.to, mail.subject, mail.text.trim(), mail.headers['x-delivery']], ['hall@example.edu.cn', ['zhang@example.com'], '你的在读证明', '见附件', 'd-1'])
  assert.deepEqual(mail.attachments.map(({ filename, mimeType, data }) => [filename, mimeType, data.toString()]), [['在读证明.pdf', 'application/pdf', '%PDF-1.7']])
  const html = await fetch(`${w.sim.origin}/simulator/mails/${mail.id}/html`)
  assert.match(html.headers.get('content-security-policy') ?? '', /^sandbox (?!.*allow-scripts)/)
  const part = await fetch(`${w.sim.origin}/simulator/mails/${mail.id}/attachments/0/x.pdf`)
  assert.deepEqual([await part.text(), part.headers.get('content-type')], ['%PDF-1.7', 'application/pdf'])
})

test('mail is refused, put off, or taken without an answer', async (t) => {
  const w = await world(t)
  const code = (error: unknown) => (error instanceof Error && 'responseCode' in error ? error.responseCode : undefined)
  w.sim.trouble.mailRefused = 1
  await assert.rejects(send(w), (error) => code(error) === 550)
  w.sim.trouble.mailBusy = 1
  await assert.rejects(send(w), (error) => code(error) === 451)
  assert.equal(w.sim.state.mails.length, 0)
  w.sim.trouble.mailUnanswered = 1
  await assert.rejects(send(w), (error) => code(error) === undefined)
  assert.equal(w.sim.state.mails.length, 1)
})

test('an SMS is kept; limits and failures are told apart', async (t) => {
  const { sim } = await world(t)
  const sms = async (to: string, text = '验证码 1234') => {
    const response = await fetch(sim.smsUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ to, text }) })
    return [response.status, JSON.parse(await response.text())] as const
  }
  const [status, body] = await sms('13800000001')
  assert.deepEqual([status, body.ok, typeof body.id], [200, true, 'string'])
  sim.trouble.smsLimit = 1
  assert.deepEqual((await sms('13800000001'))[1].error, 'limit')
  sim.trouble.smsFail = 1
  assert.deepEqual((await sms('13800000001'))[1].error, 'fail')
  assert.equal((await sms('12'))[1].error, 'number')
  assert.equal((await sms('13800000001', ''))[1].error, 'text')
  assert.deepEqual(sim.state.sms.map(({ to, text }) => [to, text]), [['13800000001', '验证码 1234']])
})

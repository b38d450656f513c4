import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { startTestApp, type TestApp } from '../support/app.ts'
import { applyForCertificate, idIn } from '../support/certificate.ts'
import type { Page } from '../support/client.ts'
import { cast } from '../support/people.ts'
import { checkCards, checkDeliveries, checkJobs } from './count.ts'
import { until } from './until.ts'

/** From application to approval, by card and by page; returns the student's page of the document. `before` each step something may be made to go wrong. */
async function certificate(hall: TestApp, which: number, before: (step: 'apply' | 'click' | 'decide') => void = () => {}): Promise<{ page(): Promise<Page>; resend(): Promise<void> }> {
  const { student, tutor, registrars: [registrar] } = await cast(hall.app, which)
  const phone = await hall.phone(student.userid)
  before('apply')
  const application = idIn((await applyForCertificate(phone, { mailbox: `s${which}@example.com` })).path)
  await settle(hall)
  const card = hall.simulator.state.messagesTo(tutor.userid).find(message => message.card && JSON.stringify(message).includes(application))
  before('click')
  await hall.simulator.click(tutor.userid, card?.task_id ?? '', 'approve')
  await settle(hall)
  const desk = await hall.phone(registrar?.userid ?? '')
  const detail = await desk.get(`/applications/${application}`)
  const task = idIn(detail.root.querySelector('form[action^="/tasks/"]')?.getAttribute('action') ?? '')
  before('decide')
  await desk.submit(detail, `/tasks/${task}/decision`, { decision: 'approve', comment: '情况属实' })
  await settle(hall)
  const document = await hall.app.database.db.selectFrom('documents_documents').select('id').where('application_id', '=', application).executeTakeFirstOrThrow()
  const page = () => phone.get(`/documents/${document.id}`)
  return { page, async resend() {
    const again = await hall.phone(student.userid) // the session may be over by now
    const shown = await again.get(`/documents/${document.id}`)
    const action = shown.root.querySelectorAll('form[action$="/resending"]').find(form => form.closest('li')?.text.includes('@example.com'))?.getAttribute('action') ?? ''
    await again.submit(shown, action)
    await settle(hall)
  } }
}

/** Runs what is due, and lets the back-off of what failed pass, four tries long. */
async function settle(hall: TestApp): Promise<void> {
  for (const seconds of [0, 1, 4, 16, 64, 256, 1024]) {
    hall.clock.advance(seconds * 1000)
    await hall.drain()
  }
}

const mailsTo = (hall: TestApp, address: string) => hall.simulator.state.mails.filter(mail => mail.to.includes(address)).length

test('a mail that is refused says so and is not repeated; a person sends it again', async t => {
  const hall = await startTestApp(t)
  hall.simulator.trouble.mailRefused = 1
  const { page, resend } = await certificate(hall, 0)
  assert.ok((await page()).has('被拒收'), (await page()).text)
  assert.equal(mailsTo(hall, 's0@example.com'), 0)
  await resend()
  assert.equal(mailsTo(hall, 's0@example.com'), 1)
})

test('a mail that is put off goes out by itself', async t => {
  const hall = await startTestApp(t)
  hall.simulator.trouble.mailBusy = 2
  const { page } = await certificate(hall, 0)
  assert.equal(mailsTo(hall, 's0@example.com'), 1)
  assert.ok(!(await page()).has('被拒收') && !(await page()).has('结果未知'), (await page()).text)
})

test('a mail whose end nobody heard is 结果未知, and only a person sends it again', async t => {
  const hall = await startTestApp(t)
  hall.simulator.trouble.mailUnanswered = 1
  const { page, resend } = await certificate(hall, 0)
  assert.ok((await page()).has('结果未知'), (await page()).text)
  for (let hour = 0; hour < 6; hour++) {
    hall.clock.advance(3_600_000)
    await hall.drain()
  }
  assert.equal(mailsTo(hall, 's0@example.com'), 1, 'nothing goes out again by itself')
  await resend()
  assert.equal(mailsTo(hall, 's0@example.com'), 2)
})

type Trouble = TestApp['simulator']['trouble']

const TROUBLES: readonly (readonly [string, Partial<Trouble>])[] = [
  ['its token expired', { expireToken: true }],
  ['its token was withdrawn', { revokeToken: true }],
  ['it counts too many calls', { rateLimit: 1 }],
  ['it is busy', { busy: 2 }],
  ['it is busy for longer than the patience of one try', { busy: 6, onlyApi: 'message' }],
  ['its answers are lost', { dropAnswer: 1, onlyApi: 'message/send' }],
  ['the answer to a changed card is lost', { dropAnswer: 1, onlyApi: 'update_template_card' }],
  ['the answer to an upload is lost', { dropAnswer: 1, onlyApi: 'media/upload' }],
  ['it tells of each click twice', { doubleCallback: true }],
]

test('whatever ails WeCom, an application comes to its end, everything arrives once and cards tell the truth', async t => {
  const hall = await startTestApp(t)
  let which = 0
  for (const [name, trouble] of TROUBLES) {
    await t.test(`when ${name}`, async () => {
      const { page } = await certificate(hall, which++, () => Object.assign(hall.simulator.trouble, trouble))
      for (const kind of ['rateLimit', 'busy', 'dropAnswer'] as const) if (trouble[kind]) assert.equal(hall.simulator.trouble[kind], 0, `${kind} has struck`)
      Object.assign(hall.simulator.trouble, { rateLimit: false, busy: false, dropAnswer: false, doubleCallback: false, onlyApi: '' })
      await settle(hall)
      assert.ok((await page()).has('已签章'))
      const seen = { database: hall.app.database, simulator: hall.simulator }
      const tally = await checkDeliveries(seen)
      assert.deepEqual(Object.keys(tally).filter(key => !/ (sent|dropped)$/.test(key)), [])
      await checkCards(seen)
      await checkJobs(seen)
    })
  }
})

test('a browser that is killed while it draws costs a second try, and the document is issued once', async t => {
  const hall = await startTestApp(t)
  const before = new Set(browsers())
  const killed = Promise.withResolvers<number>()
  const { page } = await certificate(hall, 0, step => {
    if (step !== 'decide') return
    void until('a browser to start', () => browsers().find(pid => !before.has(pid))).then(pid => {
      process.kill(pid, 'SIGKILL')
      killed.resolve(pid)
    }, killed.reject)
  })
  await killed.promise
  assert.ok((await page()).has('已签章'), (await page()).text)
  const draws = await hall.app.database.db.selectFrom('jobs').select(['status', 'attempts']).where('name', '=', 'documents.draw').execute()
  assert.deepEqual(draws.map(row => [row.status, row.attempts]), [['done', 2]])
  assert.equal((await hall.app.database.db.selectFrom('documents_documents').select('id').execute()).length, 1)
  assert.equal(mailsTo(hall, 's0@example.com'), 1)
})

/** Browsers that this process has started. */
function browsers(): number[] {
  return readdirSync('/proc').filter(name => /^\d+$/.test(name)).flatMap(name => {
    try {
      const parent = readFileSync(`/proc/${name}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')[1]
      return Number(parent) === process.pid && readFileSync(`/proc/${name}/comm`, 'utf8').startsWith('chrom') ? [Number(name)] : []
    } catch {
      return [] // it has ended meanwhile
    }
  })
}

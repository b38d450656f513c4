import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestApp, type TestApp } from '../support/app.ts'
import type { Client, Page } from '../support/client.ts'
import { cast, type Someone } from '../support/people.ts'
import { sharedCleaner } from './office.ts'

const shared = sharedCleaner(after)
let hall: TestApp
before(async () => { hall = await startTestApp(shared) })

/** A student of the sample with a phone; each story takes another one. */
async function student(which: number): Promise<{ student: Someone; phone: Client }> {
  const { student: someone } = await cast(hall.app, which)
  return { student: someone, phone: await hall.phone(someone.userid) }
}

/** 生成预览图 for a kind; ends on the preview. */
async function preview(phone: Client, kind = 'enrolment-zh', family = 'certificates'): Promise<Page> {
  return phone.submit(await phone.get(`/documents/new/${family}`), '/documents/requests', { kind })
}

const requestsOf = (person_number: string) => hall.app.database.db.selectFrom('documents_requests').selectAll().where('person_number', '=', person_number).orderBy('id').execute()
const documentsOf = (person_number: string) => hall.app.database.db.selectFrom('documents_documents').selectAll().where('person_number', '=', person_number).orderBy('id').execute()

test('a student chooses a certificate, looks at its preview, names a mailbox, and the sealed file arrives', async () => {
  const { student: someone, phone } = await student(0)
  const list = await phone.get('/documents/new/certificates')
  assert.equal(list.heading, '电子证明')
  for (const words of ['中文在读证明', '英语在读证明', '免费', '生成预览图']) assert.ok(list.has(words), words)
  const page = await preview(phone)
  assert.match(page.path, /^\/documents\/requests\//)
  assert.equal(page.heading, '中文在读证明')
  const src = page.root.querySelector('.preview img')?.getAttribute('src') ?? ''
  const picture = await phone.get(src)
  assert.equal(picture.headers.get('content-type'), 'image/jpeg')
  assert.equal(picture.headers.get('cache-control'), 'no-store')
  assert.deepEqual([...picture.bytes.subarray(0, 3)], [0xff, 0xd8, 0xff])
  assert.equal((await documentsOf(someone.number)).length, 0, 'a preview issues nothing')

  const form = await phone.get(page.link('没有错误，继续'))
  const action = form.root.querySelector('form.form')?.getAttribute('action') ?? ''
  const wrong = await phone.submit(form, action, { to: 'mine', mailbox: 'not a mailbox' })
  assert.equal(wrong.status, 422)
  assert.equal(wrong.value('mailbox'), 'not a mailbox')
  assert.ok(wrong.has('请填写完整的邮箱地址'))
  await phone.submit(form, action, { to: 'mine', mailbox: 'reader@example.com' })
  await hall.drain()
  const [document] = await documentsOf(someone.number)
  assert.deepEqual([document?.status, document?.mail_to], ['issued', 'reader@example.com'])
  assert.equal(hall.simulator.state.mails.filter(mail => mail.to.includes('reader@example.com')).length, 1)
  assert.equal((await requestsOf(someone.number))[0]?.status, 'done')
  assert.ok((await phone.get(`/documents/${document?.id}`)).has('已签章'))
})

test('a second tab and an impatient thumb lead to the same request and to one paper', async () => {
  const { student: someone, phone } = await student(1)
  const list = await phone.get('/documents/new/certificates')
  await Promise.all([0, 1, 2].map(() => phone.submit(list, '/documents/requests', { kind: 'enrolment-en' })))
  const [request, ...others] = await requestsOf(someone.number)
  assert.deepEqual(others, [])
  assert.ok((await phone.get('/documents/new/certificates')).has('上次没有办完，会接着办理'))
  const form = await phone.get(`/documents/requests/${request?.id}/delivery`)
  const action = `/documents/requests/${request?.id}/delivery`
  const answers = await Promise.all([0, 1, 2].map(() => phone.submit(form, action, { to: 'phone' })))
  assert.deepEqual(answers.map(page => page.status), [200, 200, 200])
  await hall.drain()
  assert.equal((await documentsOf(someone.number)).length, 1)
  const again = await phone.submit(form, action, { to: 'phone' })
  assert.ok(again.has('已签章'), again.text)
  assert.equal((await documentsOf(someone.number)).length, 1)
  // Once it is there another one may be had.
  assert.equal((await preview(phone, 'enrolment-en')).heading, '英语在读证明')
  assert.equal((await requestsOf(someone.number)).length, 2)
})

test('somebody else gets it only with a name and their own consent, which is kept', async () => {
  const { student: someone, phone } = await student(2)
  const page = await preview(phone)
  const form = await phone.get(page.link('没有错误，继续'))
  const action = form.root.querySelector('form.form')?.getAttribute('action') ?? ''
  const hash = form.root.querySelector('input[name=consent]')?.getAttribute('value') ?? ''
  const asked = form.root.querySelectorAll('.ways input:not([type=hidden])').filter(input => input.closest('fieldset, .field')?.querySelector('.must'))
  assert.deepEqual([...new Set(asked.map(input => input.getAttribute('name')))], ['to', 'mailbox', 'recipient', 'other', 'consent', 'days'], 'what must be filled in has its mark')
  const wrong = await phone.submit(form, action, { to: 'other', other: 'hr@example.com' })
  assert.equal(wrong.status, 422)
  for (const words of ['请填写收件的单位或人', '寄给别人，需要你同意提供这份文件']) assert.ok(wrong.has(words), words)
  const incomplete = await phone.submit(form, action, { to: 'other', other: 'hr' })
  assert.deepEqual(incomplete.root.querySelectorAll('.summary li').map(each => each.text.trim().split('：')[0]), ['收件的单位或人', '对方的邮箱', '同意'], 'as they stand in the form')
  assert.equal(wrong.value('other'), 'hr@example.com')
  const stale = await phone.submit(form, action, { to: 'other', other: 'hr@example.com', recipient: '某某公司', consent: 'f'.repeat(64) })
  assert.equal(stale.status, 409)
  await phone.submit(form, action, { to: 'other', other: 'hr@example.com', recipient: '某某公司', consent: hash })
  await hall.drain()
  assert.equal((await requestsOf(someone.number))[0]?.recipient, '某某公司')
  const consents = await hall.app.database.db.selectFrom('privacy_consents').selectAll().where('person_id', '=', someone.person_id).where('name', '=', 'third-party').execute()
  assert.deepEqual(consents.map(consent => consent.about), ['中文在读证明（某某公司）'])
})

test('a paper in English goes abroad with a mail in English, the same below in Chinese, and so does a link to it', async () => {
  const { student: someone, phone } = await student(10)
  const form = await phone.get((await preview(phone, 'enrolment-en')).link('没有错误，继续'))
  const hash = form.root.querySelector('input[name=consent]')?.getAttribute('value') ?? ''
  const already = hall.simulator.state.mails.length
  await phone.submit(form, form.root.querySelector('form.form')?.getAttribute('action') ?? '', { to: 'other', other: 'admissions@example.org', recipient: 'Graduate Admissions', consent: hash })
  await hall.drain()
  const [document] = await documentsOf(someone.number)
  const english = JSON.parse(document?.facts ?? '{}').name_en
  const [mail] = hall.simulator.state.mails.slice(already)
  assert.equal(mail?.subject, `Enrolment certificate (English), ${english}`)
  assert.equal(mail?.attachments[0]?.filename, `Enrolment certificate (English)-${document?.number}.pdf`)
  const [first = '', second = ''] = mail?.text.split('———') ?? []
  assert.ok(first.includes(`Attached is a document of ${english}`) && !/\p{Script=Han}/u.test(first), first)
  assert.ok(second.includes(`附件是${someone.name}的英语在读证明`), second)

  const share = await phone.get(`/documents/${document?.id}/shares/new`)
  const until = new Date(hall.clock.now() + 8 * 86_400_000).toISOString().slice(0, 10)
  const agreed = share.root.querySelector('input[name=consent]')?.getAttribute('value') ?? ''
  await phone.submit(share, `/documents/${document?.id}/shares`, { until, passcode: 'on', recipient: 'Graduate Admissions', mailbox: 'admissions@example.org', consent: agreed })
  await hall.drain()
  const [link, passcode] = hall.simulator.state.mails.slice(already + 1).toSorted((one, other) => Number(other.text.includes('/share/')) - Number(one.text.includes('/share/')))
  assert.ok(link?.text.startsWith('To Graduate Admissions,') && link.text.includes(`${english} has shared a document with you through the service hall of Minghu University`) && !link.text.includes('{{'), link?.text)
  assert.match(passcode?.text ?? '', /^Dear Sir or Madam,\s+The passcode for the link in the other mail is: [0-9A-Z]{6}\s/)
})

test('a preview is its owner’s alone, and nothing is chosen under somebody else’s number', async () => {
  const [{ phone, student: someone }, { phone: other }] = [await student(3), await student(4)]
  await preview(phone)
  const [request] = await requestsOf(someone.number)
  for (const path of ['', '/preview.jpg', '/delivery', '/correction']) assert.equal((await other.get(`/documents/requests/${request?.id}${path}`)).status, 404, path)
  const form = await other.get('/documents/new/certificates')
  for (const path of ['delivery', 'cancellation', 'correction']) assert.equal((await other.post(`/documents/requests/${request?.id}/${path}`, { _csrf: form.value('_csrf'), to: 'phone', line: 'name', said: 'x' })).status, 404, path)
  const foreign = await other.submit(form, '/documents/requests', { kind: 'enrolment-zh', number: someone.number })
  assert.equal(foreign.status, 404)
  assert.equal((await requestsOf(someone.number)).length, 1)
})

test('what is no kind of these lists cannot be had, and is said at the form', async () => {
  const { phone } = await student(4)
  for (const kind of ['', 'record', 'nonsense', '__proto__']) {
    const page = await phone.submit(await phone.get('/documents/new/certificates'), '/documents/requests', { kind })
    assert.equal(page.status, 422, kind)
    assert.ok(page.has('请选择要哪一种'), kind)
    assert.equal(page.heading, '电子证明')
    assert.ok(page.text.indexOf('请选择要哪一种') < page.text.indexOf('中文在读证明'), 'above the kinds: below them it lies under the edge of a phone')
  }
})

test('staff have no papers of this kind, and read why', async () => {
  const { tutor } = await cast(hall.app)
  const page = await (await hall.phone(tutor.userid)).get('/documents/new/transcripts')
  assert.ok(page.has('这里的文件开给有学号的人'), page.text)
})

test('a request can be cancelled, and one that nobody comes back to is put away', async () => {
  const { student: someone, phone } = await student(5)
  const first = await preview(phone)
  const [one] = await requestsOf(someone.number)
  await phone.submit(first, `/documents/requests/${one?.id}/cancellation`)
  await preview(phone)
  const [, two] = await requestsOf(someone.number)
  hall.clock.advance(8 * 86_400_000)
  await hall.app.runner.tick()
  await hall.drain()
  const statuses = (await requestsOf(someone.number)).map(({ status, open_key }) => [status, open_key])
  assert.deepEqual(statuses, [['cancelled', null], ['cancelled', null]])
  assert.equal((await (await hall.phone(someone.userid)).get(`/documents/requests/${two?.id}`)).heading, '申请记录')
})

test('without a browser the preview says so and what to do, and nothing unseen goes on', async t => {
  const own = await startTestApp(t, { env: { CHROMIUM_PATH: '/nowhere/chromium-headless-shell' } })
  const { student: someone } = await cast(own.app)
  const phone = await own.phone(someone.userid)
  const page = await preview(phone)
  assert.ok(page.has('学校的服务器暂时不能生成预览图') && page.has('再试一次'), page.text)
  assert.ok(!page.has('没有错误，继续'))
  assert.ok(page.has('这里有错'), 'its lines can be read and reported all the same')
  assert.ok((await phone.get(`${page.path}/preview.jpg`)).status >= 500)
})

test('who has studied under two numbers chooses which, and each has its own papers', async () => {
  const [{ student: someone, phone }, { student: donor }] = [await student(8), await student(9)]
  const { db } = hall.app.database
  await db.updateTable('identity_numbers').set({ person_id: someone.person_id }).where('number', '=', donor.number).execute()
  const list = await phone.get('/documents/new/certificates')
  assert.ok(list.has(someone.number) && list.has(donor.number), list.text)
  const other = await phone.get(list.link(donor.number))
  assert.equal(other.value('number'), donor.number)
  await phone.submit(other, '/documents/requests', { kind: 'enrolment-zh' })
  assert.deepEqual((await requestsOf(donor.number)).map(({ person_id }) => person_id), [someone.person_id])
  assert.equal((await requestsOf(someone.number)).length, 0)
})

test('申请记录 shows what is not finished, is narrowed by words and state, and its owner revokes a paper there', async () => {
  const { student: someone, phone } = await student(6)
  assert.ok((await phone.get('/documents')).has('还没有证明文件'))
  const form = await phone.get((await preview(phone)).link('没有错误，继续'))
  await phone.submit(form, form.root.querySelector('form.form')?.getAttribute('action') ?? '', { to: 'phone' })
  await hall.drain()
  await preview(phone, 'enrolment-en')
  const list = await phone.get('/documents')
  for (const words of ['还没有办完', '还没有确认', '英语在读证明', '已签章']) assert.ok(list.has(words), `${words}: ${list.text}`)
  const [document] = await documentsOf(someone.number)
  const papers = async (query: string) => (await phone.get(`/documents?${query}`)).root.querySelectorAll('#papers a.cell').map(cell => cell.getAttribute('href'))
  const own = [`/documents/${document?.id}`]
  assert.deepEqual([await papers('q=在读'), await papers(`q=${document?.number}`), await papers('q=英语'), await papers('status=issued'), await papers('status=revoked')], [own, own, [], own, []])

  const page = await phone.get(`/documents/${document?.id}`)
  for (const words of ['办理过程', '生成预览图', '核对无误，确认办理', '学校签章']) assert.ok(page.has(words), `${words}: ${page.text}`)
  const question = await phone.get(page.link('作废'))
  assert.ok(question.has('不能恢复') && question.has('收不回来'), question.text)
  assert.equal((await phone.submit(question, question.path, { reason: ' ' })).status, 422)
  const { phone: other } = await student(7)
  assert.equal((await other.get(question.path)).status, 404)
  assert.equal((await other.post(question.path, { _csrf: (await other.get('/account')).value('_csrf'), reason: '不是我的' })).status, 404)
  const revoked = await phone.submit(question, question.path, { reason: '寄错了单位' })
  assert.ok(revoked.has('已作废') && revoked.has('寄错了单位'), revoked.text)
  assert.equal((await phone.submit(question, question.path, { reason: '再来一次' })).status, 409)
  assert.ok((await hall.stranger().get(`/verify/${document?.code}`)).has('已作废'))
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import writeXlsxFile from 'write-excel-file/node'
import { startTestApp } from '../support/app.ts'
import type { Client, Page } from '../support/client.ts'
import { applyForCertificate, idIn } from '../support/certificate.ts'
import { cast } from '../support/people.ts'

const EVIL = `"'><xss onload=x>{{1}}\${1}<%=1%>`
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const PDF = Buffer.from('%PDF-1.7\n%%EOF\n')

/** Every page that leads from these by links, as far as `most`. */
async function walk(client: Client, from: readonly string[], most = 120): Promise<Page[]> {
  const waiting = [...from]
  const seen = new Set<string>()
  const pages: Page[] = []
  for (let path = waiting.shift(); path !== undefined && pages.length < most; path = waiting.shift()) {
    const key = path.replace(/before=[^&]*|after=[^&]*/g, '')
    if (seen.has(key)) continue
    seen.add(key)
    const page = await client.get(path)
    pages.push(page)
    for (const link of page.root.querySelectorAll('a[href]')) {
      const href = new URL(link.getAttribute('href') ?? '', `http://hall${path}`)
      if (href.host === 'hall' && !/\/(file|errors|assets|template)\b|\/auth\/|\/attachments\//.test(href.pathname)) waiting.push(href.pathname + href.search)
    }
  }
  return pages
}

test('words that look like markup stay words, on every page, card and mail', async t => {
  const hall = await startTestApp(t)
  const { db } = hall.app.database
  const { student, tutor, registrars: [registrar], admin, security, audit } = await cast(hall.app)
  assert.ok(registrar)
  for (const { person_id, name } of [student, tutor, registrar]) await db.updateTable('identity_people').set({ name: `${name}${EVIL}` }).where('id', '=', person_id).execute()
  await db.updateTable('identity_units').set(({ fn, val }) => ({ name: fn<string>('concat', ['name', val(EVIL)]) })).execute()
  const [phone, tutorPhone, desk, console] = [await hall.phone(student.userid), await hall.phone(tutor.userid), await hall.phone(registrar.userid), await hall.phone(admin.userid)]

  const decide = async (client: Client, decision: string) => {
    const list = await client.get('/received')
    const page = await client.get(list.root.querySelectorAll('main a').map(link => link.getAttribute('href') ?? '').find(href => href.startsWith('/applications/')) ?? '')
    const action = page.root.querySelector('form[action^="/tasks/"]')?.getAttribute('action') ?? ''
    const answer = await client.submit(page, action, { decision, comment: EVIL })
    await hall.drain()
    return answer
  }
  const fields = { purpose: 'other', purpose_other: EVIL, remark: EVIL, attachment: { filename: `${EVIL}.pdf`, type: 'application/pdf', content: PDF } }
  const sent = await applyForCertificate(phone, fields)
  await hall.drain()
  assert.equal((await decide(tutorPhone, 'return')).status, 200)
  const back = await phone.get(`/applications/${idIn(sent.path)}/correction`)
  await phone.submit(back, back.path, { purpose: 'other', purpose_other: EVIL, remark: `${EVIL}2`, mailbox: 'a@b.cn', language: 'zh', intent: 'submit' })
  await hall.drain()
  await decide(tutorPhone, 'approve')
  await decide(desk, 'approve')
  const second = await applyForCertificate(phone, fields)
  await hall.drain()
  await decide(tutorPhone, 'reject')
  assert.ok((await phone.get(second.path)).has('驳回'))

  const document = await db.selectFrom('documents_documents').select(['id', 'status', 'code']).executeTakeFirst()
  if (document?.status === 'issued') {
    const question = await console.get(`/admin/documents/${document.id}/revocation`)
    await console.submit(question, question.path, { reason: EVIL })
    await hall.drain()
  }
  const heads = ['学号', '姓名', '性别', '证件号码', '院系编号', '专业', '培养层次', '入学日期', EVIL]
  const roster = await writeXlsxFile([heads.map(value => ({ value, type: String })), ['=1+1', EVIL, EVIL, '=1+1', EVIL, EVIL, EVIL, EVIL, '=cmd|calc'].map(value => ({ value, type: String }))]).toBuffer()
  const imports = await console.get('/admin/import')
  await console.submit(imports, '/admin/import', { kind: 'students', file: { filename: `${EVIL}.xlsx`, type: XLSX, content: roster } })

  const q = encodeURIComponent(EVIL)
  const verdict = await hall.stranger().get(`/verify/${document?.code ?? 'X'}`)
  const pages = [
    verdict, ...await walk(hall.stranger(), [`/login?to=${q}`, `/verify?code=${q}`, `/verify/${q}`, `/${q}`, `/auth/wecom/callback?code=${q}&state=${q}`]),
    ...await walk(phone, ['/', `/?q=${q}`, `/services?category=${q}`, '/account', `/services/${q}`, `/sent?before=${q}&state=${q}`, `/messages?before=${q}`, '/services/enrolment-certificate/apply']),
    ...await walk(tutorPhone, ['/', '/received', '/received?state=done']), ...await walk(desk, ['/', '/received', '/received?state=done']),
    ...await walk(console, ['/admin', `/admin/people?q=${q}`, `/admin/applications?q=${q}`, '/admin/import', `/admin/people/${student.person_id}`, `/admin/people/${tutor.person_id}`, '/admin/documents', '/admin/jobs?status=done', sent.path]),
    ...await walk(await hall.phone(audit.userid), ['/admin', `/admin/events?name=${q}&subject=${q}&actor=${q}`]),
    ...await walk(await hall.phone(security.userid), [`/admin/people/${student.person_id}`]),
  ]

  await t.test('none of the pages holds it as markup', () => {
    assert.ok(pages.length > 60, `${pages.length} pages`)
    assert.ok(pages.filter(page => page.html.includes('&lt;xss')).length > 25, 'and many of them hold it as words')
    for (const { path, html, root, status } of pages) {
      assert.ok(!html.includes('<xss'), path)
      assert.ok(status < 500, path)
      assert.deepEqual(root.querySelectorAll('[onload], [onerror], [onclick]').length, 0, path)
      for (const href of root.querySelectorAll('[href]').map(each => each.getAttribute('href') ?? '')) assert.match(href, /^(\/(?![/\\])|#|\?|https?:\/\/localhost|mailto:|tel:|$)/, path)
      assert.doesNotMatch(html, /\{\{1\}\}.{0,3}1<|\bundefined\b.{0,20}xss/, path)
    }
  })

  await t.test('nor does a mail or a card; each is one message to one person', () => {
    for (const mail of hall.simulator.state.mails) assert.ok(!JSON.stringify(mail.html ?? '').includes('<xss'))
    for (const { userid } of [student, tutor, registrar])
      for (const message of hall.simulator.state.messagesTo(userid).filter(each => each.msgtype === 'textcard')) assert.ok(!JSON.stringify(message).includes('<xss'), JSON.stringify(message))
  })

  await t.test('a search finds words, not patterns', async () => {
    const found = async (path: string) => (await console.get(path)).root.querySelectorAll('tbody tr').length
    for (const word of ['_', '%25_%25', "''", '%5C%25', '%25x%25s', '!%25']) assert.equal(await found(`/admin/applications?q=${word}`), 0, word)
    assert.ok(await found(`/admin/applications?q=${encodeURIComponent(student.name)}`) > 0)
  })

  await t.test('a spreadsheet of errors holds text, no formula', async () => {
    const list = await console.get('/admin/import')
    const page = await console.get(list.root.querySelector('tbody a')?.getAttribute('href') ?? '')
    assert.ok(page.has('1 行都不能导入') && page.has('<xss'), page.text)
    const errors = await console.get(`${page.path}/refused-rows.csv`)
    assert.match(String(errors.headers.get('content-disposition')), /^attachment/)
    const text = new TextDecoder().decode(errors.bytes)
    assert.ok(text.includes("'=cmd|calc") && !/(^|,)"?[=+@-]/m.test(text), text)
  })
})

test('a subject, a name of a sender or of a file cannot begin a line of its own in a mail', async t => {
  const hall = await startTestApp(t)
  const { db } = hall.app.database
  const { student, tutor, registrars: [registrar] } = await cast(hall.app)
  assert.ok(registrar)
  const phone = await hall.phone(student.userid)
  await applyForCertificate(phone, { mailbox: 'student@example.com' })
  await hall.drain()
  for (const { userid } of [tutor, registrar]) {
    const client = await hall.phone(userid)
    const page = await client.get((await client.get('/received')).link('在读证明'))
    await client.submit(page, page.root.querySelector('form[action^="/tasks/"]')?.getAttribute('action') ?? '', { decision: 'approve', comment: '' })
    if (userid === registrar.userid) {
      await db.updateTable('messages_messages').set({ title: 'x\r\nBcc: evil@evil.example\r\n\r\nbody' }).execute()
    }
    await hall.drain()
  }
  await db.updateTable('messages_messages').set({ title: 'x\r\nBcc: evil@evil.example\r\n\r\nbody' }).execute()
  const record = await phone.get((await phone.get('/documents')).link('在读证明'))
  const again = record.root.querySelectorAll('form').map(form => form.getAttribute('action') ?? '').find(action => action.endsWith('/resending'))
  assert.ok(again)
  for (const action of new Set(record.root.querySelectorAll('form').map(form => form.getAttribute('action') ?? '').filter(each => each.endsWith('/resending')))) await phone.submit(record, action)
  await hall.drain()
  const mails = hall.simulator.state.mails
  assert.ok(mails.length >= 2)
  for (const mail of mails) assert.ok(!JSON.stringify(mail).includes('"evil@evil.example"'), 'nobody else is written to')
})

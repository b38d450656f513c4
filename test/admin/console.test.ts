import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { isWorded, jobTitle, KINDS } from '../../src/features/admin/words.ts'
import { newId } from '../../src/platform/ids.ts'
import { textIn } from '../../src/platform/text.ts'
import { approved, issued } from '../documents/office.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { applyForCertificate } from '../support/certificate.ts'
import type { Client, Page } from '../support/client.ts'
import { cast } from '../support/people.ts'

async function desk(hall: TestApp, who: 'admin' | 'audit' = 'admin'): Promise<Client> {
  return hall.phone((await cast(hall.app))[who].userid)
}

const rows = (page: Page) => page.root.querySelectorAll('tbody tr').map(row => row.querySelectorAll('td').map(cell => cell.structuredText.replace(/\s+/g, ' ').trim()))
const figure = (page: Page, label: string) => page.root.querySelectorAll('.figure').find(each => each.text.includes(label))?.querySelector('.figure-value')?.text.trim()

test('the overview counts what is under way and says what does not work on this installation', async t => {
  const hall = await startTestApp(t, { env: { SMTP_URL: '', MAIL_FROM: '' } })
  const { student } = await cast(hall.app)
  const phone = await hall.phone(student.userid)
  await applyForCertificate(phone)
  await hall.drain()
  const browser = await desk(hall)
  const page = await browser.get('/admin')
  assert.equal(page.heading, '总览')
  assert.equal(figure(page, '办理中的申请'), '1')
  assert.equal(figure(page, '失败的作业'), '0')
  assert.ok(page.has('没有配置发信服务器（SMTP_URL）'), page.text)
  assert.ok(page.has('最近的申请') && page.has(student.name), 'what was sent lately')
  assert.ok(!page.has('最近发生'), 'the trail is not for who keeps the system running')
  const auditor = await (await desk(hall, 'audit')).get('/admin')
  assert.ok(auditor.has('提交申请') && !auditor.has('办理中的申请') && !auditor.has('失败的作业'), auditor.text)
  browser.cookies.set('language', 'en')
  const english = await browser.get('/admin')
  assert.ok(english.has('No mail server is configured'), english.text)
  assert.doesNotMatch(english.text.replace(/明湖大学|办事大厅/g, ''), /没有配置|提交申请/)
})

test('a job that died is shown with what its last try said, and an administrator gives it all its tries again', async t => {
  const hall = await startTestApp(t)
  const { document, application } = await issued(hall)
  const { db } = hall.app.database
  // Its template is gone, as after a restored backup: drawing fails however often it is tried.
  await db.updateTable('documents_documents').set({ status: 'reserved', sha256: null, template_hash: 'gone' }).where('id', '=', document.id).execute()
  await db.updateTable('jobs').set({ status: 'waiting', attempts: 0, due_at: hall.clock.now(), finished_at: null }).where('name', '=', 'documents.draw').execute()
  for (let round = 0; round < 12; round++) {
    await hall.drain()
    hall.clock.advance(3_600_000)
  }
  const browser = await hall.phone((await cast(hall.app)).admin.userid)
  const overview = await browser.get('/admin')
  assert.equal(figure(overview, '失败的作业'), '1')
  assert.ok(overview.has('需要处理'))
  const page = await browser.get(overview.link('失败的作业'))
  assert.ok(page.has('documents.draw'), page.text)
  const dead = await db.selectFrom('jobs').select(['id', 'attempts', 'error']).where('status', '=', 'dead').executeTakeFirstOrThrow()
  assert.equal(dead.attempts, 8)

  await db.updateTable('documents_documents').set({ template_hash: document.template_hash }).where('id', '=', document.id).execute()
  const after = await browser.submit(page, `/admin/jobs/${dead.id}/retry`)
  assert.ok(after.has('已重新排队') && after.has('没有失败的作业'), after.text)
  await hall.drain()
  assert.equal((await db.selectFrom('documents_documents').select('status').where('application_id', '=', application).executeTakeFirstOrThrow()).status, 'issued')
  const late = await browser.submit(page, `/admin/jobs/${dead.id}/retry`)
  assert.equal(late.status, 409)
  assert.ok(late.has('这项作业不在失败之列'), late.text)
  const event = await db.selectFrom('events').select(['actor_id', 'subject']).where('name', '=', 'admin.job-revived').executeTakeFirstOrThrow()
  assert.equal(event.subject, dead.id)
  for (const status of ['waiting', 'running', 'done']) assert.equal((await browser.get(`/admin/jobs?status=${status}`)).status, 200)
})

test('the trail says in words what happened to whom by whom, filtered by kind, person and object', async t => {
  const hall = await startTestApp(t)
  const { document, student } = await issued(hall)
  const browser = await desk(hall, 'audit')
  const page = await browser.get('/admin/events')
  assert.equal(page.heading, '事件记录')
  assert.doesNotMatch(page.text, /\b(services|approvals|documents|messages|identity|callbacks)\.[a-z-]+/, 'no raw name')
  assert.ok(page.has('文件已签章并送出') && page.has('待办任务分派给处理人') && page.has('系统'), page.text)
  assert.deepEqual(page.root.querySelectorAll('tbody a').map(link => link.getAttribute('href') ?? '').filter(href => !href.startsWith('?subject=')), [], 'no link to what the auditor may not open')
  for (const path of [`/documents/${document.id}`, `/applications/${document.application_id}`, `/admin/people/${student.person_id}`]) assert.ok([403, 404].includes((await browser.get(path)).status), path)

  const words = (shown: Page) => new Set(rows(shown).map(cells => cells[1]))
  const documents = words(await browser.get('/admin/events?name=documents.'))
  assert.ok(documents.has('文件已签章并送出') && !documents.has('提交申请') && !documents.has('通知已发送'), [...documents].join())
  const own = await browser.get(`/admin/events?actor=${student.number}`)
  assert.ok(rows(own).length > 0 && rows(own).every(cells => cells[2] === `${student.name} ${student.number}`), own.text)
  assert.equal(own.value('actor'), student.number)
  const subject = `?subject=${document.application_id}`
  assert.ok(page.root.querySelectorAll('a').some(each => each.getAttribute('href') === subject))
  const story = await browser.get(`/admin/events${subject}`)
  assert.ok(story.has('提交申请') && story.has('文件已签章并送出') && !story.has('登录（'), story.text)
  assert.ok(story.has('清除筛选'))
  assert.ok((await browser.get('/admin/events?actor=nobody')).has('没有符合条件的记录'))
})

test('every event of every feature has words for the trail', async t => {
  const hall = await startTestApp(t)
  const src = join(import.meta.dirname, '../../src')
  const names = globSync('features/**/*.ts', { cwd: src }).flatMap(file => [...readFileSync(join(src, file), 'utf8').matchAll(/defineEvent\('([^']+)'/g)].map(match => match[1] ?? ''))
  assert.ok(names.length > 25)
  const labels = new Map(hall.app.features.flatMap(feature => Object.entries(feature.labels ?? {})))
  assert.deepEqual(names.filter(name => !isWorded(name, labels)), [])
  assert.deepEqual(names.filter(name => !((name.split('.', 1)[0] ?? '') in KINDS)), [], 'and its kind can be chosen')
})

test('every background job has words', async t => {
  const hall = await startTestApp(t)
  const names = hall.app.features.flatMap(feature => feature.jobs ?? []).map(({ job }) => job.name)
  assert.ok(names.length > 10)
  const english = textIn('en')
  assert.deepEqual(names.filter(name => jobTitle(name, phrase => phrase) === name || /\p{Script=Han}/u.test(jobTitle(name, english))), [])
})

test('the chain of the trail is whole, and a changed, removed or inserted record is told', async t => {
  const hall = await startTestApp(t)
  const { db } = hall.app.database
  await approved(hall, await hall.phone((await cast(hall.app)).student.userid))
  await hall.drain()
  const chain = async () => {
    hall.clock.advance(61_000)
    await hall.app.runner.tick()
    await hall.drain()
  }
  await chain()
  const browser = await desk(hall, 'audit')
  const check = async () => (await browser.submit(await browser.get('/admin/events'), '/admin/events/check')).text
  assert.match(await check(), /\d+ 条记录首尾相接，没有改动过/)
  const chained = await db.selectFrom('events').selectAll().where('chain', 'is not', null).orderBy('chain').execute()
  assert.ok(chained.length > 10)
  assert.ok((await check()).includes(`最后一环 ${chained.at(-1)?.hash?.slice(0, 16)}`))
  assert.deepEqual(chained.map(event => Number(event.chain)), chained.map((_, index) => index + 1))

  const [, , event, following] = chained
  assert.ok(event && following)
  await db.updateTable('events').set({ actor_number: '20999999' }).where('id', '=', event.id).execute()
  assert.match(await check(), new RegExp(`从记录 ${event.id} 起对不上`))
  await db.updateTable('events').set({ actor_number: event.actor_number }).where('id', '=', event.id).execute()
  assert.match(await check(), /没有改动过/)

  await db.deleteFrom('events').where('id', '=', event.id).execute()
  assert.match(await check(), new RegExp(`从记录 ${following.id} 起对不上`))
  await db.insertInto('events').values(event).execute()
  const last = chained.at(-1)
  assert.ok(last)
  const forged = { ...last, id: newId(), chain: Number(last.chain) + 1 }
  await db.insertInto('events').values(forged).execute()
  assert.match(await check(), new RegExp(`从记录 ${forged.id} 起对不上`))
})

test('what was done a week ago is forgotten, what died stays', async t => {
  const hall = await startTestApp(t)
  const { db } = hall.app.database
  await hall.drain()
  const [old] = await db.selectFrom('jobs').select('id').where('status', '=', 'done').limit(1).execute()
  const dead = { name: 'documents.draw', queue: 'documents', dedupe: null, input: '{}', subject: null, priority: 0, attempts: 8, due_at: 1, lease_token: null, lease_until: null, error: 'x', created_at: 1, finished_at: 1 }
  const id = newId()
  await db.insertInto('jobs').values({ ...dead, id, status: 'dead' }).execute()
  assert.ok(old)
  hall.clock.advance(8 * 86_400_000)
  await hall.app.runner.tick()
  await hall.drain()
  assert.deepEqual(await db.selectFrom('jobs').select('id').where('id', '=', old.id).execute(), [])
  assert.equal((await db.selectFrom('jobs').select('id').where('id', '=', id).execute()).length, 1)
})

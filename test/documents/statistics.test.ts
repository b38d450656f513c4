import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { newId } from '../../src/platform/ids.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import type { Client, Page } from '../support/client.ts'
import { cast, type Someone } from '../support/people.ts'
import { asked } from './transcript.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const HERE = '/admin/documents/statistics'
const dayAt = (at: number) => new Date(at + 8 * HOUR).toISOString().slice(0, 10)
const range = (from: number, until: number, more: Record<string, string> = {}) => `${HERE}?${new URLSearchParams({ period: 'range', from: dayAt(from), until: dayAt(until), ...more })}`

const tiles = (page: Page) => Object.fromEntries(page.root.querySelectorAll('.figure').map(figure => [figure.querySelector('.figure-label')?.text.trim(), figure.querySelector('.figure-value')?.text.trim()]))
const tableOf = (page: Page, caption: string) => page.root.querySelectorAll('table').find(table => table.querySelector('caption')?.text.trim() === caption)?.querySelectorAll('tbody tr').map(row => row.querySelectorAll('td').map(cell => cell.structuredText.replace(/\s+/g, ' ').trim()))

type Hall = TestApp & { desk(): Promise<Client> }

async function open(t: { after(clean: () => unknown): void }): Promise<Hall> {
  const hall = await startTestApp(t, { grades: true })
  const { admin } = await cast(hall.app)
  return { ...hall, desk: () => hall.phone(admin.userid) }
}

async function nightPasses(hall: TestApp): Promise<void> {
  hall.clock.advance(DAY)
  await hall.app.runner.tick()
  await hall.drain()
}

async function paper(hall: TestApp, { userid }: Someone, kind: string): Promise<{ id: string; code: string }> {
  const id = await asked(hall, await hall.phone(userid), kind, kind.startsWith('transcript') ? 'transcripts' : 'certificates')
  return hall.app.database.db.selectFrom('documents_documents').select(['id', 'code']).where('id', '=', id).executeTakeFirstOrThrow()
}

const unitOf = async (hall: TestApp, { number }: Someone) => hall.app.database.db.selectFrom('identity_numbers as n').innerJoin('identity_units as u', 'u.id', 'n.unit_id').select(['u.id', 'u.name']).where('n.number', '=', number).executeTakeFirstOrThrow()

test('papers are counted by kind and school, with how they were sent, verified and opened; the same today and after the night', async t => {
  const hall = await open(t)
  const { db } = hall.app.database
  const [one, other] = [(await cast(hall.app, 0)).student, (await cast(hall.app, 40)).student]
  const [school, elsewhere] = [await unitOf(hall, one), await unitOf(hall, other)]
  assert.notEqual(school.id, elsewhere.id, 'two schools')
  const began = hall.clock.now()
  const transcript = await paper(hall, one, 'transcript-zh-gpa')
  await paper(hall, other, 'transcript-zh-gpa')
  await paper(hall, one, 'enrolment-en')
  const stranger = hall.stranger()
  await stranger.get(`/verify/${transcript.code}`)
  hall.clock.advance(5 * 60_000)
  await stranger.get(`/verify/${transcript.code}`)
  const desk = await hall.desk()
  await desk.submit(await desk.get(`/admin/documents/${transcript.id}/revocation`), `/admin/documents/${transcript.id}/revocation`, { reason: '印错了' })
  const share = newId()
  await hall.app.database.write(async tx => {
    await tx.insertInto('documents_shares').values({ id: share, document_id: transcript.id, person_id: one.person_id, token_hash: 'x'.repeat(64), passcode: 0, recipient: null, address: null, purpose: null, views: 2, views_most: null, status: 'open', created_at: began, expires_at: began + DAY, ended_at: null }).execute()
    for (const what of ['opened', 'opened', 'downloaded', 'refused'] as const) await tx.insertInto('documents_share_openings').values({ id: newId(), share_id: share, what, at: hall.clock.now() }).execute()
  })

  const address = range(began, hall.clock.now())
  const counted = { 已签章: '3', 没有生成: '0', 已作废: '1', 核验: '2', 链接打开: '3' }
  const kinds = [['中文成绩单（含绩点，加权平均分）', '2', '2', '0', '1', '2', '3'], ['英语在读证明', '1', '1', '0', '0', '0', '0']]
  const looks = [['用验证码或二维码核验', '2'], ['打开分享链接', '2'], ['从分享链接下载', '1'], ['口令错误被拒绝', '1']]
  const told = async (page: Page) => {
    assert.deepEqual(tiles(page), counted)
    assert.deepEqual(tableOf(page, '各类文件'), kinds)
    assert.deepEqual(tableOf(page, '各院系'), [[school.name, '2', '2', '0', '1', '2', '3'], [elsewhere.name, '1', '1', '0', '0', '0', '0']])
    assert.deepEqual(tableOf(page, '怎样发给本人'), [['企业微信', '3', '3', '0', '0', '0', '0']])
    assert.deepEqual(tableOf(page, '核验和分享'), looks)
    assert.deepEqual(tableOf(page, '签章的份数和核验的次数')?.find(([day]) => day === dayAt(began)), [dayAt(began), '3', '2'])
  }
  await told(await desk.get(address))
  await nightPasses(hall)
  await told(await (await hall.desk()).get(address))

  // What a filter leaves stays in the address and in the file.
  const narrowed = await (await hall.desk()).get(`${address}&kind=transcript-zh-gpa&unit=${elsewhere.id}`)
  assert.deepEqual([narrowed.value('kind'), narrowed.value('unit'), tiles(narrowed)['已签章'], tiles(narrowed)['核验'], tableOf(narrowed, '各类文件')], ['transcript-zh-gpa', elsewhere.id, '1', '0', undefined])
  const csv = Buffer.from((await (await hall.desk()).get(narrowed.link('导出 .csv'))).bytes).toString()
  assert.ok(csv.includes(elsewhere.name) && !csv.includes(school.name) && csv.includes('中文成绩单（含绩点，加权平均分）'), csv)
  // No paper is read again for a day that is written, and a night that comes twice writes the same.
  const written = await db.selectFrom('documents_figures').selectAll().orderBy('figure').orderBy('kind').orderBy('unit_id').orderBy('about').execute()
  assert.ok(written.length > 0)
  await db.deleteFrom('documents_measured').execute()
  await db.deleteFrom('documents_figures').execute()
  await nightPasses(hall)
  assert.deepEqual((await db.selectFrom('documents_figures').selectAll().where('day', '=', dayAt(began)).orderBy('figure').orderBy('kind').orderBy('unit_id').orderBy('about').execute()), written)
})

test('a mail that comes back some days later is counted on the day it was sent, once', async t => {
  const hall = await open(t)
  const { db } = hall.app.database
  const { student } = await cast(hall.app)
  const began = hall.clock.now()
  const { id } = await paper(hall, student, 'enrolment-zh')
  await nightPasses(hall)
  const [delivery] = await db.selectFrom('messages_deliveries').select('id').where('subject', '=', id).where('part', '=', 'file').execute()
  await db.updateTable('messages_deliveries').set({ channel: 'mail', part: 'mail', status: 'bounced' }).where('id', '=', delivery?.id ?? '').execute()
  const sent = async () => tableOf(await (await hall.desk()).get(range(began, hall.clock.now())), '怎样发给本人')
  assert.deepEqual(await sent(), [['企业微信', '1', '1', '0', '0', '0', '0']], 'as the night wrote it')
  await nightPasses(hall)
  assert.deepEqual(await sent(), [['邮件', '1', '0', '1', '0', '0', '0']])
  for (let more = 0; more < 8; more++) await nightPasses(hall)
  await db.updateTable('messages_deliveries').set({ status: 'sent' }).where('id', '=', delivery?.id ?? '').execute()
  await nightPasses(hall)
  assert.deepEqual(await sent(), [['邮件', '1', '0', '1', '0', '0', '0']], 'a day is settled after a week')
})

test('years of a large register are counted in slices, each day once; a year is then read from its days, not from the papers', async t => {
  const hall = await open(t)
  const { db } = hall.app.database
  const { student } = await cast(hall.app)
  const { id } = await paper(hall, student, 'enrolment-zh')
  const row = await db.selectFrom('documents_documents').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const now = hall.clock.now()
  const copies = Array.from({ length: 75 }, (_, index) => ({ ...row, id: newId(), number: `2025${String(index).padStart(8, '0')}`, code: `C${String(index).padStart(15, '0')}`, sha256: String(index).padStart(64, '0'), created_at: now - (index + 1) * DAY, issued_at: now - (index + 1) * DAY }))
  await hall.app.database.write(async tx => { for (const copy of copies) await tx.insertInto('documents_documents').values(copy).execute() })
  assert.ok((await (await hall.desk()).get(range(now - 80 * DAY, now))).has('起的数据还在统计'))
  await nightPasses(hall)
  const days = (await db.selectFrom('documents_measured').select('day').orderBy('day').execute()).map(({ day }) => day)
  assert.deepEqual([days.length, new Set(days).size, days.at(-1)], [76, 76, dayAt(now)])
  // Were a paper read for a day that is written, its absence would show.
  await db.updateTable('documents_documents').set({ issued_at: 0, created_at: 0 }).where('id', 'in', copies.map(copy => copy.id)).execute()
  const page = await (await hall.desk()).get(range(now - 80 * DAY, now))
  assert.ok(!page.has('起的数据还在统计'))
  assert.equal(tiles(page)['已签章'], '76')
  assert.equal(tableOf(page, '各月')?.reduce((sum, [, , issued]) => sum + Number(issued), 0), 76)
})

test('what was paid stands beside the papers, less what went back; where papers are free nobody reads of money', async t => {
  const hall = await open(t)
  const { db } = hall.app.database
  const { student } = await cast(hall.app)
  const began = hall.clock.now()
  const { id } = await paper(hall, student, 'enrolment-zh')
  const page = async () => (await hall.desk()).get(range(began, hall.clock.now()))
  assert.ok(!(await page()).has('收费（元）'))
  await db.updateTable('documents_requests').set({ price: 1250 }).where('document_id', '=', id).execute()
  assert.equal(tiles(await page())['收费（元）'], '12.50')
  await db.updateTable('documents_documents').set({ status: 'impossible', ended_at: hall.clock.now() }).where('id', '=', id).execute()
  await db.updateTable('documents_requests').set({ status: 'impossible' }).where('document_id', '=', id).execute()
  assert.equal(tiles(await page())['收费（元）'], '0.00')
  assert.equal(tableOf(await page(), '各类文件')?.[0]?.at(-1), '0.00')
})

test('the workbook opens and says the same; a period that is none is said with what was typed; an empty page says what to do', async t => {
  const hall = await open(t)
  const desk = await hall.desk()
  assert.ok((await desk.get(HERE)).has('这段时间没有开具文件，也没有人核验'))
  for (const [query, sentence] of [['period=range&from=2026-05-02&until=2026-05-01', '结束日期早于开始日期'], ['period=range&from=2026-05-02', '请选择开始和结束的日期'], ['period=range&from=2020-01-01&until=2026-01-01', '一次最多统计一年']] as const) {
    for (const path of [HERE, `${HERE}/export.xlsx`]) {
      const page = await desk.get(`${path}?${query}&kind=enrolment-zh`)
      assert.deepEqual([page.status, page.has(sentence), page.value('period'), page.value('kind')], [422, true, 'range', 'enrolment-zh'], query)
    }
  }
  await paper(hall, (await cast(hall.app)).student, 'enrolment-zh')
  const file = await desk.get((await desk.get(`${HERE}?period=this-year`)).link('导出 .xlsx'))
  const folder = mkdtempSync(join(tmpdir(), 'hall-figures-'))
  t.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'figures.xlsx'), file.bytes)
  const sheet = execFileSync('python3', ['-c', 'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(z.read([n for n in z.namelist() if "sheet1" in n][0]).decode())', join(folder, 'figures.xlsx')], { encoding: 'utf8' })
  assert.ok(sheet.includes('中文在读证明') && sheet.includes('企业微信：送出') && sheet.includes(dayAt(hall.clock.now()).slice(0, 7)), sheet.slice(0, 2000))
  await desk.submit(await desk.get(HERE), '/language', { to: 'en' })
  const english = await desk.get(HERE)
  const school = await unitOf(hall, (await cast(hall.app)).student)
  assert.ok(english.has('By kind') && !/\p{Script=Han}/u.test(english.root.querySelector('#statistics')?.text.replaceAll(school.name, '') ?? '中'), english.text)
})

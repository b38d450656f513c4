import assert from 'node:assert/strict'
import { test } from 'node:test'
import { xlsxRows } from '../../src/integrations/sources/xlsx.ts'
import { newId } from '../../src/platform/ids.ts'
import { apply, GOOD, startCampus } from '../services/campus.ts'
import { idIn } from '../support/certificate.ts'
import type { Client, Page } from '../support/client.ts'
import { deskOf, startDesk } from './desk.ts'
import { folderOf, plainService } from './services.ts'

const LIST = 'service=enrolment-certificate'
const NEW = `/admin/exports/new?${LIST}`

const idCard = { key: 'card', type: 'id-number', label: '身份证号', required: true }
const service = () => plainService({ fields: fields => [...fields, idCard], sample: { card: '11010519491231002X' } })
const SENT = { ...GOOD, card: '11010519491231002X' }

async function sheet(page: Page): Promise<string[][]> {
  const rows: string[][] = []
  for await (const { rows: some } of xlsxRows(Buffer.from(page.bytes))) rows.push(...some.map(row => row.cells.map(cell => typeof cell === 'string' ? cell : JSON.stringify(cell))))
  return rows
}

/** The boxes that are ticked. */
const ticked = (page: Page) => page.root.querySelectorAll('input[name=columns]').filter(box => box.hasAttribute('checked')).map(box => box.getAttribute('value') ?? '')

async function exported(client: Client, drain: () => Promise<void>, fields: { columns: readonly string[]; name?: string }, address = NEW): Promise<{ page: Page; rows: string[][] }> {
  const started = await client.submit(await client.get(address), '/admin/exports', fields)
  assert.match(started.path, /^\/admin\/exports\/[0-9A-Z]{26}$/, started.text)
  await drain()
  const page = await client.get(started.path)
  return { page, rows: await sheet(await client.get(page.link('下载文件'))) }
}

test('the filtered list is exported with the form’s fields as columns; ID numbers masked, formulas as text, the act in the trail', async t => {
  const campus = await startCampus(t, { serviceFiles: folderOf(t, service()) })
  const [one, two] = [await campus.student(), await campus.student()]
  await apply(one.client, { ...SENT, remark: '=HYPERLINK("http://evil.example","x")' })
  await apply(two.client, { ...SENT, remark: '@SUM(1+1)', purpose: 'exchange' })
  const admin = await deskOf(campus)
  const list = await admin.get(`/admin/applications?${LIST}&q=${encodeURIComponent(one.name)}`)
  const choosing = await admin.get(list.root.querySelector('a[href^="/admin/exports/new"]')?.getAttribute('href') ?? '')
  assert.ok(choosing.has('共 1 份申请'), choosing.text)
  const all = ticked(choosing)
  assert.ok(all.includes('case.number') && all.includes('purpose') && all.includes('card'), 'everything is ticked, the fields of the form among it')
  const one_ = await exported(admin, campus.drain, { columns: all }, choosing.path)
  const [head = [], ...lines] = one_.rows
  assert.equal(lines.length, 1, 'the list as it was filtered')
  const cell = (label: string) => lines[0]?.[head.indexOf(label)]
  assert.deepEqual([cell('申请人'), cell('状态'), cell('用途'), cell('身份证号'), cell('备注')], [one.name, '审批中', '办理签证', '1101**********002X', '=HYPERLINK("http://evil.example","x")'])
  assert.equal(cell('正在办理的人'), '李敏')

  const both = await exported(admin, campus.drain, { columns: ['remark', 'case.person'] })
  assert.deepEqual(both.rows.map(row => row.length === 2 ? row[0] : row), ['申请人', two.name, one.name], 'in the order of the sheet, newest first')
  const file = await admin.get(both.page.link('下载文件'))
  assert.match(file.headers.get('content-disposition') ?? '', /^attachment; .*\.xlsx$/)
  const { db } = campus.app.database
  const trail = await db.selectFrom('events').select(['name', 'data']).where('name', 'like', 'cases.export-%').orderBy('id').execute()
  assert.deepEqual(trail.map(({ name }) => name.split('-')[1]), ['begun', 'fetched', 'begun', 'fetched', 'fetched'])
  assert.ok(trail.every(({ data }) => !data.includes(one.name)), 'ids alone')
})

test('chosen columns are kept under a name, used again, replaced and deleted; they are nobody else’s', async t => {
  const { campus, admin } = await startDesk(t, { serviceFiles: folderOf(t, service()) })
  await apply((await campus.student()).client, SENT)
  await exported(admin, campus.drain, { columns: ['case.number', 'purpose'], name: '月报' })
  const again = await admin.get((await admin.get(NEW)).link('月报'))
  assert.deepEqual(ticked(again), ['case.number', 'purpose'])
  await exported(admin, campus.drain, { columns: ['case.person'], name: '月报' })
  const replaced = await admin.get((await admin.get(NEW)).link('月报'))
  assert.deepEqual(ticked(replaced), ['case.person'])
  const removal = replaced.root.querySelector('[formaction]')?.getAttribute('formaction') ?? ''
  const left = await admin.submit(replaced, removal)
  assert.deepEqual([left.path.split('?')[0], left.has('已删除存下的列'), left.has('月报')], ['/admin/exports/new', true, false])
  const refused = await admin.submit(left, '/admin/exports', { name: '很'.repeat(21), columns: ['case.number'] })
  assert.deepEqual([refused.status, refused.has('名称不能超过 20 个字'), ticked(refused)], [422, true, ['case.number']])
  const none = await admin.submit(left, '/admin/exports', { name: '周报' })
  assert.deepEqual([none.status, none.has('请至少选择一列'), none.value('name')], [422, true, '周报'])
})

test('many are written page by page, with progress; a second run of the job changes nothing; after a week the file is gone', async t => {
  const { campus, admin } = await startDesk(t, { serviceFiles: folderOf(t, plainService()) })
  const { db } = campus.app.database
  const id = idIn((await apply((await campus.student()).client)).path)
  const row = await db.selectFrom('services_applications').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  await db.insertInto('services_applications').values(Array.from({ length: 230 }, (_, at) => ({ ...row, id: newId(), number: `20250101-${String(at).padStart(4, '0')}`, instance_id: null, submitted_at: (row.submitted_at ?? 0) - 1000 - Math.floor(at / 3) }))).execute()
  const started = await admin.submit(await admin.get(NEW), '/admin/exports', { columns: ['case.number'] })
  assert.ok(started.has('正在写入') || started.has('已写入'), started.text)
  await campus.drain()
  const done = await admin.get(started.path)
  assert.ok(done.has('231 / 231'), done.text)
  const rows = await sheet(await admin.get(done.link('下载文件')))
  assert.equal(new Set(rows.map(([number]) => number)).size, 232)
  const before = await db.selectFrom('cases_exports').selectAll().executeTakeFirstOrThrow()
  await db.updateTable('jobs').set({ status: 'waiting', due_at: 0, finished_at: null, attempts: 0 }).where('name', '=', 'cases.export').execute()
  await campus.app.runner.tick()
  await campus.drain()
  assert.deepEqual(await db.selectFrom('cases_exports').selectAll().executeTakeFirstOrThrow(), before)
  campus.clock.advance(8 * 86_400_000)
  await campus.app.runner.tick()
  await campus.drain()
  const late = await deskOf(campus)
  assert.ok((await late.get(started.path)).has('文件已经删除'))
  assert.equal((await late.get(`${started.path}/file`)).status, 404)
  assert.ok((await late.get('/admin/exports')).has('文件已删除'))
})

test('an export is its maker’s alone, and of the services that they look after', async t => {
  const { campus, admin } = await startDesk(t, { serviceFiles: folderOf(t, plainService(), 'another-service') })
  await apply((await campus.student()).client)
  const { page } = await exported(admin, campus.drain, { columns: ['case.number'] })
  const { database, identity } = campus.app
  const keeper = await database.db.selectFrom('identity_people').innerJoin('identity_bindings as binding', 'binding.person_id', 'identity_people.id')
    .select(['identity_people.id', 'binding.userid']).where('identity_people.name', '=', '崔语涵').executeTakeFirstOrThrow()
  const grant = (scope_id: string) => database.write(tx => identity.grantRole(tx, null, { person_id: keeper.id, role: 'service-owner', scope_kind: 'service', scope_id, reason: '试用' }))
  await grant('another-service')
  const other = await campus.phone(keeper.userid)
  assert.deepEqual([(await other.get(page.path)).status, (await other.get(`${page.path}/file`)).status], [404, 404])
  const choosing = await other.get(NEW)
  assert.ok(!choosing.has('共 1 份申请'), 'a service that is not theirs is as if none were named')
  assert.deepEqual(choosing.root.querySelectorAll('select[name=service] option').map(option => option.getAttribute('value')).filter(Boolean), ['another-service'])
  const none = await other.get('/admin/exports/new?service=another-service')
  const refused = await other.submit(none, '/admin/exports', { columns: ['case.number'] })
  assert.deepEqual([refused.status, refused.has('没有符合条件的申请')], [422, true])
  const forged = await other.submit(none, '/admin/exports', { columns: ['case.number'], service: 'enrolment-certificate' })
  assert.equal(forged.status, 422)
  assert.equal((await database.db.selectFrom('cases_exports').select('id').where('person_id', '=', keeper.id).execute()).length, 0)
  assert.ok((await other.get('/admin/exports')).has('还没有导出过'))
})

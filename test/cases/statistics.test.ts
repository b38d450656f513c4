import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '../../src/platform/ids.ts'
import { apply, type Campus, decide, startCampus } from '../services/campus.ts'
import type { Client, Page } from '../support/client.ts'
import { idIn } from '../support/certificate.ts'
import { deskOf } from './desk.ts'
import { folderOf, plainService, registrar, tutor } from './services.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const dayAt = (at: number) => new Date(at + 8 * HOUR).toISOString().slice(0, 10)

/** The counters of the page, by their label. */
const tiles = (page: Page) => Object.fromEntries(page.root.querySelectorAll('.figure').map(figure => [figure.querySelector('.figure-label')?.text.trim(), figure.querySelector('.figure-value')?.text.trim()]))
const tableOf = (page: Page, caption: string) => page.root.querySelectorAll('table').find(table => table.querySelector('caption')?.text.includes(caption))?.querySelectorAll('tbody tr').map(row => row.querySelectorAll('td').map(cell => cell.structuredText.replace(/\s+/g, ' ').trim()))
const range = (from: number, until: number) => `/admin/statistics?${new URLSearchParams({ period: 'range', from: dayAt(from), until: dayAt(until) })}`

async function nightPasses(campus: Campus): Promise<void> {
  campus.clock.advance(DAY)
  await campus.app.runner.tick()
  await campus.drain()
}

/** Somebody who looks after one service. */
async function ownerOf(campus: Campus, scope_id: string): Promise<Client> {
  const { database, identity } = campus.app
  const keeper = await database.db.selectFrom('identity_people').innerJoin('identity_bindings as binding', 'binding.person_id', 'identity_people.id')
    .select(['identity_people.id', 'binding.userid']).where('identity_people.name', '=', '崔语涵').executeTakeFirstOrThrow()
  await database.write(tx => identity.grantRole(tx, null, { person_id: keeper.id, role: 'service-owner', scope_kind: 'service', scope_id, reason: '试用' }))
  return campus.phone(keeper.userid)
}

test('received, decided, refused and returned are counted with the time they took; the same today and after the night, and by nobody’s reading of the applications', async t => {
  const campus = await startCampus(t, { serviceFiles: folderOf(t, plainService({ flow: { nodes: [{ ...tutor, limit: { minutes: 60, clock: 'clock' } }] } }), 'another-service') })
  const began = campus.clock.now()
  const [quick, slow, refused, back, open] = [await campus.student(), await campus.student(), await campus.student(), await campus.student(), await campus.student()]
  for (const { client } of [quick, slow, refused, back, open]) await apply(client)
  campus.clock.advance(30 * 60_000)
  const limin = await campus.as('李敏')
  await decide(limin, quick.name, 'approve')
  await decide(limin, back.name, 'return', '请补充')
  campus.clock.advance(90 * 60_000)
  await decide(limin, slow.name, 'approve')
  await decide(limin, refused.name, 'reject', '材料不齐')

  const address = range(began, campus.clock.now())
  const counted = { 收到: '5', 办结: '3', 其中驳回: '1', 退回修改: '1', 用时中位数: '2 小时', 九成用时不超过: '2 小时' }
  const today = await (await deskOf(campus)).get(address)
  assert.deepEqual(tiles(today), { ...counted, 正在审批: '1', 等申请人修改: '1', 超过承诺时限: '0' })
  const steps = [['辅导员审批在读证明', '4', '30 分钟', '2 小时', '2']]
  assert.deepEqual(tableOf(today, '各环节'), steps)
  assert.equal(tableOf(today, '办理人员'), undefined, 'who keeps the system running sees no persons')

  await nightPasses(campus)
  const { db } = campus.app.database
  assert.ok((await db.selectFrom('cases_measured').select('day').execute()).some(({ day }) => day === dayAt(began)))
  // From now on the day is what the night wrote: that an application is changed behind it changes nothing.
  await db.updateTable('services_applications').set({ service_key: 'another-service', submitted_at: 0 }).where('status', '=', 'approved').execute()
  const past = await (await deskOf(campus)).get(address)
  assert.deepEqual(Object.fromEntries(Object.entries(tiles(past)).slice(0, 6)), counted)
  assert.deepEqual(tableOf(past, '各环节'), steps)
  const numbers = tableOf(past, '收到和办结的份数')
  assert.deepEqual(numbers?.find(([day]) => day === dayAt(began)), [dayAt(began), '5', '3'])
  assert.ok(past.root.querySelectorAll('.bars-picture rect').length > 0 && past.root.querySelector('.bars-picture')?.getAttribute('aria-label'), 'a picture with a name')

  const other = await (await deskOf(campus)).get(`${address}&service=another-service`)
  assert.equal(other.value('service'), 'another-service')
  assert.ok(other.has('这段时间没有收到和办结的申请'), other.text)
})

test('persons are shown to who looks after the service and its people, by name, as no ranking; others’ services stay unseen', async t => {
  const campus = await startCampus(t, { serviceFiles: folderOf(t, plainService({ flow: { nodes: [tutor, registrar] } }), 'another-service') })
  const { client, name } = await campus.student()
  await apply(client)
  campus.clock.advance(3 * HOUR)
  await decide(await campus.as('李敏'), name, 'approve')
  await nightPasses(campus)
  const address = range(campus.clock.now() - DAY, campus.clock.now())
  const stranger = await ownerOf(campus, 'another-service')
  assert.deepEqual(tiles(await stranger.get(address))['收到'], undefined)
  assert.ok(!(await stranger.get(`${address}&service=enrolment-certificate`)).has('李敏'))
  const owner = await ownerOf(campus, 'enrolment-certificate')
  const page = await owner.get(address)
  assert.deepEqual(tableOf(page, '办理人员')?.map(([who, ...figures]) => [who?.slice(0, 2), ...figures]), [['李敏', '1', '3 小时', '3 小时', '0']])
  assert.ok(page.has('不是排名'))
  assert.ok(!(await (await deskOf(campus)).get(address)).has('李敏'), 'not to who keeps the system running')
})

test('years that nobody counted are counted in slices, each day once, also when the process was killed between two', async t => {
  const campus = await startCampus(t, { serviceFiles: folderOf(t, plainService()) })
  const { db } = campus.app.database
  const id = idIn((await apply((await campus.student()).client)).path)
  const row = await db.selectFrom('services_applications').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const now = campus.clock.now()
  const ago = [...Array(75).keys()].map(days => now - (days + 1) * DAY)
  await db.insertInto('services_applications').values(ago.map((at, n) => ({ ...row, id: newId(), number: `20250101-${String(n).padStart(4, '0')}`, instance_id: null, status: 'approved' as const, submitted_at: at - HOUR, ended_at: at }))).execute()
  const behind = await (await deskOf(campus)).get(range(now - 70 * DAY, now))
  assert.ok(behind.has('起的数据还在统计'), behind.text)
  await nightPasses(campus)
  const read = async () => ({
    days: (await db.selectFrom('cases_measured').select('day').orderBy('day').execute()).map(({ day }) => day),
    figures: await db.selectFrom('cases_figures').selectAll().orderBy('day').orderBy('figure').orderBy('minutes').execute(),
  })
  const first = await read()
  assert.equal(new Set(first.days).size, first.days.length)
  assert.equal(first.days.at(-1), dayAt(now))
  assert.equal(first.figures.filter(({ figure }) => figure === 'approved').reduce((sum, { number }) => sum + number, 0), 75)
  // What a kill leaves: a day of which the mark is not written, and with it nothing else.
  await db.deleteFrom('cases_measured').where('day', '=', dayAt(now)).execute()
  await nightPasses(campus)
  const second = await read()
  assert.deepEqual(second.figures.filter(({ day }) => day <= dayAt(now)), first.figures)
  const page = await (await deskOf(campus)).get(range(now - 70 * DAY, now))
  assert.ok(!page.has('起的数据还在统计') && tiles(page)['用时中位数'] === '1 小时', page.text)
})

test('a period that is none is said, with what was typed; without figures the page says what to do; old backlog stands by its age', async t => {
  const campus = await startCampus(t, { serviceFiles: folderOf(t, plainService()) })
  const admin = await deskOf(campus)
  const empty = await admin.get('/admin/statistics')
  assert.ok(empty.has('这段时间没有收到和办结的申请') && empty.has('没有正在审批的申请'), empty.text)
  for (const [query, sentence] of [['period=range&from=2026-05-02&until=2026-05-01', '结束日期早于开始日期'], ['period=range&from=2026-05-02', '请选择开始和结束的日期'], ['period=range&from=2020-01-01&until=2026-01-01', '一次最多统计一年']] as const) {
    const page = await admin.get(`/admin/statistics?${query}`)
    assert.deepEqual([page.status, page.has(sentence), page.value('period')], [422, true, 'range'], query)
  }
  assert.equal((await admin.get('/admin/statistics?period=range&from=2026-05-02&until=2026-05-01')).value('from'), '2026-05-02')
  await apply((await campus.student()).client)
  campus.clock.advance(5 * DAY)
  const page = await (await deskOf(campus)).get('/admin/statistics?period=last-month')
  const picture = page.root.querySelectorAll('.bars-picture').at(-1)
  assert.deepEqual(picture?.querySelectorAll('title').map(title => title.text.trim()), ['不到 1 天 · 份数 0', '1–3 天 · 份数 0', '3–7 天 · 份数 1', '7–30 天 · 份数 0', '30 天以上 · 份数 0'])
  const desk = await deskOf(campus)
  await desk.submit(await desk.get('/admin/statistics'), '/language', { to: 'en' })
  const english = await desk.get('/admin/statistics')
  assert.ok(english.has('Under way') && english.has('3–7 days') && !/[\p{Script=Han}]/u.test(english.root.querySelector('#statistics')?.text.replaceAll('在读证明', '') ?? '中'), english.text)
})

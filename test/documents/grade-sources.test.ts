import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { createConnection } from 'mysql2/promise'
import { schoolTime } from '../../src/platform/dates.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import type { Page } from '../support/client.ts'
import { cast } from '../support/people.ts'
import { startMariadb } from '../support/servers.ts'

const HEADS = ['学号', '学年', '学期', '课程代码', '课程名称', '学分', '成绩']
type Row = readonly [number: string, year: string, term: string, code: string, course: string, credits: number, mark: string]
const row = (number: string, code: string, mark: string, credits = 3): Row => [number, '2025-2026', '1', code, `课程${code}`, credits, mark]

const gradesOf = async ({ app: { database: { db } } }: TestApp, number: string) =>
  (await db.selectFrom('documents_grades').select(['course_code', 'mark', 'credits']).where('number', '=', number).orderBy('course_code').execute()).map(grade => `${grade.course_code} ${grade.mark} ${grade.credits}`)
const dayOf = async ({ app: { database: { db } } }: TestApp, number: string) =>
  (await db.selectFrom('documents_grade_dates').select('data_on').where('number', '=', number).executeTakeFirst())?.data_on

async function studentsOf({ app: { database: { db } } }: TestApp): Promise<[string, string, string]> {
  const [one = '', two = '', three = ''] = (await db.selectFrom('identity_numbers').select('number').where('kind', '=', 'student').orderBy('number').limit(3).execute()).map(({ number }) => number)
  return [one, two, three]
}

/** The registrar presses the button; the page of the run, once it is over. */
async function synchronise(hall: TestApp): Promise<Page> {
  const { admin } = await cast(hall.app)
  const desk = await hall.phone(admin.userid)
  const going = await desk.submit(await desk.get('/admin/grades'), '/admin/grades/runs')
  await hall.drain()
  return await desk.get(going.path)
}

const figure = (page: Page, label: string) => page.root.querySelectorAll('.figure').find(each => each.querySelector('.figure-label')?.text === label)?.querySelector('.figure-value')?.text.trim()

/** A hall that reads there; what it reads by itself in its first minute is over. */
async function startWith(t: TestContext, env: Record<string, string>): Promise<TestApp> {
  const hall = await startTestApp(t, { env })
  await hall.app.runner.tick()
  await hall.drain()
  return hall
}

async function serve(t: TestContext, answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => { server.closeAllConnections(); server.close() })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function csvIn(t: TestContext): { path: string; put(rows: readonly Row[]): void } {
  const folder = mkdtempSync(join(tmpdir(), 'hall-grades-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'grades.csv')
  const put = (rows: readonly Row[]) => writeFileSync(path, [HEADS, ...rows].map(each => each.join(',')).join('\n'))
  put([])
  return { path, put }
}

test('a CSV in a folder: what differs is written, what is gone is removed, a student with an error stays as they were', async t => {
  const file = csvIn(t)
  const hall = await startWith(t, { GRADES_SOURCE: `file:${file.path}` })
  const [one, two, three] = await studentsOf(hall)
  // Not in the order of numbers, as a file may be.
  file.put([row(two, 'A1', '70'), row(one, 'A1', '85'), row(two, 'A2', '优秀'), row(one, 'A2', '90'), row('99999999', 'A1', '60')])
  utimesSync(file.path, new Date('2026-11-10T04:00:00Z'), new Date('2026-11-10T04:00:00Z'))
  const first = await synchronise(hall)
  assert.ok(first.has('已完成'), first.text)
  const { admin } = await cast(hall.app)
  for (const page of [first, await (await hall.phone(admin.userid)).get('/admin/grades')]) assert.ok(page.has(`${admin.name} ${admin.number}`), 'who asked has a name')
  assert.deepEqual(['已读行数', '新增', '名单外的行', '错误'].map(label => figure(first, label)), ['5', '4', '1', '0'])
  assert.deepEqual([await gradesOf(hall, one), await dayOf(hall, one)], [['A1 85 3', 'A2 90 3'], '2026-11-10'])

  file.put([row(one, 'A1', '86'), row(one, 'A3', '77'), row(two, 'A1', '71'), row(two, 'A2', '良好', -1), row(three, 'A1', '60'), row(three, 'A1', '61')])
  const second = await synchronise(hall)
  assert.deepEqual(['新增', '更新', '已删除', '错误', '保持原样的学生'].map(label => figure(second, label)), ['1', '1', '1', '2', '2'])
  assert.ok(second.has('有 2 名学生的数据有错误'), second.text)
  assert.deepEqual(second.root.querySelectorAll('tbody tr').map(each => each.querySelectorAll('td').map(cell => cell.text.trim()).slice(0, 4)), [['5', two, '学分', '-1'], ['7', three, '课程代码', 'A1']])
  assert.deepEqual(await gradesOf(hall, one), ['A1 86 3', 'A3 77 3'])
  assert.deepEqual(await gradesOf(hall, two), ['A1 70 3', 'A2 优秀 3'], 'no hole, and nothing half new')

  const before = await hall.app.database.db.selectFrom('documents_grades').selectAll().orderBy('id').execute()
  const again = await synchronise(hall)
  assert.deepEqual(['新增', '更新', '已删除', '没有变化'].map(label => figure(again, label)), ['0', '0', '0', '2'])
  assert.deepEqual(await hall.app.database.db.selectFrom('documents_grades').selectAll().orderBy('id').execute(), before)
})

test('a file that is away or empty changes nothing, and the page says why', async t => {
  const file = csvIn(t)
  const hall = await startWith(t, { GRADES_SOURCE: `file:${file.path}` })
  const [one] = await studentsOf(hall)
  file.put([row(one, 'A1', '85')])
  await synchronise(hall)
  file.put([])
  const empty = await synchronise(hall)
  assert.ok(empty.has('没有成功') && empty.has('没有读完：表里没有数据。成绩没有改动'), empty.text)
  writeFileSync(file.path, '姓名,性别\n甲,女\n')
  const other = await synchronise(hall)
  assert.ok(other.has('没有成功') && other.has('“学号”这一列'), other.text)
  rmSync(file.path)
  const away = await synchronise(hall)
  assert.ok(away.has('正在同步') && away.has('没有读到文件 grades.csv'), away.text)
  assert.deepEqual(await gradesOf(hall, one), ['A1 85 3'])
  const desk = await hall.phone((await cast(hall.app)).admin.userid)
  const page = await desk.get('/admin/grades')
  assert.equal((await desk.post('/admin/grades/runs', { _csrf: page.value('_csrf') })).status, 409, 'one reads at a time')
})

test('JSON over HTTP: page after page, with the token and the day it says, by night by itself', async t => {
  const asked: { url: string; token: string | undefined }[] = []
  const pages = new Map<string, object>()
  const origin = await serve(t, (request, response) => {
    asked.push({ url: request.url ?? '', token: request.headers.authorization })
    response.setHeader('content-type', 'application/json').end(JSON.stringify(pages.get(request.url ?? '')))
  })
  const hall = await startWith(t, { GRADES_SOURCE: `${origin}/grades?all=1`, GRADES_SOURCE_TOKEN: 'only-the-hall-knows', CONNECTIONS_PRIVATE: '127.0.0.1' })
  const [one, two] = await studentsOf(hall)
  const item = (number: string, course_code: string, mark: number | string, data_on?: string) => ({ number, year: '2025-2026', term: '1', course_code, course: '大学物理', credits: 3.5, mark, exam: null, ...data_on && { data_on } })
  pages.set('/grades?all=1', { as_of: '2026-11-14', rows: [item(one, 'P1', 88, '2026-11-12'), item(one, 'P2', 92.5)], next: '/grades?from=2' })
  pages.set('/grades?from=2', { as_of: '2026-11-14', rows: [item(one, 'P3', '合格'), item(two, 'P1', 61)], next: null })
  asked.length = 0
  hall.clock.advance(24 * 3_600_000)
  await hall.app.runner.tick()
  await hall.drain()
  assert.deepEqual(asked, [{ url: '/grades?all=1', token: 'Bearer only-the-hall-knows' }, { url: '/grades?from=2', token: 'Bearer only-the-hall-knows' }])
  assert.deepEqual(await gradesOf(hall, one), ['P1 88 3.5', 'P2 92.5 3.5', 'P3 合格 3.5'])
  assert.deepEqual([await dayOf(hall, one), await dayOf(hall, two)], ['2026-11-12', '2026-11-14'])
  const desk = await hall.phone((await cast(hall.app)).admin.userid)
  const list = await desk.get('/admin/grades')
  assert.ok(list.has('定时') && list.has(`${origin}/grades`) && !list.has('only-the-hall-knows'), list.text)

  pages.set('/grades?from=2', { rows: [item(two, 'P1', 61), item(one, 'P9', 60)] })
  const mixed = await synchronise(hall)
  assert.ok(mixed.has('没有成功') && mixed.has('数据没有按学号排好'), mixed.text)
  pages.set('/grades?all=1', { rows: 'all of them' })
  assert.ok((await synchronise(hall)).has('不是约定的格式'))
})

test('a reading that fails by night is told to the administrators, and stands on their overview until one succeeds', async t => {
  let broken = false
  const origin = await serve(t, (_, response) => broken ? response.writeHead(500).end() : response.setHeader('content-type', 'application/json').end(JSON.stringify({ as_of: '2026-11-14', rows: [{ number: '20000000000', year: '2025-2026', term: '1', course_code: 'P1', course: '大学物理', credits: 3, mark: 80 }], next: null })))
  const hall = await startWith(t, { GRADES_SOURCE: `${origin}/grades`, CONNECTIONS_PRIVATE: '127.0.0.1' })
  const { db } = hall.app.database
  const { admin } = await cast(hall.app)
  const overview = async () => (await (await hall.phone(admin.userid)).get('/admin')).has('最近一次从学校系统同步成绩')
  const told = async () => (await db.selectFrom('messages_messages').select(['person_id', 'url', 'text']).where('kind', '=', 'documents.grades-not-fetched').execute()).filter(({ person_id }) => person_id === admin.person_id)
  assert.equal(await overview(), false)
  broken = true
  hall.clock.advance(24 * 3_600_000)
  await hall.app.runner.tick()
  const ended = async () => await db.selectFrom('documents_grade_runs').select(['id', 'status']).orderBy('id', 'desc').limit(1).executeTakeFirst()
  // It is tried again, later and later, before it is given up.
  for (let tries = 0; tries < 40 && (await ended())?.status !== 'failed'; tries++) {
    await hall.drain()
    hall.clock.advance(10 * 60_000)
  }
  await hall.drain()
  const [message, more] = await told()
  assert.equal(more, undefined)
  assert.equal(message?.url, `/admin/grades/runs/${(await ended())?.id}`)
  assert.ok(await overview())

  broken = false
  await synchronise(hall)
  assert.equal(await overview(), false)
})

test('an HTTP source cannot lead the hall anywhere else, nor be where it may not look', async t => {
  const elsewhere = await serve(t, (_, response) => response.end(JSON.stringify({ rows: [] })))
  let answer: RequestListener = (_, response) => response.writeHead(302, { location: elsewhere }).end()
  const origin = await serve(t, (request, response) => answer(request, response))
  const listed = await startWith(t, { GRADES_SOURCE: `${origin}/grades`, CONNECTIONS_PRIVATE: '127.0.0.1' })
  assert.ok((await synchronise(listed)).has('对方应答 302'))
  answer = (_, response) => response.end(JSON.stringify({ rows: [{ number: '1' }], next: `//${elsewhere.slice('http://'.length)}/` }))
  assert.ok((await synchronise(listed)).has('不是约定的格式'))
  answer = (_, response) => response.writeHead(401).end()
  assert.ok((await synchronise(listed)).has('不认大厅的令牌'))
  const unlisted = await startWith(t, { GRADES_SOURCE: `${origin}/grades` })
  assert.ok((await synchronise(unlisted)).has('不允许访问'))
})

test('a view of a MariaDB database is read as it is, with the days of its rows', async t => {
  const server = await startMariadb()
  t.after(() => server.stop())
  const url = await server.createDatabase()
  const registrar = await createConnection(url)
  t.after(() => registrar.end())
  await registrar.query('create table marks (xh varchar(20), xn varchar(9), xq char(1), kch varchar(10), kcm varchar(50), xf decimal(3,1), cj varchar(10), rq date)')
  await registrar.query('create view hall_grades as select xh as `学号`, xn as `学年`, xq as `学期`, kch as course_code, kcm as `课程名称`, xf as `学分`, cj as `成绩`, rq as `数据日期` from marks')
  const hall = await startWith(t, { GRADES_SOURCE: url })
  const [one, two, three] = await studentsOf(hall)
  const many = Array.from({ length: 1200 }, (_, n) => [three, `${1000 + n}-${1001 + n}`, '1', 'C1', '体育', '1.0', '80', null])
  await registrar.query('insert into marks values ?', [[[two, '2025-2026', '1', 'M1', '高等数学', '5.0', '90.50', '2026-11-11'], ...many, [one, '2025-2026', '1', 'M1', '高等数学', '5.0', '缓考', null]]])
  const page = await synchronise(hall)
  assert.deepEqual(['已读行数', '新增', '错误'].map(label => figure(page, label)), ['1202', '1202', '0'], page.text)
  assert.deepEqual([await gradesOf(hall, one), await gradesOf(hall, two), (await gradesOf(hall, three)).length], [['M1 缓考 5'], ['M1 90.50 5'], 1200])
  assert.deepEqual([await dayOf(hall, one), await dayOf(hall, two)], [schoolTime(hall.clock.now()).date, '2026-11-11'])
  assert.ok(!page.has('hall:hall') && page.has('hall_grades'), 'the account is not shown')

  await registrar.query('drop view hall_grades')
  assert.ok((await synchronise(hall)).has('数据库里没有视图 hall_grades'))
})

test('a run that is broken off begins anew, and counts what it wrote before', async t => {
  const pages: object[] = []
  const origin = await serve(t, (request, response) => {
    const page = pages[Number(new URL(request.url ?? '/', 'http://a').searchParams.get('page') ?? 0)]
    if (page || pages.length === 0) response.end(JSON.stringify(page ?? {}))
    else request.socket.destroy()
  })
  const hall = await startWith(t, { GRADES_SOURCE: `${origin}/grades?page=0`, CONNECTIONS_PRIVATE: '127.0.0.1' })
  const [one, two] = await studentsOf(hall)
  const item = ([number, year, term, course_code, course, credits, mark]: Row) => ({ number, year, term, course_code, course, credits, mark })
  pages.push({ rows: [...Array.from({ length: 600 }, (_, n) => item(row(one, `A${n}`, '85'))), item(row(two, 'A1', '70'))], next: '/grades?page=1' })
  const broken = await synchronise(hall)
  assert.ok(broken.has('正在同步') && broken.has('上一次尝试'), broken.text)
  assert.deepEqual([(await gradesOf(hall, one)).length, (await gradesOf(hall, two)).length], [600, 0], 'who may go on in the next page waits for it')
  pages.push({ rows: [item(row(two, 'A2', '71'))] })
  hall.clock.advance(2000)
  await hall.drain()
  const desk = await hall.phone((await cast(hall.app)).admin.userid)
  const whole = await desk.get(broken.path)
  assert.deepEqual(['已读行数', '新增', '没有变化'].map(label => figure(whole, label)), ['602', '602', '600'], whole.text)
  assert.deepEqual(await gradesOf(hall, two), ['A1 70 3', 'A2 71 3'])
})

test('where the setting asks for it, what differs is shown first, and written only when a registrar says so', async t => {
  const file = csvIn(t)
  const hall = await startWith(t, { GRADES_SOURCE: `file:${file.path}`, GRADES_REVIEW: 'on' })
  const [one, two, three] = await studentsOf(hall)
  const { db } = hall.app.database
  const desk = await hall.phone((await cast(hall.app)).admin.userid)
  const decide = async (page: Page, how: 'adoption' | 'leaving') => {
    await desk.submit(await desk.get(page.path), `${page.path}/${how}`)
    await hall.drain()
    return await desk.get(page.path)
  }
  const lines = (page: Page) => page.root.querySelectorAll('tbody tr').map(each => each.querySelectorAll('td').map(cell => cell.text.replace(/\s+/g, ' ').trim()))

  file.put([row(one, 'A1', '85'), row(one, 'A2', '90'), row(two, 'A1', '70')])
  utimesSync(file.path, new Date('2026-11-10T04:00:00Z'), new Date('2026-11-10T04:00:00Z'))
  const first = await synchronise(hall)
  assert.ok(first.has('等待核对') && first.has('还没有写入'), first.text)
  assert.deepEqual(await gradesOf(hall, one), [], 'nothing is written yet')
  assert.ok((await desk.get('/admin')).has('等着核对'))
  const adopted = await decide(first, 'adoption')
  assert.ok(adopted.has('已完成'), adopted.text)
  assert.deepEqual([await gradesOf(hall, one), await gradesOf(hall, two), await dayOf(hall, one)], [['A1 85 3', 'A2 90 3'], ['A1 70 3'], '2026-11-10'])
  assert.ok(!(await desk.get('/admin')).has('等着核对'))

  file.put([row(one, 'A1', '86'), row(one, 'A3', '77'), row(two, 'A1', '70'), row(three, 'A1', '60', -1)])
  const second = await synchronise(hall)
  assert.deepEqual(['新增', '更新', '已删除', '没有变化', '错误'].map(label => figure(second, label)), ['1', '1', '1', '1', '1'])
  assert.deepEqual(lines(second).slice(0, 3).map(([, course, before, after]) => [course, before, after]), [
    ['课程A3（2025-2026 学年第 1 学期）', '—', '学分 3，成绩 77'], ['课程A1（2025-2026 学年第 1 学期）', '成绩 85', '成绩 86'], ['课程A2（2025-2026 学年第 1 学期）', '学分 3，成绩 90', '—'],
  ])
  assert.ok(lines(second)[0]?.[0]?.endsWith(one) && lines(second)[0]?.[0] !== one, 'the student has a name')
  file.put([row(one, 'A1', '99')])
  const left = await decide(second, 'leaving')
  assert.ok(left.has('没有写入'), left.text)
  assert.deepEqual(await gradesOf(hall, one), ['A1 85 3', 'A2 90 3'])
  assert.equal((await desk.post(`${second.path}/adoption`, { _csrf: (await desk.get('/admin/grades')).value('_csrf') })).status, 409, 'what was left cannot be written any more')

  const third = await synchronise(hall)
  const fourth = await synchronise(hall)
  assert.ok((await desk.get(third.path)).has('没有写入'), 'the next reading takes its place')
  file.put([row(one, 'A1', '12')])
  await decide(fourth, 'adoption')
  assert.deepEqual(await gradesOf(hall, one), ['A1 99 3'], 'what was shown is what is written, whatever the source says by now')
  assert.deepEqual(await db.selectFrom('documents_grade_proposals').selectAll().execute(), [])
  file.put([row(one, 'A1', '99')])
  assert.ok((await synchronise(hall)).has('已完成'), 'where nothing differs nobody is asked')
})

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import writeXlsxFile from 'write-excel-file/node'
import { schoolTime } from '../../src/platform/dates.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import type { Client, Page } from '../support/client.ts'
import { cast } from '../support/people.ts'
import { sharedCleaner } from './office.ts'

const shared = sharedCleaner(after)
let hall: TestApp
before(async () => { hall = await startTestApp(shared, { grades: true }) })

const HEADS = ['学号', '学年', '学期', '课程代码', '课程名称', '学分', '成绩']
type Row = readonly (string | number)[]

async function bytesOf(rows: readonly Row[], heads: readonly string[] = HEADS): Promise<Uint8Array> {
  return new Uint8Array(await writeXlsxFile([[...heads], ...rows.map(row => [...row])].map(row => row.map(value => ({ value }))), { sheet: '成绩' }).toBuffer())
}

async function atDesk(): Promise<{ desk: Client; send(content: Uint8Array): Promise<Page> }> {
  const { admin } = await cast(hall.app)
  const desk = await hall.phone(admin.userid)
  const form = await desk.get('/admin/grades')
  return { desk, send: content => desk.submit(form, '/admin/grades', { data_on: schoolTime(hall.clock.now()).date, file: { filename: 'grades.xlsx', type: 'application/octet-stream', content } }) }
}

const all = () => hall.app.database.db.selectFrom('documents_grades').selectAll().orderBy('id').execute()

test('the sample grades are known from the start, and the same file again changes nothing', async () => {
  const known = await all()
  assert.ok(known.length > 5000)
  const { send } = await atDesk()
  const page = await send(await readFile(join(import.meta.dirname, '../../src/catalogue/sample/grades.xlsx')))
  assert.equal(page.status, 200)
  assert.ok(page.has(`共 ${known.length} 行：新增 0，更新 0，没有变化 ${known.length}`), page.text)
  assert.deepEqual(await all(), known)
})

test('new and changed grades are told apart, and a column that the file leaves out keeps what is known', async () => {
  const [known] = await all()
  assert.ok(known)
  const { send } = await atDesk()
  const row = [known.number, known.year, known.term, known.course_code, known.course, known.credits]
  const exam = [...HEADS, '考试性质']
  const page = await send(await bytesOf([[...row, '61', known.exam], [known.number, '2026-2027', '1', 'NEW101', '新课程', 2.5, '优秀', '']], exam))
  assert.ok(page.has('共 2 行：新增 1，更新 1，没有变化 0'), page.text)
  const kept = await hall.app.database.db.selectFrom('documents_grades').selectAll().where('id', '=', known.id).executeTakeFirstOrThrow()
  assert.equal(kept.mark, '61')
  assert.deepEqual([kept.course_en, kept.nature], [known.course_en, known.nature])
  const event = await hall.app.database.db.selectFrom('events').select(['actor_number', 'data']).where('name', '=', 'documents.grades-imported').orderBy('id', 'desc').executeTakeFirstOrThrow()
  assert.ok(event.actor_number)
  assert.match(event.data, /"created":1,"changed":1/)
})

test('errors are told by row and column, and not a line is written', async () => {
  const known = await all()
  const number = known[0]?.number ?? ''
  const { send } = await atDesk()
  const page = await send(await bytesOf([
    [number, '2026-2027', '1', 'NEW101', '新课程', 2.5, '优秀'],
    ['99999999', '2026-2027', '1', 'NEW101', '新课程', 2.5, '优秀'],
    [number, '2026-2027', '1', 'NEW102', '新课程', '两分', '优秀'],
    [number, '2026-2027', '1', 'NEW101', '新课程', 3, '良好'],
    [number, '2026-2027', '1', 'NEW103', '', 3, '良好'],
    [number, '2026-2027', '1', 'NEW104', '新课程', 3, 188],
    [number, '2026-2027', '1', 'NEW105', '新课程', 0, '-5'],
  ]))
  assert.equal(page.status, 422)
  assert.ok(page.has('有 6 处错误，一行也没有写入'), page.text)
  const lines = page.root.querySelectorAll('tbody tr').map(row => row.querySelectorAll('td').map(cell => cell.text.trim()))
  assert.deepEqual(lines, [
    ['3', '学号', '99999999', '名单里没有这个学号，请先导入学生名单'], ['4', '学分', '两分', '要填数字'],
    ['5', '课程代码', 'NEW101', '与第 2 行重复'], ['6', '课程名称', '', '必填'],
    ['7', '成绩', '188', '要在 0 到 100 之间'], ['8', '成绩', '-5', '要在 0 到 100 之间'],
  ])
  assert.deepEqual(await all(), known)
})

test('a CSV is taken as well', async () => {
  const [known] = await all()
  const { send } = await atDesk()
  const page = await send(Buffer.from([HEADS.join(','), [known?.number, '2026-2027', '1', 'CSV101', '逗号分隔', 2, '88'].join(',')].join('\r\n')))
  assert.ok(page.has('共 1 行：新增 1'), page.text)
})

test('what is no table of grades comes back with a sentence', async () => {
  const { send } = await atDesk()
  for (const [content, words] of [[new Uint8Array(), '请选择成绩表'], [Buffer.from([0x50, 0, 0x4b, 0]), 'xlsx'], [await bytesOf([['1']], ['姓名']), '缺少这一列'], [await bytesOf([]), '表里没有数据']] as const) {
    const page = await send(content)
    assert.equal(page.status, 422)
    assert.ok(page.has(words), `${words}: ${page.text}`)
  }
})

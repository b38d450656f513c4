import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkDigitOf } from '../../src/platform/id-number.ts'
import { zipOf } from '../identity/zip.ts'
import { startTestApp } from '../support/app.ts'
import type { Client, Page } from '../support/client.ts'
import { cast } from '../support/people.ts'

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
/** Longer than this nobody else may wait, ms. */
const MOST = 1000

function workbook(rows: readonly (readonly string[])[]): Buffer {
  const line = (cells: readonly string[], at: number) => `<row r="${at + 1}">${cells.map((cell, column) => `<c r="${String.fromCodePoint(65 + column)}${at + 1}" t="inlineStr"><is><t>${cell}</t></is></c>`).join('')}</row>`
  return book(rows.map(line).join(''))
}

function book(rows: string): Buffer {
  const parts = {
    'xl/workbook.xml': '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows}</sheetData></worksheet>`,
  }
  return zipOf(Object.entries(parts).map(([name, text]) => ({ name, data: Buffer.from(text) })))
}

test('while a spreadsheet is taken in, others get their answers', async t => {
  const hall = await startTestApp(t)
  const { db } = hall.app.database
  const { student, admin } = await cast(hall.app)
  const desk = await hall.phone(admin.userid)
  const { code = '' } = await db.selectFrom('identity_units').select('code').executeTakeFirst() ?? {}
  const import_ = (path: string, content: Buffer, fields = {}) => waited(async () => {
    const page = await upload(desk, path, content, fields)
    await hall.drain()
    return page.status === 200 && page.path.startsWith('/admin/import/') ? await desk.get(page.path) : page
  })

  const head = ['学号', '姓名', '性别', '证件号码', '院系编号', '入学日期', '专业', '培养层次']
  const person = (n: number) => {
    const digits = `110105200${String(n % 10)}0101${String(Math.floor(n / 10) % 1000).padStart(3, '0')}`
    return [`T${n}`, '王小明', '男', `${digits}${checkDigitOf(digits)}`, code, '2026-09-01', '汉语言文学', '本科']
  }

  await t.test('a roster of ten thousand people', async () => {
    const { page, longest } = await import_('/admin/import', workbook([head, ...Array.from({ length: 10_000 }, (_, n) => person(n))]), { kind: 'students' })
    assert.equal(page.status, 200)
    assert.match(page.path, /^\/admin\/import\/[0-9A-Z]{26}$/)
    assert.ok(page.has('10000'), page.text)
    assert.ok(longest < MOST, `${longest} ms`)
  })

  await t.test('a roster of sixty thousand lines, all of them wrong', async () => {
    const { page, longest } = await import_('/admin/import', workbook([head, ...Array.from({ length: 59_000 }, () => head.map(() => 'x'))]), { kind: 'students' })
    assert.equal(page.status, 200)
    assert.ok(page.has('59000 行都不能导入'), page.text)
    assert.ok(longest < MOST, `${longest} ms`)
  })

  await t.test('cells of five million blanks', async () => {
    const { page, longest } = await import_('/admin/import', workbook([head, head.map(() => `${' '.repeat(3_000_000)}a`)]), { kind: 'students' })
    assert.ok(page.status < 500)
    assert.ok(longest < MOST, `${longest} ms`)
  })

  await t.test('grades by the ten thousand', async () => {
    const grades = Array.from({ length: 10_000 }, (_, n) => [student.number, `20${String(10 + n % 80)}-20${String(11 + n % 80)}`, '1', `C${n}`, '课程', '3', '90'])
    const { page, longest } = await import_('/admin/grades', workbook([['学号', '学年', '学期', '课程代码', '课程名称', '学分', '成绩'], ...grades]), { data_on: '2026-01-01' })
    assert.equal(page.status, 200, page.text)
    assert.ok(longest < MOST, `${longest} ms`)
  })

  for (const [what, content] of [
    ['no workbook', Buffer.from('MZ')], ['a page', Buffer.from('<html>')], ['an empty archive', zipOf([])], ['an archive with a path', zipOf([{ name: '../../etc/x.xml', data: Buffer.from('x') }])],
    ['an entity bomb', book('').length > 0 ? zipOf([{ name: 'xl/workbook.xml', data: Buffer.from('<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><workbook>&b;</workbook>') }]) : Buffer.alloc(0)],
    ['tags in each other', book('<a>'.repeat(200_000))], ['a file of twenty-one megabytes', Buffer.alloc(21 * 1024 * 1024, 'PK')],
  ] as const) await t.test(`${what} comes back with a sentence, for rosters and for grades`, async () => {
    for (const [path, fields] of [['/admin/import', { kind: 'staff' }], ['/admin/grades', {}]] as const) {
      const { page, longest } = await import_(path, content, fields)
      assert.equal(page.status, 422, path)
      assert.ok(page.root.querySelector('form[enctype="multipart/form-data"]'), 'the form again')
      assert.ok(longest < MOST, `${longest} ms`)
    }
  })
})

async function upload(client: Client, path: string, content: Buffer, fields: Record<string, string>): Promise<Page> {
  return client.submit(await client.get(path), path, { ...fields, file: { filename: 'a.xlsx', type: XLSX, content } })
}

/** How long the thread worked without giving anybody else a turn, in ms of its own time: other programs on the machine do not count. */
async function waited(work: () => Promise<Page>): Promise<{ page: Page; longest: number }> {
  const used = () => { const { user, system } = process.threadCpuUsage(); return (user + system) / 1000 }
  let [last, longest] = [used(), 0]
  const look = () => { const now = used(); longest = Math.max(longest, now - last); last = now }
  const timer = setInterval(look, 5)
  const page = await work()
  clearInterval(timer)
  look()
  return { page, longest: Math.round(longest) }
}

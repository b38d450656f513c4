import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import readXlsxFile from 'read-excel-file/node'
import { countsOf, csvOf, openDesk, stateOf, student, students, xlsxOf } from './import-desk.ts'

test('a registrar imports the students of a year', async t => {
  const desk = await openDesk(t)
  const { identity, database: { db } } = desk.app
  const file = await xlsxOf([student(0), student(1, { 性别: '?' }), student(2, { 院系编号: '9999' }), student(3), student(4)])
  let page = await desk.upload({ content: file })

  await t.test('and sees first what would change, row by row', async () => {
    assert.ok(page.has('有 2 行不能导入，其余 3 行可以。还没有写入任何内容'), page.text)
    assert.deepEqual(countsOf(page), { 不能导入: 2, 修改: 0, 新增: 3, 不变: 0, 不在名单里: desk.here })
    assert.deepEqual(await desk.list(page, 'refused'), ['3 2025000001 李思远 性别：只能是：男、女（写的是“?”）', '4 2025000002 王思远 院系编号：没有编号是 9999 的部门，请先导入部门'])
    assert.equal(await identity.personByNumber(db, '2025000000'), null)
  })

  await t.test('takes the good rows alone', async () => {
    page = await desk.apply(page)
    assert.ok(page.has('已经写入：新增 3，修改 0；2 行不能导入'), page.text)
    assert.equal((await identity.personByNumber(db, '2025000003'))?.name, '张思远')
    assert.equal(await identity.personByNumber(db, '2025000001'), null)
  })

  await t.test('finds the report again, with who, when, and which file it was', async () => {
    assert.ok((await desk.desk.get('/admin/import')).link('学生.xlsx').endsWith(page.path))
    assert.ok(page.has(createHash('sha256').update(file).digest('hex')) && page.has(desk.admin.name))
  })

  await t.test('gets the refused rows back with the reasons, corrects them and sends that very file', async () => {
    const { bytes } = await desk.download(page, 'refused-rows.xlsx')
    const trail = await db.selectFrom('events').select('actor_id').where('name', '=', 'identity.roster-rows-fetched').execute()
    assert.deepEqual(trail.map(event => event.actor_id), [desk.admin.person_id], 'who fetched ID numbers in the clear')
    const [sheet] = await readXlsxFile(Buffer.from(bytes))
    const rows = sheet?.data ?? []
    assert.deepEqual(rows.map(row => [row[0], row[2], row.at(-2), row.at(-1)]), [
      ['学号', '性别', '原行号', '原因'], ['2025000001', '?', '3', '性别：只能是：男、女'], ['2025000002', '女', '4', '院系编号：没有编号是 9999 的部门，请先导入部门'],
    ])
    const head = (rows[0] ?? []).map(String)
    const corrected = rows.slice(1).map((row): Record<string, string> => ({ ...Object.fromEntries(head.map((title, at) => [title, String(row[at] ?? '')])), 性别: row[2] === '?' ? '男' : '女', 院系编号: '0101' }))
    const second = await desk.upload({ name: '改好.xlsx', content: await xlsxOf(corrected, head) })
    assert.ok(second.has('没有错误，还没有写入') && !second.has('没有用到的列'), second.text)
    assert.ok((await desk.apply(second)).has('新增 2'))
  })

  await t.test('sends the same file once more, which changes nothing and says so', async () => {
    const before = await stateOf(desk)
    const again = await desk.uploadRows(students(5))
    assert.ok(again.has('名单和系统里的一样，导入不会改变什么'), again.text)
    assert.equal(again.root.querySelector(`[formaction="${again.path}/application"]`), null, 'there is nothing to confirm')
    assert.equal(await stateOf(desk), before)
  })

  await t.test('sees what changes, from what to what, with phones and mailboxes masked', async () => {
    const changed = await desk.uploadRows([student(0, { 班级: '中文2600', 手机号: '19812345678', 电子邮箱: 'new@minghu.example' }), ...students(4, 1)])
    assert.deepEqual(countsOf(changed), { 不能导入: 0, 修改: 1, 新增: 0, 不变: 4, 不在名单里: desk.here })
    assert.deepEqual(await desk.list(changed, 'changed'), ['2 2025000000 陈思远 文学院 手机号：198****0000 → 198****5678；电子邮箱：s***@minghu.example → n***@minghu.example；班级：中文2500 → 中文2600'])
    assert.ok((await desk.apply(changed)).has('已经写入：新增 0，修改 1'))
  })

  await t.test('drops a file that nobody wants', async () => {
    const unwanted = await desk.uploadRows([student(0, { 班级: '没有' })])
    assert.ok((await desk.desk.submit(unwanted, `${unwanted.path}/removal`)).has('已放弃，没有写入任何内容'))
    assert.equal((await desk.desk.post(`${unwanted.path}/application`, { _csrf: unwanted.value('_csrf') })).status, 409)
    const rows = await db.selectFrom('identity_import_rows').select('line').where('import_id', '=', unwanted.path.split('/').at(-1) ?? '').execute()
    assert.deepEqual(rows, [], 'nothing of it is kept')
  })
})

test('a file is taken as registrars have it', async t => {
  const desk = await openDesk(t)
  const rows = [student(0, { 姓名: '古丽巴哈尔·艾合买提' }), student(1, { 姓名: '王𠮷祥' }), student(2, { 性别: 'x' })]
  const csv = (await csvOf(rows)).toString('utf8')
  // GB18030 by hand: the characters of this file, from the table that Node decodes with.
  const gb = encode(csv.replace('\uFEFF', ''))

  for (const [title, content, words] of [
    ['as UTF-8 with its mark', Buffer.from(csv), 'CSV 文本，编码 UTF-8，用逗号分隔'],
    ['as UTF-8 without', Buffer.from(csv.slice(1)), 'CSV 文本，编码 UTF-8，用逗号分隔'],
    ['with semicolons', Buffer.from(csv.replaceAll(',', ';')), 'CSV 文本，编码 UTF-8，用分号分隔'],
    ['with tabs', Buffer.from(csv.replaceAll(',', '\t')), 'CSV 文本，编码 UTF-8，用制表符分隔'],
    ['as GB18030', gb, 'CSV 文本，编码 GB18030，用逗号分隔'],
  ] as const) {
    await t.test(title, async () => {
      const page = await desk.upload({ name: '学生.csv', content })
      assert.ok(page.has(words), page.text)
      assert.deepEqual(countsOf(page), { 不能导入: 1, 修改: 0, 新增: 2, 不变: 0, 不在名单里: desk.here })
      assert.deepEqual((await desk.list(page, 'created')).map(row => row.split(' ')[2]), ['古丽巴哈尔·艾合买提', '王𠮷祥'])
    })
  }

  await t.test('with its columns in any order, heads in full width, spaces and stars, and more columns than are read', async () => {
    const head = ['备注', '手 机 号', '（必填）学号 *', '姓 名：', ...Object.keys(student(0)).filter(title => !['手机号', '学号', '姓名'].includes(title)).toReversed()]
    const odd = rows.slice(0, 2).map((row): Record<string, string> => ({ ...row, 备注: 'x', '手 机 号': `+86 ${row['手机号'] ?? ''}`, '（必填）学号 *': row['学号'] ?? '', '姓 名：': row['姓名'] ?? '' }))
    const page = await desk.upload({ content: await xlsxOf(odd, head) })
    assert.ok(page.has('没用到的列：备注') || page.has('没有用到的列：备注'), page.text)
    assert.equal(countsOf(page)['新增'], 2)
  })

  await t.test('in the encoding that a person chooses, when the first guess was wrong', async () => {
    const page = await desk.upload({ name: '学生.csv', content: gb, encoding: 'gb18030' })
    const garbled = await desk.desk.submit(page, `${page.path}/encoding`)
    await desk.drain()
    const refused = await desk.desk.get(garbled.path)
    assert.ok(refused.has('按 UTF-8 读不出这个文件，请换一种编码'), refused.text)
    await desk.desk.submit(refused, `${page.path}/encoding`)
    await desk.drain()
    assert.equal(countsOf(await desk.desk.get(page.path))['新增'], 2)
  })

  await t.test('but not without its columns: all that are missing are named at once, before anything is kept', async () => {
    const page = await desk.upload({ content: await xlsxOf(rows, ['学号', '姓名', '手机号']) })
    assert.equal(page.status, 422)
    assert.ok(page.has('缺少必填的列：性别、证件号码、院系编号、专业、培养层次、入学日期'), page.text)
    assert.deepEqual(await desk.app.database.db.selectFrom('identity_imports').select('id').where('status', '=', 'reading').execute(), [])
  })

  await t.test('and what is no table comes back with a sentence', async () => {
    for (const [content, sentence] of [[Buffer.from([0x4d, 0x5a, 0, 0]), '这既不是 Excel 工作簿（.xlsx），也不是 CSV 文本'], [Buffer.from('学号,姓名\n1,"张三\n'), '第 {row} 行附近的引号没有配对'.replace('{row}', '2')], [Buffer.from('<html><table>'), '这是网页或 XML 格式的表格']] as const) {
      const page = await desk.upload({ content })
      assert.deepEqual([page.status, page.has(sentence)], [422, true], page.text)
    }
    const none = await desk.desk.submit(await desk.desk.get('/admin/import'), '/admin/import', {})
    assert.deepEqual([none.status, none.has('请选择名单的种类') && none.has('请选择一个 .xlsx 或 .csv 文件')], [422, true])
  })
})

test('templates say what a roster holds, and are taken back filled in', async t => {
  const desk = await openDesk(t)
  const page = await desk.desk.get('/admin/import')
  for (const kind of ['units', 'staff', 'students']) {
    const [list, explained] = await readXlsxFile(Buffer.from((await desk.desk.get(`/admin/import/template/${kind}.xlsx`)).bytes))
    assert.ok(page.html.includes(`/admin/import/template/${kind}.xlsx`) && page.html.includes(`/admin/import/template/${kind}.csv`))
    const heads = (list?.data[0] ?? []).map(String)
    assert.deepEqual(explained?.data.slice(1).map(row => row[0]), heads.map(head => head.replace('*', '')))
    assert.deepEqual(heads.filter(head => head.endsWith('*')), explained?.data.slice(1).filter(row => row[1] === '必填').map(row => `${String(row[0])}*`))
    const text = new TextDecoder().decode((await desk.desk.get(`/admin/import/template/${kind}.csv`)).bytes)
    assert.equal(text.trim(), heads.join(','))
  }
  const heads = (await readXlsxFile(Buffer.from((await desk.desk.get('/admin/import/template/students.xlsx')).bytes)))[0]?.data[0]?.map(String) ?? []
  const row = Object.fromEntries(heads.map(head => [head, student(9)[head.replace('*', '')] ?? '']))
  assert.equal(countsOf(await desk.upload({ content: await xlsxOf([row], heads) }))['新增'], 1)
})

const table = new Map<string, number[]>()

/** A text in GB18030; Node only decodes it, so the table is turned round. */
function encode(text: string): Buffer {
  if (table.size === 0) {
    const decoder = new TextDecoder('gb18030')
    for (let high = 0x81; high <= 0xfe; high++) for (let low = 0x40; low <= 0xfe; low++) table.set(decoder.decode(Uint8Array.of(high, low)), [high, low])
    table.set('𠮷', [0x95, 0x34, 0xb2, 0x35])
  }
  return Buffer.from([...text].flatMap(letter => (letter.charCodeAt(0) < 0x80 && letter.length === 1 ? [letter.charCodeAt(0)] : table.get(letter) ?? [0x3f])))
}

import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import type { Row } from 'write-excel-file/node'
import writeXlsxFile from 'write-excel-file/node'
import { type Cell, type CellError, cells, type Columns, readLines, readTable } from '../../src/integrations/sources/index.ts'
import { lineReader } from '../../src/integrations/sources/table.ts'
import { AppError } from '../../src/platform/errors.ts'
import { packedTimes, zipOf } from './zip.ts'

const number = (written: string): Cell => ({ number: written })

type Reader = (cell: Cell) => unknown
const good: [string, Reader, Cell, unknown][] = [
  ['keeps the zeros of a number kept as text', cells.code(20), '00123', '00123'],
  ['takes a number kept as a number', cells.code(20), number('2023010101'), '2023010101'],
  ['takes a number in scientific writing', cells.code(20), number('2.0230101E7'), '20230101'],
  ['makes full-width digits plain', cells.code(20), '２０２３０１', '202301'],
  ['drops spaces and invisible marks', cells.code(20), ' 2023\u200b 01\u00a0', '202301'],
  ['drops the apostrophe that marks text', cells.code(20), "'00123", '00123'],
  ['makes one kind of dot between the parts of a name', cells.name(60), '古丽巴哈尔・艾合买提', '古丽巴哈尔·艾合买提'],
  ['keeps rare characters', cells.name(60), '王𠮷祥', '王𠮷祥'],
  ['keeps the one space in a Latin name', cells.name(60), 'Maria  Silva ', 'Maria Silva'],
  ['takes a real ID number', cells.idNumber(), '11010519491231002X', '11010519491231002X'],
  ['makes the x of an ID number a capital', cells.idNumber(), '11010519491231002x', '11010519491231002X'],
  ['takes a phone with +86, spaces and dashes', cells.phone(), '+86 138-0013-8000', '13800138000'],
  ['takes a phone kept as a number', cells.phone(), number('13800138000'), '13800138000'],
  ['makes a mail address lower-case', cells.email(), ' Wang@MingHu.example ', 'wang@minghu.example'],
  ['takes a date cell', cells.date(), new Date(Date.UTC(2023, 8, 1)), '2023-09-01'],
  ['takes a serial number whose format was lost', cells.date(), number('45170'), '2023-09-01'],
  ['takes eight digits as a day', cells.date(), number('20230901'), '2023-09-01'],
  ['takes a day in Chinese', cells.date(), '2023年9月1日', '2023-09-01'],
  ['takes a day with slashes', cells.date(), '2023/9/1', '2023-09-01'],
  ['takes a day with a time', cells.date(), '2023/9/1 0:00:00', '2023-09-01'],
  ['takes a day in full-width characters', cells.date(), '２０２３．９．１', '2023-09-01'],
  ['takes a serial number that a CSV kept', cells.date(), '45170', '2023-09-01'],
  ['takes a phone with 86 in front', cells.phone(), '86 13800138000', '13800138000'],
  ['takes a phone in full-width characters', cells.phone(), '＋８６（１３８）００１３８０００', '13800138000'],
  ['makes the full-width ｘ of an ID number a capital', cells.idNumber(), '１１０１０５１９４９１２３１００２ｘ', '11010519491231002X'],
  ['keeps characters of four bytes and of rare planes', cells.name(60), '㛃𠮷龘·𬸚', '㛃𠮷龘·𬸚'],
  ['takes a mark without Excel’s rounding dust', cells.decimal({ min: 0, max: 100 }), number('87.099999999999994'), 87.1],
  ['takes a full-width mark', cells.decimal({ min: 0, max: 100 }), '９０．５', 90.5],
  ['reads one of several words', cells.choice({ 男: 'male', 女: 'female' }), ' 男 ', 'male'],
  ['reads a list', cells.list(5), '辅导员、教务员（全校）；', ['辅导员', '教务员（全校）']],
]

const bad: [string, Reader, Cell, string][] = [
  ['an ID number that Excel rounded', cells.idNumber(), number('1.10105194912310E+17'), 'Excel 把这个号码当成数字，末尾几位已经丢失，请把这一列设成“文本”再填'],
  ['an ID number with a wrong check character', cells.idNumber(), '110105194912310021', '身份证号的校验位不对，请核对有没有抄错'],
  ['an ID number born on 30 February', cells.idNumber(), '110105194902300021', '身份证号的校验位不对，请核对有没有抄错'],
  ['an ID number of 15 digits', cells.idNumber(), '110105491231002', '身份证号要 18 位，最后一位可以是 X'],
  ['an ID number that Excel rounded before it was saved as CSV', cells.idNumber(), '1.10105E+17', 'Excel 把这个号码当成数字，末尾几位已经丢失，请把这一列设成“文本”再填'],
  ['an ID number whose last digits Excel made zeros', cells.idNumber(), '110105194912310000', 'Excel 把这个号码当成数字，末尾几位已经丢失，请把这一列设成“文本”再填'],
  ['a number that was saved as 2.02E+11', cells.code(20), '2.02301E+11', 'Excel 把这个号码当成数字，末尾几位已经丢失，请把这一列设成“文本”再填'],
  ['a number of eighteen digits that ends in zeros', cells.code(20), '202301010112345000', 'Excel 把这个号码当成数字，末尾几位已经丢失，请把这一列设成“文本”再填'],
  ['a phone that was saved as 1.38E+10', cells.phone(), '1.38E+10', 'Excel 把这个号码当成数字，末尾几位已经丢失，请把这一列设成“文本”再填'],
  ['a name with a character of somebody’s own font', cells.name(60), '王\uE863', '姓名里有丢失的生僻字，请用国标汉字补上'],
  ['a name in which a question mark stands for a character', cells.name(60), '王?祥', '姓名里有丢失的生僻字，请用国标汉字补上'],
  ['a day as Americans write it', cells.date(), '9/1/2023', '日期要像 2023-09-01 这样写'],
  ['a year of two digits', cells.date(), '23-9-1', '日期要像 2023-09-01 这样写'],
  ['a number with a fraction', cells.code(20), number('12.5'), '这里要填号码，不是小数'],
  ['a number with Chinese in it', cells.code(20), '学号12', '只能有字母、数字和 - _ .'],
  ['a number that is too long', cells.code(5), '123456', '不能超过 {max} 个字'],
  ['a landline', cells.phone(), '010-12345678', '手机号要 11 位，以 13 到 19 开头'],
  ['a mail address without a domain', cells.email(), 'wang@', '电子邮箱的格式不对'],
  ['a day that no calendar has', cells.date(), '2023-02-30', '日期要像 2023-09-01 这样写'],
  ['a month only', cells.date(), '2023年9月', '日期要像 2023-09-01 这样写'],
  ['a mark above the scale', cells.decimal({ min: 0, max: 100 }), number('101'), '要在 {min} 到 {max} 之间'],
  ['words where a number belongs', cells.decimal({ min: 0, max: 100 }), '缺考', '要填数字'],
  ['markup in a name', cells.name(60), '<b>王</b>', '姓名里有不该出现的字符'],
  ['an unknown word', cells.choice({ 男: 'male' }), '未知', '只能是：{words}'],
]

describe('a cell', () => {
  for (const [title, read, cell, value] of good) it(title, () => assert.deepEqual(read(cell), value))
  for (const [title, read, cell, sentence] of bad) {
    it(`refuses ${title}`, () => assert.equal(refusalOf(read(cell)), sentence))
  }
})

function refusalOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'refused' in value ? value.refused : value
}

const columns = {
  number: { header: '学号', also: ['学生编号'], required: true, unique: true, read: cells.code(20) },
  name: { header: '姓名', required: true, read: cells.name(60) },
  born: { header: '出生日期', read: cells.date() },
} as const

/** A table of these cells. */
function tableOf<const C extends Columns>(written: readonly (readonly (Cell | null)[])[], wanted: C) {
  const raw = written.map((row, at) => ({ row: at + 1, cells: [...row] })).filter(row => row.cells.some(cell => cell !== null && cell !== ''))
  const reader = lineReader(raw, wanted)
  const { lines, faults } = reader.take(raw, true)
  const errors: CellError[] = faults.length > 0 ? faults : lines.flatMap(line => line.faults)
  return { ...reader.head, errors, rows: faults.length > 0 ? [] : lines.flatMap(({ row, values }) => (values ? [{ row, values }] : [])) }
}

describe('a table', () => {
  it('is found under a title, past empty rows, and keeps the row numbers of the sheet', () => {
    const table = tableOf([['明湖大学名单', null, null], [null, null, null], ['姓名 ', '学号*', '备注'], ['张三', '001', 'x'], [null, ' ', null], ['李四', '002', null]], columns)
    assert.deepEqual(table.rows, [{ row: 4, values: { number: '001', name: '张三', born: null } }, { row: 6, values: { number: '002', name: '李四', born: null } }])
    assert.deepEqual(table.ignored, ['备注'])
    assert.deepEqual([...table.present].toSorted(), ['name', 'number'])
  })

  it('knows a column by its other name', () => {
    assert.equal(tableOf([['学生编号', '姓名'], ['001', '张三']], columns).rows.length, 1)
  })

  it('names every missing column at once', () => {
    const { errors, rows } = tableOf([['备注'], ['x']], columns)
    assert.deepEqual(errors.map(error => [error.column, error.sentence]), [['学号', '缺少这一列'], ['姓名', '缺少这一列']])
    assert.deepEqual(rows, [])
  })

  it('tells of a column that stands twice', () => {
    assert.deepEqual(tableOf([['学号', '姓名', '学号'], ['1', '张三', '2']], columns).errors, [{ row: 1, column: '学号', sentence: '这一列出现了两次' }])
  })

  it('tells of a value that stands twice, by the row it stood in first', () => {
    const { errors, rows } = tableOf([['学号', '姓名'], ['a1', '张三'], ['2', '李四'], ['A1', '王五']], columns)
    assert.deepEqual(errors, [{ row: 4, column: '学号', value: 'A1', sentence: '与第 {row} 行重复', params: { row: 2 } }])
    assert.equal(rows.length, 2)
  })

  it('leaves out a row with an error and tells all that is wrong with it', () => {
    const { errors, rows } = tableOf([['学号', '姓名', '出生日期'], ['1', null, '昨天'], ['2', '李四', null]], columns)
    assert.deepEqual(errors.map(error => [error.row, error.column, error.sentence]), [[2, '姓名', '必填'], [2, '出生日期', '日期要像 2023-09-01 这样写']])
    assert.deepEqual(rows.map(row => row.row), [3])
  })

  it('never repeats a secret value', () => {
    const secret = { document: { header: '证件号码', required: true, secret: true, read: cells.idNumber() } } as const
    assert.deepEqual(tableOf([['证件号码'], ['110105194912310021']], secret).errors, [{ row: 2, column: '证件号码', sentence: '身份证号的校验位不对，请核对有没有抄错' }])
  })

  it('says so when there is no data', () => {
    assert.deepEqual(tableOf([['学号', '姓名']], columns).errors, [{ row: 2, column: '', sentence: '表里没有数据' }])
  })

  it('says so when there are too many rows', () => {
    const many: (string | null)[][] = Array.from({ length: 60_001 }, (_, at) => [String(at), '张三'])
    assert.deepEqual(tableOf([['学号', '姓名'], ...many], columns).errors.map(error => error.sentence), ['一次最多 {max} 行，请分成几份'])
  })
})

describe('a workbook', () => {
  const read = (bytes: Uint8Array) => readTable(bytes, columns)
  const refusedAs = (sentence: string) => (error: unknown): boolean => error instanceof AppError && error.kind === 'invalid' && error.message === sentence

  it('is read with texts, numbers and dates as Excel keeps them', async () => {
    const rows: Row[] = [['学号', '姓名', '出生日期'].map(value => ({ value })), [{ value: 20230101, type: Number }, { value: '张三 ' }, { value: new Date(Date.UTC(2005, 2, 4)), type: Date, format: 'yyyy-mm-dd' }]]
    const table = await read(await writeXlsxFile(rows).toBuffer())
    assert.deepEqual(table.rows, [{ row: 2, values: { number: '20230101', name: '张三', born: '2005-03-04' } }])
  })

  it('takes the value of a formula and nothing from one that failed', async () => {
    const sheet = '<row r="1"><c r="A1" t="inlineStr"><is><t>学号</t></is></c><c r="B1" t="inlineStr"><is><t>姓名</t></is></c></row>'
      + '<row r="2"><c r="A2" t="str"><f>CONCAT("0","01")</f><v>001</v></c><c r="B2" t="str"><f>A9</f><v>张三</v></c></row>'
      + '<row r="3"><c r="A3" t="inlineStr"><is><t>002</t></is></c><c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    const table = await read(workbook(sheet))
    assert.deepEqual(table.rows.map(row => row.values.number), ['001'])
    assert.deepEqual(table.errors, [{ row: 3, column: '姓名', sentence: '必填' }])
  })

  it('is refused when it is none', async () => {
    const sentences: [Buffer, string][] = [
      [Buffer.alloc(0), '文件是空的'],
      [zipOf([{ name: 'word/document.xml', data: Buffer.from('<w/>') }]), '这不是 Excel 工作簿（.xlsx）'],
      [Buffer.from('d0cf11e0a1b11ae1000000000000000000000000000000000000', 'hex'), '这是旧格式（.xls）或加了密码的文件，请另存为不加密的 .xlsx'],
      [Buffer.from('\n<html><table><tr><td>学号</td></tr></table>'), '这是网页或 XML 格式的表格，请在 Excel 里打开后另存为 .xlsx'],
      [Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]), '这既不是 Excel 工作簿（.xlsx），也不是 CSV 文本'],
      [Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('学号,姓名', 'utf16le')]), '这个文本的编码是 UTF-16，请另存为 UTF-8 的 CSV 或 .xlsx'],
      [Buffer.from([0xd1, 0xa7, 0xff, 0x41]), '看不出这个文件的编码：既不是 UTF-8，也不是 GB18030。请用 Excel 打开后另存为 .xlsx'],
    ]
    for (const [bytes, sentence] of sentences) await assert.rejects(read(bytes), refusedAs(sentence))
  })

  it('is refused when it is cut off', async () => {
    const bytes = workbook('<row r="1"><c r="A1"><v>1</v></c></row>')
    await assert.rejects(read(bytes.subarray(0, bytes.length - 40)), refusedAs('文件损坏，打不开'))
  })

  it('is refused when it would unfold to gigabytes', async () => {
    const bomb = packedTimes(200, Buffer.alloc(1024 * 1024, ' '))
    await assert.rejects(read(workbook('', { name: 'xl/sharedStrings.xml', packed: bomb, size: 10 })), refusedAs('文件展开后太大，请分成几份'))
  })

  it('is refused when a part claims a size that it has not', async () => {
    const table = await read(workbook('<row r="1"><c r="A1" t="inlineStr"><is><t>学号</t></is></c></row>', { name: 'xl/theme.xml', packed: deflateRawSync(Buffer.from('<a/>')), size: 0xfffffff0 }))
    assert.deepEqual(table.errors.map(error => error.sentence), ['缺少这一列'])
  })

  it('is refused when it declares entities, whatever they would grow to', async () => {
    const bomb = Buffer.from('<!DOCTYPE sst [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>')
    await assert.rejects(read(workbook('', { name: 'xl/sharedStrings.xml', data: bomb })), refusedAs('文件里有不该有的声明（DOCTYPE），不能读取'))
    await assert.rejects(read(workbook('<row r="1"><c r="A1" t="inlineStr"><is><t>&lol;</t></is></c></row>')), refusedAs('文件里有不该有的声明（DOCTYPE），不能读取'))
  })

  it('is refused when its sheet unfolds to gigabytes, long before', async () => {
    const head = '<worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>学号</t></is></c><c t="inlineStr"><is><t>姓名</t></is></c></row>'
    const bomb = packedTimes(450, Buffer.alloc(1024 * 1024, '<row></row> '), head)
    await assert.rejects(read(workbook('', { name: 'xl/worksheets/sheet1.xml', packed: bomb, size: 10 })), refusedAs('文件展开后太大，请分成几份'))
  })

  it('is refused when a row has a hundred thousand columns', async () => {
    const wide = `<row r="1">${Array.from({ length: 100_000 }, () => '<c t="inlineStr"><is><t>x</t></is></c>').join('')}</row>`
    await assert.rejects(read(workbook(wide)), refusedAs('表太宽了：第 {row} 行超过 {max} 列，不像一份名单'))
    await assert.rejects(read(Buffer.from(`学号,姓名\n${'x,'.repeat(100_000)}\n`)), refusedAs('表太宽了：第 {row} 行超过 {max} 列，不像一份名单'))
  })

  it('tells which rows are hidden, which cells are merged, and that there are further sheets', async () => {
    const cell = (ref: string, text: string): string => `<c r="${ref}" t="inlineStr"><is><t>${text}</t></is></c>`
    const rows = `<row r="1">${cell('A1', '学号')}${cell('B1', '姓名')}</row><row r="2" hidden="1">${cell('A2', '001')}${cell('B2', '张三')}</row><row r="3">${cell('A3', '002')}${cell('B3', '李四')}</row>`
    const lines = readLines(workbook(`${rows}</sheetData><mergeCells count="1"><mergeCell ref="B3:B4"/></mergeCells><sheetData>`), columns)
    const first = await lines.next()
    assert.ok(!first.done && first.value.facts.format === 'xlsx')
    let last = await lines.next()
    while (!last.done) last = await lines.next()
    assert.deepEqual(last.value, { hidden: [2], hiddenCount: 1, merged: ['B3:B4'], mergedCount: 1 })
  })

  it('is refused when one cell stands at the far end of the sheet', async () => {
    const far = '<row r="1"><c r="A1" t="inlineStr"><is><t>学号</t></is></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    await assert.rejects(read(workbook(far)), error => error instanceof AppError && error.kind === 'invalid')
  })

  it('is refused when it is larger than we read', async () => {
    await assert.rejects(read(Buffer.alloc(21 * 1024 * 1024)), refusedAs('文件不能超过 {mb} MB'))
  })
})

describe('a text with separators', () => {
  const read = async (bytes: Uint8Array, encoding?: 'utf-8' | 'gb18030') => {
    for await (const { facts, lines, faults } of readLines(bytes, columns, { encoding })) return { facts, names: lines.map(line => line.values?.name ?? null), faults }
    throw new Error('nothing was read')
  }
  // 学号,姓名 / 001,王𠮷 in GB18030, the last character in four bytes
  const gb = Buffer.from('d1a7bac52cd0d5c3fb0a3030312ccdf59534b2350a', 'hex')

  const texts: [string, Uint8Array, string, string, string][] = [
    ['in UTF-8', Buffer.from('学号,姓名\n001,王𠮷\n'), 'utf-8', ',', '王𠮷'],
    ['in UTF-8 with its mark', Buffer.from('\uFEFF学号,姓名\r\n001,王𠮷\r\n'), 'utf-8', ',', '王𠮷'],
    ['in GB18030', gb, 'gb18030', ',', '王𠮷'],
    ['with semicolons', Buffer.from('学号;姓名;角色\n001;张三;辅导员,教务员\n'), 'utf-8', ';', '张三'],
    ['with tabs', Buffer.from('学号\t姓名\n001\t张三'), 'utf-8', '\t', '张三'],
    ['with quotation marks and line breaks in them', Buffer.from('"学号","姓名"\r"001","张\n三"'), 'utf-8', ',', '张三'],
  ]
  for (const [title, bytes, encoding, separator, name] of texts) {
    it(`is read ${title}`, async () => {
      const { facts, names } = await read(bytes)
      assert.deepEqual(facts, { format: 'csv', encoding, separator })
      assert.deepEqual(names.map(each => each?.replace(' ', '')), [name])
    })
  }

  it('is read in the encoding that somebody chooses, where its bytes allow that', async () => {
    // 联通: bytes that are right in both, the well-known trap
    const both = Buffer.concat([Buffer.from([0xd1, 0xa7, 0xba, 0xc5]), Buffer.from(',b\n')])
    assert.equal((await read(Buffer.from([0xc1, 0xaa, 0xcd, 0xa8]), 'gb18030')).facts.format, 'csv')
    await assert.rejects(read(both, 'utf-8'), (error: unknown) => error instanceof AppError && error.message === '按 {encoding} 读不出这个文件，请换一种编码')
  })

  it('is refused where a quotation mark never ends', async () => {
    await assert.rejects(read(Buffer.from(`学号,姓名\n001,"张三\n${'x,y\n'.repeat(100_000)}`)), (error: unknown) => error instanceof AppError && error.message === '第 {row} 行附近的引号没有配对，后面的内容连成了一片')
  })

  it('counts rows as a spreadsheet does, empty ones too', async () => {
    const { rows } = await readTable(Buffer.from('明湖大学\n\n学号,姓名\n001,张三\n,\n002,李四'), columns)
    assert.deepEqual(rows.map(({ row, values }) => [row, values.number]), [[4, '001'], [6, '002']])
  })
})

/** A minimal .xlsx with these rows as XML, and a further part where asked. */
function workbook(rows: string, ...further: Parameters<typeof zipOf>[0]): Buffer {
  const xml = (text: string): Buffer => Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${text}`)
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  return zipOf([
    { name: 'xl/workbook.xml', data: xml(`<workbook xmlns="${main}" xmlns:r="${relations}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`) },
    { name: 'xl/_rels/workbook.xml.rels', data: xml(`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`) },
    { name: 'xl/worksheets/sheet1.xml', data: xml(`<worksheet xmlns="${main}"><sheetData>${rows}</sheetData></worksheet>`) },
    ...further,
  ])
}

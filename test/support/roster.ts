import { buffer } from 'node:stream/consumers'
import { checkDigitOf } from '../../src/platform/id-number.ts'
import { writeCsv } from '../../src/integrations/sources/write-csv.ts'
import { writeXlsx } from '../../src/integrations/sources/write-xlsx.ts'

export type RosterRow = Record<string, string>

const HEAD = ['学号', '姓名', '性别', '证件号码', '手机号', '电子邮箱', '院系编号', '专业', '英文专业', '班级', '培养层次', '学制', '入学日期', '预计毕业日期', '学籍状态', '辅导员工号'] as const
const FAMILY = ['陈', '李', '王', '张', '欧阳', '吕', '单', '仇', '曾', '区']
const GIVEN = ['思远', '敏', '静怡', '子涵', '建国', '雨桐', '浩然', '一诺', '巴哈尔·艾合买提', '𠮷祥']

/** The `at`th of as many students as are wanted, nobody who exists: a division code that was never given out and is not the sample university’s, phones that are not. */
export function student(at: number, change: Partial<RosterRow> = {}): RosterRow {
  const day = new Date(Date.UTC(1996, 0, 1) + (at % 4000) * 86_400_000).toISOString().slice(0, 10)
  const digits = `110198${day.replaceAll('-', '')}${String(Math.floor(at / 4000) * 2 + 301).padStart(3, '0')}`
  const number = `2025${String(at).padStart(6, '0')}`
  return {
    学号: number, 姓名: `${FAMILY[at % FAMILY.length] ?? ''}${GIVEN[Math.floor(at / 7) % GIVEN.length] ?? ''}`, 性别: at % 2 === 0 ? '女' : '男', 证件号码: digits + checkDigitOf(digits),
    手机号: `198${String(at).padStart(8, '0')}`, 电子邮箱: `s${number}@minghu.example`, 院系编号: '0101', 专业: '汉语言文学', 英文专业: 'Chinese Language and Literature', 班级: `中文25${String(at % 20).padStart(2, '0')}`,
    培养层次: '本科', 学制: '4', 入学日期: '2025-09-01', 预计毕业日期: '2029-06-30', 学籍状态: '在读', 辅导员工号: '', ...withoutGaps(change),
  }
}

function withoutGaps(change: Partial<RosterRow>): RosterRow {
  return Object.fromEntries(Object.entries(change).filter((pair): pair is [string, string] => pair[1] !== undefined))
}

export function students(count: number, from = 0): RosterRow[] {
  return Array.from({ length: count }, (_, at) => student(from + at))
}

type Rows = Iterable<RosterRow>

/** Rows as a workbook, written as they are made: a file of 40,000 rows is made in a second and never held as rows. */
export function xlsxOf(rows: Rows, head: readonly string[] = HEAD): Promise<Buffer> {
  return buffer(writeXlsx([{ name: '名单', widths: [], head, rows: cellsOf(rows, head) }]))
}

/** Rows as CSV in UTF-8. */
export function csvOf(rows: Rows, head: readonly string[] = HEAD): Promise<Buffer> {
  function* lines(): Generator<readonly string[]> {
    yield head
    yield* cellsOf(rows, head)
  }
  return buffer(writeCsv(lines()))
}

function* cellsOf(rows: Rows, head: readonly string[]): Generator<string[]> {
  for (const row of rows) yield head.map(title => row[title] ?? '')
}

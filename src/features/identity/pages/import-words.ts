import type { CellError, FileFacts } from '../../../integrations/sources/index.ts'
import type { T } from '../../../platform/text.ts'
import type { ImportKind, ImportStatus } from '../import-tables.ts'
import type { Fault, Told } from '../roster/plan-slice.ts'
import type { Preview } from '../store/imports.ts'

export const kindLabels: Readonly<Record<ImportKind, string>> = { units: '部门', staff: '教职工', students: '学生' }

const TAGS: Readonly<Record<ImportStatus, { text: string; meaning: string }>> = {
  reading: { text: '正在检查', meaning: 'blue' }, refused: { text: '读不出来', meaning: 'red' }, checked: { text: '待确认', meaning: 'amber' },
  applying: { text: '导入中', meaning: 'blue' }, stopped: { text: '已停止', meaning: 'amber' }, done: { text: '已导入', meaning: 'green' }, dropped: { text: '已放弃', meaning: 'grey' },
}

export function tagOf(t: T, status: ImportStatus) {
  return { ...TAGS[status], text: t(TAGS[status].text) }
}

/** How long something will still take, as one would say it. */
export function restWords(t: T, ms: number | null): string {
  if (ms === null) return ''
  const seconds = Math.ceil(ms / 1000)
  if (seconds < 10) return t('马上就好')
  if (seconds < 60) return t('大约还要 {n} 秒', { n: Math.ceil(seconds / 10) * 10 })
  return t('大约还要 {n} 分钟', { n: Math.ceil(seconds / 60) })
}

const SEPARATORS = { ',': '逗号', ';': '分号', '\t': '制表符' }

/** What the file turned out to be. */
export function factsWords(t: T, facts: FileFacts | null): string {
  if (!facts) return ''
  if (facts.format === 'xlsx') return facts.sheets > 1 ? t('Excel 工作簿，读取了第一张表“{sheet}”，其余 {n} 张没有读', { sheet: facts.sheet, n: facts.sheets - 1 }) : t('Excel 工作簿')
  return t('CSV 文本，编码 {encoding}，用{separator}分隔', { encoding: facts.encoding.toUpperCase(), separator: t(SEPARATORS[facts.separator]) })
}

/** What whoever made the file should know, though nothing of it stops the import. */
export function remarks(t: T, { ignored, ending }: Preview): string[] {
  const rows = ending?.hidden.join('、') ?? ''
  return [
    ...(ignored.length > 0 ? [t('没有用到的列：{columns}', { columns: ignored.slice(0, 20).join('、') })] : []),
    ...(ending && ending.hiddenCount > 0 ? [t('有 {n} 行在 Excel 里是隐藏的，也算在内（第 {rows} 行）', { n: ending.hiddenCount, rows: ending.hiddenCount > ending.hidden.length ? `${rows}…` : rows })] : []),
    ...(ending && ending.mergedCount > 0 ? [t('有 {n} 处合并的单元格，只有左上角那一格有内容：{cells}', { n: ending.mergedCount, cells: ending.merged.slice(0, 8).join('、') })] : []),
  ]
}

/** What is wrong with the file as a whole: missing columns in one sentence, each other fault in its own. */
export function fileFaults(t: T, errors: readonly CellError[]): string[] {
  const missing = errors.filter(error => error.sentence === MISSING_COLUMN)
  const others = errors.filter(error => error.sentence !== MISSING_COLUMN)
  return [
    ...(missing.length > 0 ? [t('缺少必填的列：{columns}', { columns: missing.map(error => error.column).join('、') })] : []),
    ...others.map(({ column, sentence, params }) => (column === '' ? t(sentence, params) : t('“{column}”：{words}', { column, words: t(sentence, params) }))),
  ]
}

const MISSING_COLUMN = '缺少这一列'

/** `手机号：138****0000 → 139****0000；…` */
export function changeWords(t: T, { changes = [], notes = [] }: Told): string {
  return [
    ...changes.map(({ label, from, to }) => t('{name}：{words}', { name: t(label), words: `${from || t('空')} → ${to || t('空')}` })),
    ...notes.map(({ column, sentence }) => t('{name}：{words}', { name: t(column), words: t(sentence) })),
  ].join('；')
}

export function faultWords(t: T, { column, sentence, params }: Fault): string {
  const words = t(sentence, params && spoken(t, params))
  return column === '' ? words : t('{name}：{words}', { name: column, words })
}

/** A role or a kind of person has its word in the reader's language; what is no phrase of ours stays. */
function spoken(t: T, params: Record<string, string | number>): Record<string, string | number> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? t(value) : value]))
}

/** Everything that kept a row from being taken. */
export function reasonWords(t: T, outcome: string, told: Told): string {
  if (outcome === 'conflict') return t('检查以后这个人的信息又变了，没有写入。请核对后重新上传这一行')
  return (told.faults ?? []).map(fault => faultWords(t, fault)).join('；')
}

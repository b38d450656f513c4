import type { Row } from 'write-excel-file/node'
import type { CellError } from '../../../integrations/sources/index.ts'
import type { T } from '../../../platform/text.ts'
import type { Import, listImports, Progress, Sample } from '../store/imports.ts'
import type { ImportKind, ImportStatus } from '../tables.ts'

export const kindLabels: Readonly<Record<ImportKind, string>> = { units: '部门', staff: '教职工', students: '学生' }

const TAGS: Readonly<Record<ImportStatus, { text: string; meaning: string }>> = {
  checked: { text: '待确认', meaning: 'amber' }, applying: { text: '导入中', meaning: 'blue' }, done: { text: '已导入', meaning: 'green' }, dropped: { text: '已放弃', meaning: 'grey' },
}
const ERRORS_SHOWN = 200

function tagOf(t: T, status: ImportStatus) {
  return { ...TAGS[status], text: t(TAGS[status].text) }
}

type Imports = { t: T; imports: Awaited<ReturnType<typeof listImports>>; heads: { kind: ImportKind; heads: { head: string; required: boolean }[] }[]; errors: Record<string, string>; kind: string }

export function importsPage({ t, imports, heads, errors, kind }: Imports) {
  return {
    title: t('导入名单'), back: { label: t('人员'), href: '/admin/people' }, errors,
    kind: { name: 'kind', label: t('名单的种类'), type: 'radio', required: true, value: kind, error: errors['kind'], options: Object.entries(kindLabels).map(([value, text]) => ({ value, text: t(text) })), help: t('先导入部门，再导入教职工，最后导入学生') },
    file: { name: 'file', type: 'file', label: t('Excel 文件（.xlsx）'), accept: '.xlsx', required: true, error: errors['file'], help: t('上传后先显示会改变什么，确认之后才写入') },
    heads: heads.map(each => ({ title: t(kindLabels[each.kind]), template: `/admin/import/template/${each.kind}`, words: each.heads.map(({ head, required }) => (required ? `${head}*` : head)).join('、') })),
    rows: imports.map(each => ({ id: each.id, href: `/admin/import/${each.id}`, cells: {
      file: { text: each.file_name, href: `/admin/import/${each.id}` }, kind: t(kindLabels[each.kind]), status: { tag: tagOf(t, each.status) }, by: each.name ?? t('系统'), at: { time: each.created_at },
    } })),
  }
}

export function importPage(t: T, found: Import, progress: Progress) {
  const { preview, status } = found
  const errors = [...found.errors, ...progress.errors]
  const counts = status === 'checked' || status === 'dropped' ? preview : progress
  return {
    title: found.file_name, back: { label: t('导入名单'), href: '/admin/import' }, id: found.id, tag: tagOf(t, status), kind: t(kindLabels[found.kind]),
    waiting: status === 'checked', running: status === 'applying',
    sentence: sentenceOf(t, found, progress),
    figures: [
      { label: t('新增'), value: counts.created }, { label: t('修改'), value: counts.changed }, { label: t('不变'), value: counts.unchanged }, { label: t('错误'), value: errors.length },
    ],
    canApply: status === 'checked' && preview.rows > 0 && preview.created + preview.changed + preview.unchanged > 0, clean: errors.length === 0,
    ignored: preview.ignored.length > 0 ? t('没有用到的列：{columns}', { columns: preview.ignored.join('、') }) : null,
    errors: errors.slice(0, ERRORS_SHOWN).map(error => ({ cells: { row: error.row, column: error.column, value: error.value ?? '', sentence: t(error.sentence, error.params) } })),
    moreErrors: errors.length > ERRORS_SHOWN ? t('这里只列出前 {shown} 处，全部 {all} 处请下载', { shown: ERRORS_SHOWN, all: errors.length }) : null,
    samples: status === 'checked' ? preview.samples.map(sample => sampleRow(t, sample)) : [],
    moreSamples: preview.samples.length < preview.created + preview.changed,
  }
}

function sampleRow(t: T, { row, number, name, outcome, changes }: Sample) {
  const words = changes.map(({ label, from, to }) => `${t(label)}：${from || t('空')} → ${to || t('空')}`)
  return { cells: { row, number, name, outcome: { tag: outcome === 'created' ? { text: t('新增'), meaning: 'green', icon: 'plus' } : { text: t('修改'), meaning: 'blue' } }, changes: outcome === 'created' ? '' : words.join('；') } }
}

function sentenceOf(t: T, { status, errors, preview }: Import, { rows, done }: Progress): string {
  if (status === 'applying') return t('正在写入：{done} / {rows} 行', { done, rows })
  if (status === 'done') return t('已经写入')
  if (status === 'dropped') return t('已放弃，没有写入任何内容')
  if (errors.length > 0) return t('有 {count} 处错误，还没有写入任何内容', { count: errors.length })
  return preview.created + preview.changed === 0 ? t('名单和系统里的一样，导入不会改变什么') : t('没有错误，还没有写入。确认后开始')
}

/** The errors as a table to hand back to whoever made the list. */
export function errorRows(t: T, found: Import, progress: Progress): Row[] {
  const head: Row = ['行', '列', '内容', '原因'].map(word => ({ value: t(word), type: String, fontWeight: 'bold' }))
  const line = (error: CellError): Row => [
    { value: error.row, type: Number }, { value: error.column, type: String }, { value: error.value ?? '', type: String }, { value: t(error.sentence, error.params), type: String },
  ]
  return [head, ...[...found.errors, ...progress.errors].map(line)]
}

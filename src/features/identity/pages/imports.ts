import type { T } from '../../../platform/text.ts'
import type { ImportKind } from '../import-tables.ts'
import type { Described } from '../roster/read.ts'
import type { listImports } from '../store/imports.ts'
import { kindLabels, tagOf } from './import-words.ts'

export const IMPORTS_SHOWN = 20

type Imports = {
  t: T
  imports: Awaited<ReturnType<typeof listImports>>
  columns: readonly { kind: ImportKind; columns: readonly Described[] }[]
  errors: Record<string, string>
  kind: string
  encoding: string
  before: string | undefined
}

/** Upload, templates, and what was imported before. */
export function importsPage({ t, imports, columns, errors, kind, encoding, before }: Imports) {
  const shown = imports.slice(0, IMPORTS_SHOWN)
  return {
    title: t('导入名单'), back: { label: t('人员'), href: '/admin/people' }, errors,
    kind: {
      name: 'kind', label: t('名单的种类'), type: 'radio', required: true, value: kind, error: errors['kind'], help: t('先导入部门，再导入教职工，最后导入学生'),
      options: Object.entries(kindLabels).map(([value, text]) => ({ value, text: t(text) })),
    },
    file: {
      name: 'file', type: 'file', label: t('名单文件（.xlsx 或 .csv）'), accept: '.xlsx,.csv,.txt', required: true, error: errors['file'],
      help: t('最多 20 MB、6 万行。上传后先检查并显示会改变什么，确认之后才写入'),
    },
    encoding: {
      name: 'encoding', label: t('CSV 的编码'), type: 'select', blank: t('自动识别'), value: encoding, error: errors['encoding'],
      options: [{ value: 'utf-8', text: 'UTF-8' }, { value: 'gb18030', text: 'GB18030 (GBK)' }], help: t('只有自动识别的结果不对时才需要选'),
    },
    templates: columns.map(each => ({
      title: t(kindLabels[each.kind]), xlsx: `/admin/import/template/${each.kind}.xlsx`, csv: `/admin/import/template/${each.kind}.csv`,
      must: each.columns.filter(column => column.required).map(column => column.header).join('、'), may: each.columns.filter(column => !column.required).map(column => column.header).join('、'),
    })),
    rows: shown.map(each => ({ id: each.id, href: `/admin/import/${each.id}`, cells: {
      file: { text: each.file_name, href: `/admin/import/${each.id}` }, kind: t(kindLabels[each.kind]), status: { tag: tagOf(t, each.status) },
      rows: each.preview.rows, by: each.name ?? t('系统'), at: { time: each.created_at },
    } })),
    first: before ? '/admin/import' : undefined,
    next: imports.length > IMPORTS_SHOWN ? `?before=${shown.at(-1)?.id ?? ''}` : undefined,
  }
}

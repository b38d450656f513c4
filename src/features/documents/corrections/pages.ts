import type { T } from '../../../platform/text.ts'
import { PAGE_SIZE, type Tag } from '../pages/list.ts'
import { FAMILIES, familyWordOf } from '../requests/rules.ts'
import type { Template } from '../templates.ts'
import type { Line } from './lines.ts'
import { LONGEST } from './rules.ts'
import type { CorrectionsTable } from './tables.ts'

type Status = CorrectionsTable['status']

export const CORRECTION_TAGS: Record<Status, Tag> = {
  open: { text: '核对中', meaning: 'blue' },
  mended: { text: '已更正', meaning: 'green' },
  kept: { text: '核对无误', meaning: 'grey' },
  withdrawn: { text: '已撤回', meaning: 'grey' },
}

const tagOf = (t: T, status: Status): Tag => ({ ...CORRECTION_TAGS[status], text: t(CORRECTION_TAGS[status].text) })

/** A report in a list of its owner. */
export function correctionCell(t: T, { id, printed, said, status, created_at }: CorrectionsTable) {
  return { title: printed, note: said, icon: 'edit', href: `/documents/corrections/${id}`, tag: tagOf(t, status), time: created_at }
}

type Typed = { line?: string | undefined; said?: string | undefined; errors?: Record<string, string> }

/** 这里有错: which line, and what is wrong with it. */
export function reportPage(t: T, { id, template, lines, typed, open }: { id: string; template: Template; lines: readonly Line[]; typed: Typed; open: ReadonlySet<string> }) {
  return {
    title: t('这里有错'), lead: t(template.title), back: { label: t('回到预览'), href: `/documents/requests/${id}` }, action: `/documents/requests/${id}/correction`, styles: ['css/pages/documents.css'],
    errors: typed.errors ?? {},
    line: { value: typed.line ?? '', long: lines.length > 12, options: lines.map(({ key, label, value }) => ({ value: key, text: label, help: open.has(key) ? t('{value}（已经报告，教务在核对）', { value }) : value, disabled: open.has(key) })) },
    said: { value: typed.said ?? '', maxlength: LONGEST },
  }
}

/** What became of a report, for who made it. */
export function ownCorrectionPage(t: T, row: CorrectionsTable, template: Template | undefined) {
  const word = (template && familyWordOf(template)) ?? 'transcripts'
  return {
    title: t('报告的错误'), tag: tagOf(t, row.status), rows: rowsOf(t, row, template?.title ?? row.kind), styles: ['css/pages/documents.css'],
    notice: row.status === 'open' ? { meaning: 'info', text: t('教务会核对并答复，结果发到企业微信。更正以前请不要办理这份文件') } : row.status === 'mended' ? { meaning: 'done', text: t('已更正。请重新生成预览图核对') } : null,
    again: { label: t('重新生成预览图'), href: `/documents/new/${word}?number=${encodeURIComponent(row.person_number)}&kind=${encodeURIComponent(row.kind)}` },
    back: { label: t(FAMILIES[word].title), href: `/documents/new/${word}` },
    withdraw: row.status === 'open' ? `/documents/corrections/${row.id}/withdrawal` : null,
  }
}

function rowsOf(t: T, row: CorrectionsTable, title: string) {
  return [
    { label: t('学号'), value: row.person_number }, { label: t('文件'), value: t(title) }, { label: t('所指的内容'), value: row.printed, whole: true }, { label: t('本人说'), value: row.said, whole: true },
    { label: t('报告时间'), time: row.created_at }, ...row.ended_at ? [{ label: t('办结时间'), time: row.ended_at }] : [], ...row.answer ? [{ label: t('答复'), value: row.answer, whole: true }] : [],
  ]
}

const STATUSES: readonly Status[] = ['open', 'mended', 'kept', 'withdrawn']
export const readStatus = (word: unknown): Status => STATUSES.find(status => status === word) ?? 'open'

/** The registrar's list; `rows` holds one more than is shown. */
export function correctionsPage(t: T, rows: readonly CorrectionsTable[], status: Status, templates: ReadonlyMap<string, Template>) {
  const shown = rows.slice(0, PAGE_SIZE)
  return {
    title: t('更正报告'), lead: t('本人在预览图上指出的错误'), next: rows.length > PAGE_SIZE ? `?status=${status}&before=${shown.at(-1)?.id ?? ''}` : undefined,
    segments: STATUSES.map(each => ({ label: t(CORRECTION_TAGS[each].text), href: `?status=${each}`, current: each === status })),
    rows: shown.map(row => ({ id: row.id, href: `/admin/corrections/${row.id}`, cells: {
      holder: `${row.person_name} ${row.person_number}`, printed: { text: row.printed, note: t(templates.get(row.kind)?.title ?? row.kind) }, said: row.said, status: { tag: tagOf(t, row.status), text: '' }, created_at: { time: row.created_at, text: '' },
    } })),
  }
}

type Answer = { outcome?: string | undefined; answer?: string | undefined; errors?: Record<string, string> }

/** A report as the registrar answers it. */
export function correctionPage(t: T, row: CorrectionsTable, template: Template | undefined, typed: Answer) {
  return {
    title: t('更正报告'), tag: tagOf(t, row.status), back: { label: t('更正报告'), href: '/admin/corrections' }, rows: [{ label: t('姓名'), value: row.person_name }, ...rowsOf(t, row, template?.title ?? row.kind)],
    form: row.status !== 'open' ? null : {
      action: `/admin/corrections/${row.id}/answer`, errors: typed.errors ?? {},
      outcome: { value: typed.outcome ?? '', options: [{ value: 'mend', text: t('已更正'), help: t('名单或成绩已经改好，本人可以重新预览') }, { value: 'keep', text: t('核对无误，不改'), help: t('写明为什么，本人会看到') }] },
      answer: { value: typed.answer ?? '', maxlength: LONGEST },
    },
  }
}

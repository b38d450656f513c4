import type { T } from '../../../platform/text.ts'
import type { DocumentRow } from '../tables.ts'

export type Tag = { text: string; meaning: 'green' | 'amber' | 'red' | 'grey' | 'blue' }

export const TAGS: Record<DocumentRow['status'], Tag> = {
  reserved: { text: '生成中', meaning: 'blue' },
  issued: { text: '已签章', meaning: 'green' },
  impossible: { text: '没有生成', meaning: 'red' },
  revoked: { text: '已作废', meaning: 'amber' },
}

export function tagOf({ status }: DocumentRow, t: T): Tag {
  return { ...TAGS[status], text: t(TAGS[status].text) }
}

export const PAGE_SIZE = 20

/** A page of rows and the address of the next one; `rows` holds one more than is shown. */
export function paged(rows: readonly DocumentRow[], address: string): { shown: readonly DocumentRow[]; next?: string } {
  const shown = rows.slice(0, PAGE_SIZE)
  const last = shown.at(-1)
  return rows.length > PAGE_SIZE && last ? { shown, next: `${address}before=${last.id}` } : { shown }
}

export function listPage(rows: readonly DocumentRow[], t: T) {
  const { shown, next } = paged(rows, '?')
  return {
    title: t('申请记录'), next,
    items: shown.map(row => ({ title: t(row.title), note: row.number, icon: 'certificate', href: `/documents/${row.id}`, tag: tagOf(row, t), time: row.created_at })),
  }
}

import type { T } from '../../../platform/text.ts'
import { type DeliveryRow, deliveryView } from '../../messages/index.ts'
import { inArrears } from '../rules.ts'
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

type List = { t: T; /** what became of sending each */ sent: ReadonlyMap<string, readonly DeliveryRow[]>; /** how often the links to it were opened */ opened: ReadonlyMap<string, number>; begun: readonly { title: string; note: string; href: string; at: number; tag: Tag }[]; status: DocumentRow['status'] | undefined; q: string }

/** 申请记录: what was begun and not finished, then the papers, newest first. */
export function listPage(rows: readonly DocumentRow[], { t, sent, opened, begun, status, q }: List) {
  const address = (change: { status?: string | undefined }) => `?${new URLSearchParams(Object.entries({ q, ...change }).flatMap(([name, value]) => value ? [[name, value]] : []))}`
  const narrowed = q !== '' || status !== undefined
  const { shown, next } = paged(rows, `${address({ status })}&`)
  return {
    title: t('申请记录'), next, narrowed, q, status,
    begun: narrowed ? [] : begun.map(({ at, ...each }) => ({ ...each, icon: 'edit', time: at })),
    segments: [undefined, ...STATUSES].map(each => ({ label: each === undefined ? t('全部') : t(TAGS[each].text), href: `/documents${address({ status: each })}`, current: each === status })),
    items: shown.map(row => ({ title: t(row.title), note: [row.number, sentNote(t, sent.get(row.id) ?? []), opened.has(row.id) ? t('分享链接打开过 {n} 次', { n: opened.get(row.id) ?? 0 }) : ''].filter(Boolean).join(' · '), icon: 'certificate', href: `/documents/${row.id}`, tag: tagOf(row, t), time: row.created_at })),
  }
}

/** What did not arrive, or may not have, before what still waits for its turn. */
function sentNote(t: T, deliveries: readonly DeliveryRow[]): string {
  const arrears = inArrears(deliveries)
  if (arrears.length > 0) return arrears.every(({ status }) => status === 'unknown') ? t('有一次发送结果未知，点开查看') : t('有一次发送没有成功，点开重新发送')
  const waiting = deliveries.filter(({ part }) => part === 'mail').map(each => deliveryView(each, t)).findLast(({ due }) => due !== null)
  return waiting ? [waiting.reason, waiting.due].filter(Boolean).join(t('，')) : ''
}

export function readStatus(word: unknown): DocumentRow['status'] | undefined {
  return STATUSES.find(status => status === word)
}

const STATUSES: readonly DocumentRow['status'][] = ['reserved', 'issued', 'impossible', 'revoked']

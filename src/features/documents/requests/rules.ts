import { schoolInstant, schoolTime } from '../../../platform/dates.ts'
import { defineMachine } from '../../../platform/machine.ts'
import type { Template } from '../templates.ts'
import type { RequestRow } from './tables.ts'

export const requestMachine = defineMachine({
  name: 'documents.request', table: 'documents_requests',
  edges: {
    order: { from: ['chosen'], to: 'awaiting-payment' },
    issue: { from: ['chosen', 'awaiting-payment'], to: 'issuing' },
    /** also where somebody mended what was in the way */
    finish: { from: ['issuing', 'impossible'], to: 'done' },
    giveUp: { from: ['issuing', 'awaiting-payment'], to: 'impossible' },
    cancel: { from: ['chosen', 'awaiting-payment'], to: 'cancelled' },
  },
  sentences: {
    'awaiting-payment': '这份文件在等待付款', issuing: '这份文件正在生成', done: '这份文件已经签章', impossible: '这份文件没有生成', cancelled: '这次申请已经取消',
  },
})

/** The two lists to choose from, by the word in their address. */
export const FAMILIES = {
  transcripts: { family: 'transcript', title: '电子成绩单' },
  certificates: { family: 'certificate', title: '电子证明' },
} as const
export type FamilyWord = keyof typeof FAMILIES

export function isFamilyWord(word: string): word is FamilyWord {
  return Object.hasOwn(FAMILIES, word)
}

export function familyWordOf(template: Pick<Template, 'family'>): FamilyWord | undefined {
  return Object.keys(FAMILIES).filter(isFamilyWord).find(word => FAMILIES[word].family === template.family)
}

/** Chinese papers first, then by name: plain ones before those with more on them. */
export function inOrder(templates: readonly Template[]): Template[] {
  return templates.toSorted((a, b) => Number(a.language === 'en') - Number(b.language === 'en') || (a.kind < b.kind ? -1 : 1))
}

/** Numbers under which somebody studied; staff have no transcript. */
export function canHold(number: { kind: string }): boolean {
  return number.kind === 'student'
}

/** What the next paper of a kind costs, in fen, after so many free ones this year. */
export function priceOf({ price, free }: Pick<Template, 'price' | 'free'>, used: number): number {
  return used < free ? 0 : price
}

/** Since when the free ones are counted: the school's New Year (ms). */
export function yearBegan(now: number): number {
  return schoolInstant(`${schoolTime(now).date.slice(0, 4)}-01-01`) ?? now
}

/** Milliseconds after which a request that was only chosen is put away. */
export const LIFE = 7 * 86_400_000

/** Only its owner, whatever rights others have: nothing was issued yet. */
export function isOwn(viewer: { person_id: string }, request: Pick<RequestRow, 'person_id'>): boolean {
  return viewer.person_id === request.person_id
}

export function yuan(fen: number): string {
  return (fen / 100).toFixed(2)
}

/** Where a request stands now, as an address. */
export function placeOf({ id, status, document_id, order_id }: RequestRow): string {
  if (document_id) return `/documents/${document_id}`
  // Of what came to nothing the order says why, and that the money went back.
  if ((status === 'awaiting-payment' || status === 'impossible') && order_id) return `/pay/${order_id}`
  return status === 'chosen' ? `/documents/requests/${id}` : '/documents'
}

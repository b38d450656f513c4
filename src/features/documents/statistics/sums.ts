import type { T } from '../../../platform/text.ts'
import { yuan } from '../requests/rules.ts'
import type { Figure } from './read.ts'
import type { FiguresTable } from './tables.ts'

/** What is counted of papers, each a column wherever they are listed. */
export const COUNTED = [
  { key: 'asked', label: '申请份数', of: ['asked'] }, { key: 'issued', label: '已签章', of: ['issued'] }, { key: 'failed', label: '没有生成', of: ['failed'] },
  { key: 'revoked', label: '已作废', of: ['revoked'] }, { key: 'verified', label: '核验', of: ['verified'] }, { key: 'opened', label: '链接打开', of: ['opened'] },
] as const satisfies readonly { key: string; label: string; of: readonly FiguresTable['figure'][] }[]

/** Openings that were refused are none. */
const REFUSED = 'refused'

export function countOf(rows: readonly Figure[], ...figures: FiguresTable['figure'][]): number {
  return rows.reduce((sum, row) => sum + (figures.includes(row.figure) && row.about !== REFUSED ? row.number : 0), 0)
}

export function fenOf(rows: readonly Figure[], figure: 'paid' | 'refunded'): number {
  return rows.reduce((sum, row) => sum + (row.figure === figure ? row.fen : 0), 0)
}

/** What came in with the papers, less what went back, in yuan. */
export function incomeOf(rows: readonly Figure[]): string {
  const fen = fenOf(rows, 'paid') - fenOf(rows, 'refunded')
  return `${fen < 0 ? '-' : ''}${yuan(Math.abs(fen))}`
}

/** Was anything paid at all? Where papers are free nobody is to read of money. */
export function isPriced(rows: readonly Figure[]): boolean {
  return rows.some(({ figure }) => figure === 'paid' || figure === 'refunded')
}

export const CHANNELS: Readonly<Record<string, string>> = { wecom: '企业微信', mail: '邮件' }

/** What became of files and mails, as their statuses say it. */
export const OUTCOMES = [
  { key: 'sent', label: '送出', of: ['sent', 'delivered', 'merged'] }, { key: 'returned', label: '拒收或退信', of: ['refused', 'bounced'] }, { key: 'unknown', label: '结果未知', of: ['unknown'] },
  { key: 'waiting', label: '还在等待', of: ['waiting', 'held', 'queued', 'sending'] }, { key: 'dropped', label: '不再需要', of: ['dropped'] },
] as const

/** How often something was sent by a channel with this outcome; without one, with any. */
export function sentBy(rows: readonly Figure[], channel: string, outcome?: readonly string[]): number {
  return rows.reduce((sum, { figure, about, number }) => {
    const [by, status = ''] = about.split(':')
    return sum + (figure === 'sent' && by === channel && (outcome?.includes(status) ?? true) ? number : 0)
  }, 0)
}

/** Ways in which papers were looked at by others. */
export const LOOKS: readonly { figure: 'verified' | 'opened'; about: string; label: string }[] = [
  { figure: 'verified', about: 'code', label: '用验证码或二维码核验' }, { figure: 'verified', about: 'file', label: '用文件核验' }, { figure: 'verified', about: 'badge', label: '用数字凭证核验' },
  { figure: 'opened', about: 'opened', label: '打开分享链接' }, { figure: 'opened', about: 'downloaded', label: '从分享链接下载' }, { figure: 'opened', about: REFUSED, label: '口令错误被拒绝' },
]

export function looksBy(rows: readonly Figure[], { figure, about }: Pick<Figure, 'figure' | 'about'>): number {
  return rows.reduce((sum, row) => sum + (row.figure === figure && row.about === about ? row.number : 0), 0)
}

/** Names of what the figures are divided by. */
export type Names = { kinds: ReadonlyMap<string, string>; units: ReadonlyMap<string, string> }

export function kindName({ kinds }: Names, kind: string, t: T): string {
  return t(kinds.get(kind) ?? kind)
}

export function unitName({ units }: Names, unit_id: string, t: T): string {
  return units.get(unit_id) ?? t('名单里没有的学号')
}

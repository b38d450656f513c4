import { schoolTime } from '../../../platform/dates.ts'
import type { T } from '../../../platform/text.ts'
import { tagOf } from '../pages/list.ts'
import type { DocumentRow } from '../tables.ts'
import { linesOf } from './lines.ts'
import type { Life } from './read.ts'

/** Whether the reader is its owner. */
type Reader = { own: boolean; t: T }

export function logPage(life: Life, { own, t }: Reader, now: number) {
  const { document } = life
  return {
    title: t('文件日志'), tag: tagOf(document, t), lead: `${t(document.title)} · ${document.number}`, back: { label: t('文件信息'), href: `/documents/${document.id}` },
    pdf: `/documents/${document.id}/log.pdf`, rows: factsOf(document, t), notes: notesOf(life, own, t), events: linesOf(life, now, t).toReversed(),
  }
}

/** What the PDF prints, oldest first, without a seal: it certifies nothing. */
export function logPaper(life: Life, { own, t }: Reader, now: number) {
  const { document } = life
  return {
    title: t('文件日志'), rows: [{ label: t('文件'), value: t(document.title) }, { label: t('状态'), value: tagOf(document, t).text }, ...factsOf(document, t)],
    lines: linesOf(life, now, t).map(({ at, name, decision, comment }) => ({ at: exact(at), what: [name, decision?.text].filter(Boolean).join(' · '), comment })),
    notes: [...notesOf(life, own, t), t('打印于 {time}。这份日志没有签章，只供查阅，不作证明使用。核验文件请用文件上的验证码', { time: exact(now) })],
    heads: { at: t('时间'), what: t('事情'), comment: t('说明') },
  }
}

function factsOf({ number, facts, person_number, level, sha256 }: DocumentRow, t: T) {
  return [
    { label: t('文件编号'), value: number }, { label: t('持有人'), value: `${facts.name ?? ''} ${person_number}` },
    ...level === null ? [] : [{ label: t('签章级别'), value: `PAdES ${level}` }],
    ...sha256 === null ? [] : [{ label: 'SHA-256', value: sha256, whole: true }],
  ]
}

function notesOf({ cut }: Life, own: boolean, t: T): string[] {
  return [...own ? [] : [t('分享链接的去向只有持有人能看到，这里没有列出')], ...cut ? [t('记录很多，每一种只列出最近的 500 条')] : []]
}

function exact(at: number): string {
  return Object.values(schoolTime(at)).join(' ')
}

import type { EventRow } from '../../../platform/events.ts'
import type { T } from '../../../platform/text.ts'
import { type DeliveryRow, deliveryView } from '../../messages/index.ts'
import { documentGathered, documentImpossible, documentIssued, documentReserved, documentRevoked } from '../events.ts'
import type { Tag } from '../pages/list.ts'
import { documentArchived, documentLowered, documentRaised, sealingLabels } from '../sealing/events.ts'
import { OPENING_WORDS } from '../shares/pages.ts'
import { printTag } from '../terminals/pages.ts'
import type { ListedPrint } from '../terminals/store.ts'
import { VERIFIED_WORDS } from '../pages/document.ts'
import type { Life, Linked } from './read.ts'

/** Something that became of a paper, as a timeline shows it and as its PDF prints it. */
export type Line = { at: number; name: string; icon: string; comment?: string | undefined; decision?: Tag; meaning?: Tag['meaning'] }

/** All of it, oldest first. */
export function linesOf(life: Life, now: number, t: T): Line[] {
  const { deliveries, verifications, links } = life
  return [
    ...eventLines(life, t),
    ...deliveries.map(each => deliveryLine(each, t)),
    ...verifications.map(({ at, how, organisation }) => ({ at, name: t(VERIFIED_WORDS[how]), icon: 'shield', comment: organisation === null ? undefined : t('自报单位：{organisation}', { organisation }) })),
    ...links.flatMap(each => linkLines(each, t)),
    ...life.prints.map(each => printLine(each, now, t)),
  ].toSorted((a, b) => a.at - b.at)
}

function deliveryLine(row: DeliveryRow, t: T): Line {
  const { channel, channel_label, note, tag } = deliveryView(row, t)
  return { at: row.created_at, name: t('发送：{way}', { way: channel_label }), icon: channel === 'mail' ? 'mail' : 'bell', decision: tag, comment: note || undefined }
}

function printLine(print: ListedPrint, now: number, t: T): Line {
  const copy = print.nth === null ? null : t('今年在这台终端的第 {n} 份', { n: print.nth })
  return { at: print.printed_at ?? print.handed_at, name: t('交给自助终端打印'), icon: 'print', decision: printTag(print, now, t), comment: [print.terminal, print.place, copy].filter(Boolean).join(' · ') }
}

function linkLines({ share, deliveries, openings }: Linked, t: T): Line[] {
  const whose = share.recipient ?? t('知道链接的人')
  return [
    { at: share.created_at, name: t('开通分享链接'), icon: 'external', comment: whose },
    ...deliveries.map(each => deliveryLine(each, t)),
    ...openings.map(({ at, what }) => ({ at, name: t(OPENING_WORDS[what].text), icon: OPENING_WORDS[what].icon, comment: whose })),
    ...share.ended_at === null ? [] : [{ at: share.ended_at, name: t('结束分享链接'), icon: 'lock', comment: whose }],
  ]
}

type Told = Pick<Line, 'name' | 'icon' | 'comment' | 'meaning'>
type Teller = (event: EventRow, life: Life, t: T) => Told

const TELLERS: Record<string, Teller> = {
  [documentReserved.name]: (event, life, t) => ({ name: isFirst(event, life) ? t('开始生成') : t('重新开始生成'), icon: 'file', comment: isFirst(event, life) && life.replaced.of !== null ? t('替换作废的 {number}', { number: life.replaced.of }) : undefined }),
  [documentGathered.name]: (_event, _life, t) => ({ name: t('开始生成'), icon: 'file', comment: t('批量出具') }),
  [documentIssued.name]: (_event, life, t) => ({ name: t('学校签章'), icon: 'certificate', meaning: 'green', comment: levelWords(levelAtIssue(life), t) }),
  [documentLowered.name]: ({ data }, _life, t) => ({ name: t(sealingLabels[documentLowered.name]?.text ?? '', { level: String(data.level), wished: String(data.wished) }), icon: 'clock' }),
  [documentRaised.name]: ({ data }, _life, t) => ({ name: t(sealingLabels[documentRaised.name]?.text ?? '', { level: String(data.level) }), icon: 'certificate', meaning: 'green' }),
  [documentArchived.name]: ({ data }, _life, t) => ({ name: t(sealingLabels[documentArchived.name]?.text ?? '', { level: String(data.level), until: String(data.until) }), icon: 'certificate', meaning: 'green' }),
  [documentImpossible.name]: (_event, _life, t) => ({ name: t('文件不能生成'), icon: 'warn', meaning: 'red' }),
  [documentRevoked.name]: (event, life, t) => ({ name: t('作废'), icon: 'void', meaning: 'amber', comment: [byWhom(event, life, t), life.document.reason && t('原因：{reason}', { reason: life.document.reason }), life.replaced.by && t('由 {number} 替换', { number: life.replaced.by })].filter(Boolean).join(' · ') }),
}

function eventLines(life: Life, t: T): Line[] {
  return life.events.flatMap(event => {
    const told = TELLERS[event.name]?.(event, life, t)
    return told ? [{ at: event.at, ...told }] : []
  })
}

function isFirst({ id }: EventRow, { events }: Life): boolean {
  return events.find(({ name }) => name === documentReserved.name)?.id === id
}

/** PAdES level with which it was issued, whatever it was raised to since; null where it never was. */
export function levelAtIssue({ document, events }: Pick<Life, 'document' | 'events'>): string | null {
  const data = (name: string) => events.find(event => event.name === name)?.data
  const first = data(documentLowered.name)?.level ?? data(documentRaised.name)?.from ?? data(documentArchived.name)?.from
  return typeof first === 'string' ? first : document.level
}

function levelWords(level: string | null, t: T): string | undefined {
  return level === null ? undefined : t('签章级别 PAdES {level}', { level })
}

function byWhom({ actor_id }: EventRow, { document }: Life, t: T): string {
  if (actor_id === null) return t('由系统作废')
  return actor_id === document.person_id ? t('由持有人作废') : t('由学校作废')
}

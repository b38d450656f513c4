import type { T } from '../../../platform/text.ts'
import { correctionCell } from '../corrections/pages.ts'
import type { CorrectionsTable } from '../corrections/tables.ts'
import type { Template } from '../templates.ts'
import { DAYS, type TypedDelivery, type WayName, waysOf } from './delivery.ts'
import { FAMILIES, familyWordOf, type FamilyWord, priceOf, yuan } from './rules.ts'
import type { Stop } from './stops.ts'
import type { RequestRow } from './tables.ts'

type NumberOf = { number: string; level: string | null; major: string | null; unit_name: string }
type Card = { template: Template; open: RequestRow | undefined; stop: Stop | null; used: number }
type Choose = { word: FamilyWord; numbers: readonly NumberOf[]; number: string | undefined; cards: readonly Card[]; kind: string | undefined; errors: Record<string, string>; hindered: boolean }

const STEPS = ['选择类型', '核对预览', '寄往哪里', '签章送达']

const steps = (t: T, current: number) => ({ items: STEPS.map(step => t(step)), current })

/** The kinds of a family as cards, one of which is chosen. */
export function choosePage(t: T, { word, numbers, number, cards, kind, errors, hindered }: Choose) {
  const [first] = cards
  // One reason for all is said once, above them.
  const shared = first?.stop && cards.every(({ stop }) => stop?.text === first.stop?.text) ? first.stop : null
  return {
    title: t(FAMILIES[word].title), styles: STYLES, steps: steps(t, 0), word, error: errors['kind'], stop: shared, hindered,
    others: Object.entries(FAMILIES).map(([each, { title }]) => ({ label: t(title), href: `/documents/new/${each}`, current: each === word })),
    number, numbers: numbers.length < 2 ? [] : numbers.map(each => ({ label: [each.number, each.level && t(each.level), each.major ?? each.unit_name].filter(Boolean).join(' · '), href: `/documents/new/${word}?number=${encodeURIComponent(each.number)}`, current: each.number === number })),
    kinds: cards.map(card => kindCard(t, card, { chosen: kind === card.template.kind, single: cards.length === 1, shared })),
    usable: cards.some(({ stop }) => stop === null),
    empty: numbers.length === 0 ? { icon: 'certificate', title: t('这里的文件开给有学号的人'), note: t('名单里没有你的学号。毕业或转专业前的学号也可以办理，找不到时请联系客服'), action: { label: t('联系客服'), href: '/help' } }
      : { icon: 'certificate', title: t('学校还没有开通这类文件'), action: { label: t('看全部服务'), href: '/services' } },
  }
}

function kindCard(t: T, { template, open, stop, used }: Card, { chosen, single, shared }: { chosen: boolean; single: boolean; shared: Stop | null }) {
  return {
    value: template.kind, title: t(template.title), checked: chosen || single && stop === null, disabled: stop !== null,
    tags: [{ text: template.language === 'en' ? t('英文') : t('中文'), meaning: 'grey', icon: 'globe' }, priceTag(t, template, used)],
    note: open ? t('上次没有办完，会接着办理') : null,
    // Said above where it is the same for all.
    stop: shared === null ? stop : null,
  }
}

function priceTag(t: T, template: Template, used: number) {
  const { price, free } = template
  if (price === 0) return { text: t('免费'), meaning: 'green' }
  if (priceOf(template, used) === 0) return { text: t('免费，今年还有 {n} 份', { n: free - used }), meaning: 'green' }
  return { text: t('{price} 元', { price: yuan(price) }), meaning: 'blue', icon: 'wallet' }
}

const STYLES = ['css/pages/documents.css']

type Preview = { row: RequestRow; template: Template; stop: Stop | null; boxes: readonly string[]; reports: readonly CorrectionsTable[]; name: string; drawing: { ok: boolean } }

/** The picture, with two ways on: something is wrong, or it is right. */
export function previewPage(t: T, { row, template, stop, boxes, reports, name, drawing }: Preview) {
  const word = familyWordOf(template) ?? 'transcripts'
  return {
    title: t(template.title), styles: STYLES, steps: steps(t, 1), back: { label: t(FAMILIES[word].title), href: `/documents/new/${word}` }, lead: `${name} ${row.person_number}`.trim(),
    stop, boxes: boxes.length > 0 ? t('学校的字库里没有这些字：{what}。请点“这里有错”告诉教务，补上以后再办', { what: boxes.join(t('、')) }) : null,
    picture: stop ? null : drawing.ok ? { src: `/documents/requests/${row.id}/preview.jpg`, alt: t('{title}的预览图，盖有“预览”水印，没有签章和验证码。文字内容也可以在“这里有错”里逐行查看', { title: t(template.title) }) } : null,
    // Without a browser there is nothing to look at, and what was not looked at is not issued.
    broken: !stop && !drawing.ok,
    reports: reports.map(report => correctionCell(t, report)),
    wrong: stop ? null : `/documents/requests/${row.id}/correction`,
    next: stop || boxes.length > 0 || !drawing.ok ? null : `/documents/requests/${row.id}/delivery`,
    cancel: `/documents/requests/${row.id}/cancellation`,
  }
}

const WAYS: Record<WayName, { text: string; help: string }> = {
  mine: { text: '自己的邮箱', help: '建议填写非 QQ 邮箱，在电脑上打开附件；手机预览可能显示不全' },
  other: { text: '别人的邮箱', help: '单位、学校或其他人；要同意下面的说明' },
  share: { text: '分享链接', help: '生成一个可以设期限、次数和口令的链接，由你发给别人' },
  phone: { text: '只发到手机', help: '企业微信里收文件，也可以在申请记录里下载' },
}

type DeliveryModel = { row: RequestRow; template: Template; typed: TypedDelivery; errors: Record<string, string>; shares: boolean; price: number; notice: { html: string; hash: string } }

export function deliveryPage(t: T, { row, template, typed, errors, shares, price, notice }: DeliveryModel) {
  return {
    title: t('寄往哪里'), styles: STYLES, steps: steps(t, 2), lead: t(template.title), back: { label: t('回到预览'), href: `/documents/requests/${row.id}` }, action: `/documents/requests/${row.id}/delivery`,
    errors, way: { value: typed.to ?? 'mine', options: waysOf(shares).map(value => ({ value, text: t(WAYS[value].text), help: t(WAYS[value].help) })) },
    mailbox: { value: typed.mailbox ?? '' }, other: { value: typed.other ?? '' }, recipient: { value: typed.recipient ?? '' },
    consent: { ...notice, bare: true, title: t('把文件寄给别人'), label: t('我同意学校把这份文件提供给这个邮箱的主人'), checked: typed.consent === notice.hash },
    share: shares && { days: { value: typed.days ?? '30', options: DAYS.map(n => ({ value: String(n), text: t('{n} 天', { n }) })) }, views: { value: typed.views ?? '' }, passcode: typed.passcode !== undefined },
    price: price === 0 ? null : t('这份文件收费 {price} 元，下一步付款。没有生成会原路退回', { price: yuan(price) }),
    submit: price === 0 ? t('确认并签章') : t('确认并去付款'),
  }
}

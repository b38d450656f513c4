import type { Content, TemplateCard } from '../../integrations/wecom/index.ts'
import type { Delivery, MessageRow } from './tables.ts'

/** `url`: of a digest's line, the path it leads to. */
export type Fact = { label: string; value: string; url?: string | null }
/** One without a key opens the message's page; the platform tells us nothing of it. */
export type Button = { key?: string; text: string; style?: 1 | 2 | 3 | 4 }
/** Asked on the card itself, and answered with its button. `many`: several may be chosen, of a lone question. */
export type Question = { key: string; title: string; many: boolean; options: { id: string; text: string }[]; chosen: readonly string[] }
export type FileRef = { sha256: string; filename: string }
/** With questions there is one button. `hint`: what such a card, which cannot open a page, says of the rest. `over`: its heading once nothing is asked any more. */
export type CardAsk = { task_id: string; buttons: Button[]; questions?: Question[]; hint?: string; over?: string }

export const factsOf = (message: Pick<MessageRow, 'facts'>): Fact[] => JSON.parse(message.facts)
export const filesOf = (message: Pick<MessageRow, 'files'>): FileRef[] => JSON.parse(message.files)
export const cardOf = (message: Pick<MessageRow, 'card'>): CardAsk | null => message.card === null ? null : JSON.parse(message.card)

/**
 * The message as WeCom shows it. Its address carries the delivery's id, so that no two requests are alike by chance:
 * the platform takes equal ones for one message, and the second reminder would never arrive.
 */
export function wecomContent(message: MessageRow, delivery: Delivery, wecomTaskId: string | null, publicUrl: string): Content {
  const url = address(message, delivery, publicUrl)
  if (delivery.part === 'file') return delivery.media_id === null ? fileLink(message, url) : { msgtype: 'file', media_id: delivery.media_id }
  if (delivery.part === 'digest') return { msgtype: 'text', content: digestText(message, delivery, publicUrl) }
  if (delivery.part === 'card') return { msgtype: 'template_card', card: { ...face(message, url), ...(wecomTaskId && { task_id: wecomTaskId }) } }
  return { msgtype: 'textcard', title: message.title, lines: factsOf(message), text: message.text ?? undefined, url, button: '去查看' }
}

/** Of a file that WeCom does not carry: where it is. */
function fileLink(message: MessageRow, url: string): Content {
  return { msgtype: 'textcard', title: message.title, lines: filesOf(message).map(({ filename }) => ({ label: '文件', value: filename })), text: '文件太大，企业微信发不了。点开以后可以下载', url, button: '去下载' }
}

// 2048 bytes (90236), of which the end needs some; a cut inside a link would break it.
const DIGEST_ROOM = 1800

/** A line with a link for each, as many as fit, and the way to all of them. */
function digestText(message: MessageRow, delivery: Delivery, publicUrl: string): string {
  const facts = factsOf(message)
  const link = (words: string, path: string) => `<a href="${address({ url: path }, delivery, publicUrl)}">${words.replaceAll('<', '＜').replaceAll('>', '＞')}</a>`
  const lines = [message.title, ...facts.map(({ value, url }, index) => `${index + 1}. ${url ? link(value, url) : value}`)]
  const fitting = lines.findIndex((_, index) => Buffer.byteLength(lines.slice(0, index + 1).join('\n')) > DIGEST_ROOM)
  return [...fitting < 0 ? lines : lines.slice(0, fitting), link(fitting < 0 ? '全部通知' : `还有 ${lines.length - fitting} 条，查看全部`, '/messages')].join('\n')
}

/** The card after its end: what happened instead of the buttons. */
export function closedCard(message: MessageRow, delivery: Delivery, text: string, publicUrl: string): TemplateCard {
  const card = face({ ...message, title: titleOver(message) }, address(message, delivery, publicUrl), text)
  return {
    ...card, replace_text: text.length <= BUTTON_WIDTH ? text : '已结束',
    ...(card.checkbox && { checkbox: { ...card.checkbox, disable: true } }), ...(card.select_list && { select_list: card.select_list.map(list => ({ ...list, disable: true })) }),
  }
}

export const titleOver = (message: Pick<MessageRow, 'card' | 'title'>): string => cardOf(message)?.over ?? message.title

const BUTTON_WIDTH = 10

/** `said`: what stands under the title, the message's own text where nothing has happened yet. */
function face(message: MessageRow, url: string, said = message.text ?? ''): TemplateCard {
  const { buttons = [], questions = [], hint = '' } = cardOf(message) ?? {}
  if (questions.length > 0) return asking(message, questions, { button: buttons[0], said: said || hint })
  return {
    card_type: 'button_interaction',
    source: SOURCE,
    main_title: { title: message.title },
    ...(said && { sub_title_text: said }),
    horizontal_content_list: factsOf(message).map(({ label, value }) => ({ keyname: label, value })),
    card_action: { type: 1, url },
    button_list: buttons.map(({ key, text, style }) => ({ text, ...(style && { style }), ...(key === undefined ? { type: 1 as const, url } : { key }) })),
  }
}

/** Characters of a vote's title that a phone shows. */
const NARROW = 16
const SOURCE = { desc: '一站式网上办事大厅' }

/** A selection card has neither rows nor a page behind it (90236): its text says it all. */
function asking(message: MessageRow, questions: readonly Question[], { button, said }: { button: Button | undefined; said: string }): TemplateCard {
  const desc = [message.title.length > NARROW ? message.title : '', ...questions.length === 1 ? questions.map(question => question.title) : [], said, ...factsOf(message).map(({ label, value }) => `${label}：${value}`)].filter(Boolean).join('\n')
  const shared = { source: SOURCE, main_title: { title: message.title, desc }, submit_button: { text: button?.text ?? '提交', key: button?.key ?? 'submit' } }
  const [only, ...more] = questions
  if (only && more.length === 0) {
    return { ...shared, card_type: 'vote_interaction', checkbox: { question_key: only.key, mode: only.many ? 1 : 0, option_list: only.options.map(option => ({ ...option, is_checked: only.chosen.includes(option.id) })) } }
  }
  return {
    ...shared, card_type: 'multiple_interaction',
    select_list: questions.map(({ key, title, options, chosen }) => ({ question_key: key, title, option_list: options, ...(chosen[0] !== undefined && { selected_id: chosen[0] }) })),
  }
}

function address(message: Pick<MessageRow, 'url'>, delivery: Delivery, publicUrl: string): string {
  const url = new URL(message.url ?? '/messages', publicUrl)
  url.searchParams.set('m', delivery.id)
  return url.href
}

/** What a mailbox should take the file for. */
export function contentType(filename: string): string {
  const types: Record<string, string> = { pdf: 'application/pdf', png: 'image/png', jpg: 'image/jpeg', zip: 'application/zip' }
  return types[filename.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream'
}

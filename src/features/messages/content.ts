import type { Content, TemplateCard } from '../../integrations/wecom/index.ts'
import type { Delivery, MessageRow } from './tables.ts'

export type Fact = { label: string; value: string }
export type Button = { key: string; text: string; style?: 1 | 2 | 3 | 4 }
export type FileRef = { sha256: string; filename: string }
export type CardAsk = { task_id: string; buttons: Button[] }

export const factsOf = (message: Pick<MessageRow, 'facts'>): Fact[] => JSON.parse(message.facts)
export const filesOf = (message: Pick<MessageRow, 'files'>): FileRef[] => JSON.parse(message.files)
export const cardOf = (message: Pick<MessageRow, 'card'>): CardAsk | null => message.card === null ? null : JSON.parse(message.card)

/**
 * The message as WeCom shows it. Its address carries the delivery's id, so that no two requests are alike by chance:
 * the platform takes equal ones for one message, and the second reminder would never arrive.
 */
export function wecomContent(message: MessageRow, delivery: Delivery, wecomTaskId: string | null, publicUrl: string): Content {
  const url = address(message, delivery, publicUrl)
  if (delivery.part === 'file') return { msgtype: 'file', media_id: delivery.media_id ?? '' }
  if (delivery.part === 'card') return { msgtype: 'template_card', card: { ...face(message, url), ...(wecomTaskId && { task_id: wecomTaskId }) } }
  return { msgtype: 'textcard', title: message.title, lines: factsOf(message), text: message.text ?? undefined, url, button: '去查看' }
}

/** The card after its end: what happened instead of the buttons. */
export function closedCard(message: MessageRow, delivery: Delivery, text: string, publicUrl: string): TemplateCard {
  return { ...face(message, address(message, delivery, publicUrl)), sub_title_text: text, replace_text: text.length <= BUTTON_WIDTH ? text : '已结束' }
}

const BUTTON_WIDTH = 10

function face(message: MessageRow, url: string): TemplateCard {
  return {
    card_type: 'button_interaction',
    source: { desc: '一站式网上办事大厅' },
    main_title: { title: message.title },
    ...(message.text && { sub_title_text: message.text }),
    horizontal_content_list: factsOf(message).map(({ label, value }) => ({ keyname: label, value })),
    card_action: { type: 1, url },
    button_list: cardOf(message)?.buttons ?? [],
  }
}

function address(message: MessageRow, delivery: Delivery, publicUrl: string): string {
  const url = new URL(message.url ?? '/messages', publicUrl)
  url.searchParams.set('m', delivery.id)
  return url.href
}

/** What a mailbox should take the file for. */
export function contentType(filename: string): string {
  const types: Record<string, string> = { pdf: 'application/pdf', png: 'image/png', jpg: 'image/jpeg', zip: 'application/zip' }
  return types[filename.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream'
}

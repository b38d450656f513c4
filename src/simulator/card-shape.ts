import type { Of } from './shape.ts'

const link = { type: 'number', url: 'text', appid: 'text', pagepath: 'text' } as const
const option = { id: 'text', text: 'text' } as const

/** The fields of a template card (§4.2) and, for updates, replace_text and the disable flags (§4.3). */
export const cardShape = {
  card_type: 'text',
  source: { icon_url: 'text', desc: 'text', desc_color: 'number' },
  action_menu: { desc: 'text', action_list: [{ text: 'text', key: 'text' }] },
  task_id: 'text',
  main_title: { title: 'text', desc: 'text' },
  quote_area: { ...link, title: 'text', quote_text: 'text' },
  emphasis_content: { title: 'text', desc: 'text' },
  sub_title_text: 'text',
  horizontal_content_list: [{ type: 'number', keyname: 'text', value: 'text', url: 'text', media_id: 'text', userid: 'text' }],
  jump_list: [{ ...link, title: 'text' }],
  card_action: link,
  image_text_area: { ...link, title: 'text', desc: 'text', image_url: 'text' },
  card_image: { url: 'text', aspect_ratio: 'number' },
  vertical_content_list: [{ title: 'text', desc: 'text' }],
  button_selection: { question_key: 'text', title: 'text', option_list: [option], selected_id: 'text', disable: 'flag' },
  button_list: [{ type: 'number', text: 'text', style: 'number', key: 'text', url: 'text' }],
  checkbox: { question_key: 'text', mode: 'number', disable: 'flag', option_list: [{ ...option, is_checked: 'flag' }] },
  select_list: [{ question_key: 'text', title: 'text', selected_id: 'text', disable: 'flag', option_list: [option] }],
  submit_button: { text: 'text', key: 'text' },
  replace_text: 'text',
} as const

export type Card = Of<typeof cardShape>
export type CardOption = { id?: string; text?: string }

export const cardTypes = ['text_notice', 'news_notice', 'button_interaction', 'vote_interaction', 'multiple_interaction'] as const
export type CardType = (typeof cardTypes)[number]

const common: (keyof Card)[] = ['card_type', 'source', 'task_id', 'main_title', 'replace_text']
const notice: (keyof Card)[] = [...common, 'action_menu', 'quote_area', 'horizontal_content_list', 'jump_list', 'card_action']

/** Which fields a card type has; what else is sent is not shown. */
export const fieldsOf: Record<CardType, (keyof Card)[]> = {
  text_notice: [...notice, 'emphasis_content', 'sub_title_text'],
  news_notice: [...notice, 'image_text_area', 'card_image', 'vertical_content_list'],
  button_interaction: [
    ...common, 'action_menu', 'quote_area', 'sub_title_text', 'horizontal_content_list', 'card_action', 'button_selection', 'button_list',
  ],
  vote_interaction: [...common, 'checkbox', 'submit_button'],
  multiple_interaction: [...common, 'select_list', 'submit_button'],
}

export function isCardType(text: string | undefined): text is CardType {
  return cardTypes.some((type) => type === text)
}

/** The card as clients show it: only the fields of its type. */
export function shownCard(card: Card): Card {
  if (!isCardType(card.card_type)) return card
  const fields: string[] = fieldsOf[card.card_type]
  return Object.fromEntries(Object.entries(card).filter(([key]) => fields.includes(key)))
}

/** Whether clicks on the card reach the app. */
export function callsBack(card: Card): boolean {
  return card.card_type?.endsWith('_interaction') === true || card.action_menu !== undefined
}

import { cutChars } from './cut.ts'

type Link = { type?: 0 | 1 | 2; url?: string; appid?: string; pagepath?: string }
type Option = { id: string; text: string }

/** A template card as the platform wants it (90236); which field belongs to which type is in its table. `replace_text` only in updates. */
export type TemplateCard = {
  card_type: 'text_notice' | 'news_notice' | 'button_interaction' | 'vote_interaction' | 'multiple_interaction'
  task_id?: string
  source?: { icon_url?: string; desc?: string; desc_color?: 0 | 1 | 2 | 3 }
  action_menu?: { desc?: string; action_list: { text: string; key: string }[] }
  main_title?: { title?: string; desc?: string }
  quote_area?: Link & { title?: string; quote_text?: string }
  emphasis_content?: { title?: string; desc?: string }
  sub_title_text?: string
  horizontal_content_list?: { type?: 0 | 1 | 2 | 3; keyname: string; value?: string; url?: string; media_id?: string; userid?: string }[]
  jump_list?: (Link & { title: string })[]
  card_action?: Link
  image_text_area?: Link & { title?: string; desc?: string; image_url: string }
  card_image?: { url: string; aspect_ratio?: number }
  vertical_content_list?: { title: string; desc?: string }[]
  button_selection?: { question_key: string; title?: string; option_list: Option[]; selected_id?: string; disable?: boolean }
  button_list?: { type?: 0 | 1; text: string; style?: 1 | 2 | 3 | 4; key?: string; url?: string }[]
  checkbox?: { question_key: string; mode?: 0 | 1; option_list: (Option & { is_checked: boolean })[]; disable?: boolean }
  select_list?: { question_key: string; title?: string; option_list: Option[]; selected_id?: string; disable?: boolean }[]
  submit_button?: { text: string; key: string }
  replace_text?: string
}

/** The card with its texts cut to what a phone shows (soft limits of 90236) and its lists to what the server takes. */
export function fitCard(card: TemplateCard): TemplateCard {
  const wide = card.card_type === 'vote_interaction' || card.card_type === 'multiple_interaction'
  return {
    ...card,
    ...(card.source && { source: fit(card.source, { desc: 20 }) }),
    ...(card.main_title && { main_title: fit(card.main_title, { title: card.card_type === 'vote_interaction' ? 16 : 36, desc: wide ? 160 : 44 }) }),
    ...(card.emphasis_content && { emphasis_content: fit(card.emphasis_content, { title: 14, desc: 22 }) }),
    ...(card.sub_title_text !== undefined && { sub_title_text: cutChars(card.sub_title_text, 160) }),
    ...(card.horizontal_content_list && { horizontal_content_list: card.horizontal_content_list.slice(0, 6).map(row => fit(row, { keyname: 5, value: 30 })) }),
    ...(card.jump_list && { jump_list: card.jump_list.slice(0, 3).map(row => fit(row, { title: 18 })) }),
    ...(card.vertical_content_list && { vertical_content_list: card.vertical_content_list.slice(0, 4).map(row => fit(row, { title: 38, desc: 160 })) }),
    ...(card.button_list && { button_list: card.button_list.slice(0, 6).map(row => fit(row, { text: 10 })) }),
    ...(card.checkbox && { checkbox: { ...card.checkbox, option_list: card.checkbox.option_list.map(row => fit(row, { text: 17 })) } }),
    ...(card.select_list && { select_list: card.select_list.map(list => ({ ...list, option_list: list.option_list.map(row => fit(row, { text: 16 })) })) }),
    ...(card.submit_button && { submit_button: fit(card.submit_button, { text: 10 }) }),
  }
}

function fit<Part extends object>(part: Part, limits: { [Key in keyof Part]?: number }): Part {
  const fitted = { ...part }
  for (const key in limits) {
    const value = part[key]
    const limit = limits[key]
    if (typeof value === 'string' && limit !== undefined) Object.assign(fitted, { [key]: cutChars(value, limit) })
  }
  return fitted
}

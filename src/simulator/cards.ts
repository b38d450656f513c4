import { callsBack, cardShape, isCardType, shownCard, type Card, type CardOption, type CardType } from './card-shape.ts'
import { WecomError } from './errors.ts'
import { bytes, read } from './shape.ts'

type Link = { type?: number; url?: string; appid?: string }
type Rule = { code: number; names: string; on: CardType[]; broken(card: Card): boolean }

const all: CardType[] = ['text_notice', 'news_notice', 'button_interaction', 'vote_interaction', 'multiple_interaction']
const notices: CardType[] = ['text_notice', 'news_notice']
const rich: CardType[] = [...notices, 'button_interaction']
const button: CardType[] = ['button_interaction']
const vote: CardType[] = ['vote_interaction']
const multiple: CardType[] = ['multiple_interaction']

function blank(text: string | undefined): boolean {
  return text === undefined || text === ''
}
function notKey(text: string | undefined, max = 1024): boolean {
  return text === undefined || text === '' || bytes(text) > max
}
function repeats(texts: (string | undefined)[]): boolean {
  return new Set(texts).size < texts.length
}
function outside(list: unknown[] | undefined, min: number, max: number): boolean {
  return list === undefined || list.length < min || list.length > max
}
function noScheme(url: string | undefined): boolean {
  return !blank(url) && !/^[a-z][a-z0-9+.-]*:\/\//i.test(url ?? '')
}
function urlMissing(...some: (Link | undefined)[]): boolean {
  return some.some((link) => link?.type === 1 && blank(link.url))
}
function appidMissing(...some: (Link | undefined)[]): boolean {
  return some.some((link) => link?.type === 2 && blank(link.appid))
}
function badOptionIds(options: CardOption[] | undefined): boolean {
  const ids = (options ?? []).map((option) => option.id)
  return ids.some((id) => notKey(id, 128)) || repeats(ids)
}
function badOptionTexts(options: CardOption[] | undefined): boolean {
  return (options ?? []).some((option) => blank(option.text))
}
function links(card: Card): Link[] {
  return [card.card_action, card.quote_area, card.image_text_area, ...(card.jump_list ?? [])].filter((link) => link !== undefined)
}
function actions(card: Card): { text?: string; key?: string }[] {
  return card.action_menu?.action_list ?? []
}
function callbackButtons(card: Card): { key?: string }[] {
  return (card.button_list ?? []).filter((one) => (one.type ?? 0) === 0)
}
function ratioWrong(ratio: number | undefined): boolean {
  return ratio !== undefined && (ratio < 1.3 || ratio > 2.25)
}

/** The card's limits, one row each. Lengths that the pages only advise (建议) are a matter of display and not refused. */
export const cardRules: Rule[] = [
  { code: 40058, names: 'main_title.title and sub_title_text', on: ['text_notice'], broken: (c) => blank(c.main_title?.title) && blank(c.sub_title_text) },
  { code: 40058, names: 'main_title.title', on: ['news_notice', ...button, ...vote, ...multiple], broken: (c) => blank(c.main_title?.title) },
  { code: 40058, names: 'source.desc_color', on: rich, broken: (c) => ![undefined, 0, 1, 2, 3].includes(c.source?.desc_color) },
  { code: 40058, names: 'action_menu.action_list', on: rich, broken: (c) => c.action_menu !== undefined && outside(c.action_menu.action_list, 1, 3) },
  { code: 40058, names: 'action_menu.action_list.text', on: rich, broken: (c) => actions(c).some((one) => blank(one.text)) },
  { code: 40058, names: 'action_menu.action_list.key', on: rich, broken: (c) => actions(c).some((one) => notKey(one.key)) },
  { code: 42051, names: 'action_menu.action_list.key', on: rich, broken: (c) => repeats(actions(c).map((one) => one.key)) },
  { code: 42035, names: 'horizontal_content_list', on: rich, broken: (c) => (c.horizontal_content_list?.length ?? 0) > 6 },
  { code: 42027, names: 'horizontal_content_list.keyname', on: rich, broken: (c) => c.horizontal_content_list?.some((one) => blank(one.keyname)) ?? false },
  { code: 40058, names: 'horizontal_content_list.type', on: rich, broken: (c) => c.horizontal_content_list?.some((one) => ![undefined, 0, 1, 2, 3].includes(one.type)) ?? false },
  { code: 42028, names: 'horizontal_content_list.url', on: rich, broken: (c) => urlMissing(...(c.horizontal_content_list ?? [])) },
  { code: 42029, names: 'horizontal_content_list.media_id', on: rich, broken: (c) => c.horizontal_content_list?.some((one) => one.type === 2 && blank(one.media_id)) ?? false },
  { code: 42050, names: 'horizontal_content_list.userid', on: rich, broken: (c) => c.horizontal_content_list?.some((one) => one.type === 3 && blank(one.userid)) ?? false },
  { code: 42042, names: 'jump_list', on: notices, broken: (c) => (c.jump_list?.length ?? 0) > 3 },
  { code: 42033, names: 'jump_list.title', on: notices, broken: (c) => c.jump_list?.some((one) => blank(one.title)) ?? false },
  { code: 42045, names: 'card_action', on: notices, broken: (c) => c.card_action?.type !== 1 && c.card_action?.type !== 2 },
  { code: 42045, names: 'card_action.type', on: button, broken: (c) => ![undefined, 0, 1, 2].includes(c.card_action?.type) },
  { code: 42028, names: 'url', on: rich, broken: (c) => urlMissing(...links(c)) },
  { code: 42030, names: 'appid', on: rich, broken: (c) => appidMissing(...links(c)) },
  { code: 45034, names: 'url', on: rich, broken: (c) => [...links(c), ...(c.horizontal_content_list ?? []), ...(c.button_list ?? [])].some((link) => noScheme(link.url)) },
  { code: 42044, names: 'card_image or image_text_area', on: ['news_notice'], broken: (c) => c.card_image === undefined && c.image_text_area === undefined },
  { code: 42044, names: 'card_image.url', on: ['news_notice'], broken: (c) => c.card_image !== undefined && blank(c.card_image.url) },
  { code: 42044, names: 'image_text_area.image_url', on: ['news_notice'], broken: (c) => c.image_text_area !== undefined && blank(c.image_text_area.image_url) },
  { code: 40058, names: 'card_image.aspect_ratio', on: ['news_notice'], broken: (c) => ratioWrong(c.card_image?.aspect_ratio) },
  { code: 42036, names: 'vertical_content_list', on: ['news_notice'], broken: (c) => (c.vertical_content_list?.length ?? 0) > 4 },
  { code: 42033, names: 'vertical_content_list.title', on: ['news_notice'], broken: (c) => c.vertical_content_list?.some((one) => blank(one.title)) ?? false },
  { code: 42043, names: 'button_selection.question_key', on: button, broken: (c) => c.button_selection !== undefined && notKey(c.button_selection.question_key) },
  { code: 42037, names: 'button_selection.option_list', on: button, broken: (c) => c.button_selection !== undefined && outside(c.button_selection.option_list, 1, 10) },
  { code: 42040, names: 'button_selection.option_list.id', on: button, broken: (c) => badOptionIds(c.button_selection?.option_list) },
  { code: 42041, names: 'button_selection.option_list.text', on: button, broken: (c) => badOptionTexts(c.button_selection?.option_list) },
  { code: 40058, names: 'button_list', on: button, broken: (c) => blank(c.replace_text) && outside(c.button_list, 1, 6) },
  { code: 42038, names: 'button_list.text', on: button, broken: (c) => c.button_list?.some((one) => blank(one.text)) ?? false },
  { code: 42039, names: 'button_list.key', on: button, broken: (c) => callbackButtons(c).some((one) => notKey(one.key)) },
  { code: 42018, names: 'button_list.key repeated', on: button, broken: (c) => repeats(callbackButtons(c).map((one) => one.key)) },
  { code: 42028, names: 'button_list.url', on: button, broken: (c) => urlMissing(...(c.button_list ?? [])) },
  { code: 40058, names: 'checkbox', on: vote, broken: (c) => c.checkbox === undefined },
  { code: 42043, names: 'checkbox.question_key', on: vote, broken: (c) => notKey(c.checkbox?.question_key) },
  { code: 40058, names: 'checkbox.mode', on: vote, broken: (c) => ![undefined, 0, 1].includes(c.checkbox?.mode) },
  { code: 42037, names: 'checkbox.option_list', on: vote, broken: (c) => outside(c.checkbox?.option_list, 1, 20) },
  { code: 42040, names: 'checkbox.option_list.id', on: vote, broken: (c) => badOptionIds(c.checkbox?.option_list) },
  { code: 42041, names: 'checkbox.option_list.text', on: vote, broken: (c) => badOptionTexts(c.checkbox?.option_list) },
  { code: 42047, names: 'select_list', on: multiple, broken: (c) => outside(c.select_list, 1, 3) },
  { code: 42043, names: 'select_list.question_key', on: multiple, broken: (c) => c.select_list?.some((one) => notKey(one.question_key)) ?? true },
  { code: 42043, names: 'select_list.question_key repeated', on: multiple, broken: (c) => repeats((c.select_list ?? []).map((one) => one.question_key)) },
  { code: 42037, names: 'select_list.option_list', on: multiple, broken: (c) => c.select_list?.some((one) => outside(one.option_list, 1, 10)) ?? true },
  { code: 42040, names: 'select_list.option_list.id', on: multiple, broken: (c) => c.select_list?.some((one) => badOptionIds(one.option_list)) ?? true },
  { code: 42041, names: 'select_list.option_list.text', on: multiple, broken: (c) => c.select_list?.some((one) => badOptionTexts(one.option_list)) ?? true },
]

const sendRules: Rule[] = [
  { code: 42046, names: 'submit_button.key', on: [...vote, ...multiple], broken: (c) => notKey(c.submit_button?.key) },
  { code: 42014, names: 'task_id', on: all, broken: (c) => callsBack(c) && blank(c.task_id) },
  { code: 42014, names: 'task_id', on: all, broken: (c) => c.task_id !== undefined && !/^[0-9A-Za-z_\-@]{1,128}$/.test(c.task_id) },
]
const updateRules: Rule[] = [
  { code: 42046, names: 'submit_button.key', on: [...vote, ...multiple], broken: (c) => c.submit_button !== undefined && notKey(c.submit_button.key) },
]

/** The card as it will be shown, or the code of the first rule it breaks. An update has no task_id of its own. */
export function checkCard(value: unknown, use: 'send' | 'update'): Card {
  const card = read(cardShape, value, 'template_card')
  const type = card.card_type
  if (!isCardType(type)) throw new WecomError(42031, 'template_card.card_type')
  const rules = [...cardRules, ...(use === 'send' ? sendRules : updateRules)]
  const broken = rules.find((rule) => rule.on.includes(type) && rule.broken(card))
  if (broken) throw new WecomError(broken.code, `template_card.${broken.names}`)
  const { replace_text, ...first } = card
  return shownCard(use === 'send' ? first : { ...first, ...(replace_text === undefined ? {} : { replace_text }) })
}

import { h } from './dom.js'

const tones = ['gray', 'black', 'red', 'green']

function source(card) {
  if (!card.source?.desc && !card.source?.icon_url) return null
  return h('div', { className: `source tone-${tones[card.source.desc_color ?? 0]}` },
    card.source.icon_url ? h('img', { src: card.source.icon_url, alt: '' }) : null, card.source.desc ?? '')
}

function menuButton(card, act) {
  if (!card.action_menu) return null
  const entries = card.action_menu.action_list.map(({ text, key }) => ({ text, run: () => act.click(key, {}) }))
  return h('button', { type: 'button', className: 'card-menu', onclick: () => act.sheet(card.action_menu.desc ?? '更多', entries) }, '更多')
}

/** Type 0 does nothing, 1 opens a page, 2 a mini-program that we do not have. */
function follow(link, act) {
  return link?.type === 1 && link.url ? () => act.open(link.url) : link?.type === 2 ? () => act.toast('模拟器不打开小程序') : null
}

function block(className, link, act, ...children) {
  const onclick = follow(link, act)
  return onclick ? h('button', { type: 'button', className: `${className} linked`, onclick }, ...children) : h('div', { className }, ...children)
}

function quote(card, act) {
  const area = card.quote_area
  if (!area?.title && !area?.quote_text) return null
  return block('quote', area, act, h('b', {}, area.title ?? ''), h('span', {}, area.quote_text ?? ''))
}

function rowValue(row, act) {
  if (row.type === 1) return h('button', { type: 'button', className: 'link', onclick: () => act.open(row.url) }, row.value || row.url)
  if (row.type === 2) return h('button', { type: 'button', className: 'link', onclick: () => act.file(row.media_id, row.value || '附件') }, row.value || '附件')
  return row.type === 3 ? row.value || row.userid : row.value ?? ''
}

function rows(card, act) {
  const list = card.horizontal_content_list ?? []
  return list.length === 0 ? null : h('dl', { className: 'rows' }, list.map((row) => h('div', {}, h('dt', {}, row.keyname), h('dd', {}, rowValue(row, act)))))
}

function verticals(card) {
  return (card.vertical_content_list ?? []).map(({ title, desc }) => h('div', { className: 'vertical' }, h('b', {}, title), h('span', {}, desc ?? '')))
}

function picture(card, act) {
  const area = card.image_text_area
  const image = card.card_image ? h('img', { className: 'wide', src: card.card_image.url, alt: '' }) : null
  if (image) image.style.aspectRatio = String(card.card_image.aspect_ratio ?? 1.3)
  const side = area ? block('image-text', area, act, h('img', { src: area.image_url, alt: '' }), h('div', {}, h('b', {}, area.title ?? ''), h('span', {}, area.desc ?? ''))) : null
  return [image, side]
}

function jumps(card, act) {
  return (card.jump_list ?? []).map((jump) => block('jump', jump, act, jump.title))
}

function select(question, chosen) {
  const field = h('select', { disabled: question.disable === true, onchange: () => (chosen[question.question_key] = [field.value]) },
    question.option_list.map(({ id, text }) => h('option', { value: id, selected: id === question.selected_id }, text)))
  return h('label', { className: 'question' }, h('span', {}, question.title ?? '请选择'), field)
}

function checkbox(question, chosen) {
  if (!question) return null
  const type = question.mode === 1 ? 'checkbox' : 'radio'
  const boxes = question.option_list.map(({ id, text, is_checked }) => {
    const box = h('input', { type, name: question.question_key, value: id, checked: is_checked === true, disabled: question.disable === true })
    return h('label', { className: 'option' }, box, text)
  })
  const list = h('div', { className: 'options', onchange: () => {
    chosen[question.question_key] = [...list.querySelectorAll('input:checked')].map((box) => box.value)
  } }, boxes)
  return list
}

function buttons(card, replaceText, chosen, act) {
  const list = card.button_list ?? (card.submit_button ? [{ text: card.submit_button.text || '提交', key: card.submit_button.key, style: 1 }] : [])
  if (replaceText !== null) return h('div', { className: 'buttons' }, h('span', { className: 'replaced' }, replaceText))
  if (list.length === 0) return null
  return h('div', { className: `buttons count-${list.length}` }, list.map((button) => {
    const style = [1, 2, 3, 4].includes(button.style) ? button.style : 1
    // The client greys nothing by itself: the card changes when the app updates it.
    const onclick = () => (button.type === 1 ? act.open(button.url) : act.click(button.key, chosen))
    return h('button', { type: 'button', className: `style-${style}`, onclick }, button.text)
  }))
}

/** A template card as the client draws it. `act` opens pages and files, clicks keys, shows sheets. */
export function cardNode(message, act) {
  const { card, replaceText } = message
  const chosen = {}
  const [wide, side] = picture(card, act)
  const title = card.main_title?.title
  const body = block('card-body', card.card_action, act,
    wide, title ? h('h2', {}, title) : null, card.main_title?.desc ? h('p', { className: 'desc' }, card.main_title.desc) : null,
    card.emphasis_content ? h('div', { className: 'emphasis' }, h('b', {}, card.emphasis_content.title ?? ''), h('span', {}, card.emphasis_content.desc ?? '')) : null,
    card.sub_title_text ? h('p', { className: 'sub' }, card.sub_title_text) : null, verticals(card))
  return h('article', { className: 'card', 'aria-label': title ?? card.sub_title_text ?? '卡片' },
    h('header', {}, source(card), menuButton(card, act)), body, side, quote(card, act), rows(card, act), jumps(card, act),
    checkbox(card.checkbox, chosen), (card.select_list ?? []).map((question) => select(question, chosen)),
    card.button_selection ? select(card.button_selection, chosen) : null, buttons(card, replaceText, chosen, act))
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkCard } from '../../src/simulator/cards.ts'
import { WecomError } from '../../src/simulator/errors.ts'
import { buttonCard } from './support.ts'

type Json = Record<string, unknown>

const many = (n: number, make: (i: number) => Json): Json[] => Array.from({ length: n }, (_, i) => make(i))
const options = (n: number): Json[] => many(n, (i) => ({ id: `o${i}`, text: `选项${i}` }))
const url = 'https://hall.example.edu.cn/'
const text = (more: Json = {}): Json => ({ card_type: 'text_notice', main_title: { title: '通知' }, card_action: { type: 1, url }, ...more })
const news = (more: Json = {}): Json => ({ card_type: 'news_notice', main_title: { title: '通知' }, card_action: { type: 1, url }, card_image: { url }, ...more })
const button = (more: Json = {}): Json => buttonCard('t-1', more)
const checkbox = (more: Json = {}): Json => ({ question_key: 'q', option_list: options(2), ...more })
const vote = (more: Json = {}): Json => ({ card_type: 'vote_interaction', task_id: 't', main_title: { title: '投票' }, checkbox: checkbox(), submit_button: { text: '提交', key: 's' }, ...more })
const selectOf = (more: Json = {}): Json => ({ question_key: 'q', option_list: options(2), ...more })
const multiple = (more: Json = {}): Json => ({ card_type: 'multiple_interaction', task_id: 't', main_title: { title: '选择' }, select_list: [selectOf()], submit_button: { text: '提交', key: 's' }, ...more })
const menu = (n: number, more: Json = {}): Json => ({ task_id: 't', action_menu: { desc: '更多', action_list: many(n, (i) => ({ text: `操作${i}`, key: `k${i}` })), ...more } })

/** What is wrong, the card, the code; 0 means that it is accepted. */
const table: [string, Json, number][] = [
  ['the least text notice', text(), 0],
  ['text notice by sub title only', text({ main_title: {}, sub_title_text: '正文' }), 0],
  ['text notice without any text', text({ main_title: { desc: '只有说明' } }), 40058],
  ['text notice without action', text({ card_action: undefined }), 42045],
  ['text notice with action 0', text({ card_action: { type: 0 } }), 42045],
  ['action without url', text({ card_action: { type: 1 } }), 42028],
  ['action url without scheme', text({ card_action: { type: 1, url: 'hall.example.edu.cn' } }), 45034],
  ['action for a mini-program without appid', text({ card_action: { type: 2 } }), 42030],
  ['unknown card type', { card_type: 'photo_notice' }, 42031],
  ['no card type', {}, 42031],
  ['a number where text belongs', text({ main_title: { title: 5 } }), 40058],
  ['text where a list belongs', text({ jump_list: 'x' }), 40058],
  ['unknown colour of the source', text({ source: { desc: '大厅', desc_color: 4 } }), 40058],
  ['six rows', text({ horizontal_content_list: many(6, () => ({ keyname: '姓名', value: '张三' })) }), 0],
  ['seven rows', text({ horizontal_content_list: many(7, () => ({ keyname: '姓名' })) }), 42035],
  ['row without name', text({ horizontal_content_list: [{ value: '张三' }] }), 42027],
  ['link row without url', text({ horizontal_content_list: [{ type: 1, keyname: '看' }] }), 42028],
  ['file row without media', text({ horizontal_content_list: [{ type: 2, keyname: '附件' }] }), 42029],
  ['member row without userid', text({ horizontal_content_list: [{ type: 3, keyname: '人' }] }), 42050],
  ['row of an unknown type', text({ horizontal_content_list: [{ type: 9, keyname: '人' }] }), 40058],
  ['three jumps', text({ jump_list: many(3, () => ({ type: 1, title: '看', url })) }), 0],
  ['four jumps', text({ jump_list: many(4, () => ({ type: 1, title: '看', url })) }), 42042],
  ['jump without title', text({ jump_list: [{ type: 1, url }] }), 42033],
  ['jump without url', text({ jump_list: [{ type: 1, title: '看' }] }), 42028],
  ['quote to a mini-program without appid', text({ quote_area: { type: 2, quote_text: 'x' } }), 42030],
  ['three menu actions', text(menu(3)), 0],
  ['four menu actions', text(menu(4)), 40058],
  ['menu without task_id', text({ ...menu(1), task_id: undefined }), 42014],
  ['menu with the same key twice', text(menu(0, { action_list: [{ text: 'a', key: 'k' }, { text: 'b', key: 'k' }] })), 42051],
  ['the least news notice', news(), 0],
  ['news without any picture', news({ card_image: undefined }), 42044],
  ['news with text beside a picture', news({ card_image: undefined, image_text_area: { image_url: url } }), 0],
  ['picture without url', news({ card_image: {} }), 42044],
  ['picture too flat', news({ card_image: { url, aspect_ratio: 2.3 } }), 40058],
  ['picture at the limit', news({ card_image: { url, aspect_ratio: 2.25 } }), 0],
  ['five vertical texts', news({ vertical_content_list: many(5, () => ({ title: 'x' })) }), 42036],
  ['vertical text without title', news({ vertical_content_list: [{ desc: 'x' }] }), 42033],
  ['news without title', news({ main_title: { desc: 'x' } }), 40058],
  ['the least button card', button(), 0],
  ['button card without task_id', button({ task_id: undefined }), 42014],
  ['task_id with a space', button({ task_id: 'a b' }), 42014],
  ['task_id of 128', button({ task_id: 'a'.repeat(128) }), 0],
  ['task_id of 129', button({ task_id: 'a'.repeat(129) }), 42014],
  ['button card without title', button({ main_title: {} }), 40058],
  ['no buttons', button({ button_list: [] }), 40058],
  ['six buttons', button({ button_list: many(6, (i) => ({ text: 'x', key: `k${i}` })) }), 0],
  ['seven buttons', button({ button_list: many(7, (i) => ({ text: 'x', key: `k${i}` })) }), 40058],
  ['button without text', button({ button_list: [{ key: 'k' }] }), 42038],
  ['button without key', button({ button_list: [{ text: 'x' }] }), 42039],
  ['button key of 1025 bytes', button({ button_list: [{ text: 'x', key: 'k'.repeat(1025) }] }), 42039],
  ['two buttons with one key', button({ button_list: [{ text: 'x', key: 'k' }, { text: 'y', key: 'k' }] }), 42018],
  ['url button without key', button({ button_list: [{ type: 1, text: 'x', url }] }), 0],
  ['url button without url', button({ button_list: [{ type: 1, text: 'x' }] }), 42028],
  ['button card with action 0', button({ card_action: { type: 0 } }), 0],
  ['button card with action 3', button({ card_action: { type: 3 } }), 42045],
  ['selection of ten', button({ button_selection: selectOf({ option_list: options(10) }) }), 0],
  ['selection of eleven', button({ button_selection: selectOf({ option_list: options(11) }) }), 42037],
  ['selection without question', button({ button_selection: { option_list: options(1) } }), 42043],
  ['selection with one id twice', button({ button_selection: selectOf({ option_list: [...options(1), ...options(1)] }) }), 42040],
  ['selection with a long id', button({ button_selection: selectOf({ option_list: [{ id: 'x'.repeat(129), text: 'a' }] }) }), 42040],
  ['selection without text', button({ button_selection: selectOf({ option_list: [{ id: 'x' }] }) }), 42041],
  ['long texts, which are only cut on display', button({ main_title: { title: '很长'.repeat(60) }, button_list: [{ text: '按钮'.repeat(20), key: 'k' }] }), 0],
  ['the least vote', vote(), 0],
  ['vote without boxes', vote({ checkbox: undefined }), 40058],
  ['vote with 20 options', vote({ checkbox: checkbox({ option_list: options(20) }) }), 0],
  ['vote with 21 options', vote({ checkbox: checkbox({ option_list: options(21) }) }), 42037],
  ['vote with an unknown mode', vote({ checkbox: checkbox({ mode: 2 }) }), 40058],
  ['vote without submit key', vote({ submit_button: { text: '提交' } }), 42046],
  ['vote without submit button', vote({ submit_button: undefined }), 42046],
  ['the least multiple choice', multiple(), 0],
  ['three questions', multiple({ select_list: many(3, (i) => selectOf({ question_key: `q${i}` })) }), 0],
  ['four questions', multiple({ select_list: many(4, (i) => selectOf({ question_key: `q${i}` })) }), 42047],
  ['the same question twice', multiple({ select_list: [selectOf(), selectOf()] }), 42043],
  ['a question without options', multiple({ select_list: [selectOf({ option_list: [] })] }), 42037],
]

function codeOf(card: Json, use: 'send' | 'update'): number {
  try {
    checkCard(JSON.parse(JSON.stringify(card)), use)
    return 0
  } catch (error) {
    if (error instanceof WecomError) return error.errcode
    throw error
  }
}

for (const [what, card, code] of table) {
  test(`card: ${what} → ${code}`, () => assert.equal(codeOf(card, 'send'), code))
}

test('an update needs neither task_id nor buttons when it brings a grey label', () => {
  assert.equal(codeOf(button({ task_id: undefined, button_list: undefined, replace_text: '已同意' }), 'update'), 0)
  assert.equal(codeOf(vote({ task_id: undefined, submit_button: undefined }), 'update'), 0)
  assert.equal(codeOf(button({ button_list: undefined }), 'update'), 40058)
})

test('fields that a card type does not have are not shown', () => {
  const card = checkCard(vote({ jump_list: [{ title: 'x' }], quote_area: { quote_text: 'x' } }), 'send')
  assert.deepEqual(Object.keys(card).toSorted(), ['card_type', 'checkbox', 'main_title', 'submit_button', 'task_id'])
})

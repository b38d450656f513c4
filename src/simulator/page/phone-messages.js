import { h, sizeText, when } from './dom.js'
import { cardNode } from './phone-card.js'
import { cardText, markdownNodes, textNodes } from './rich-text.js'

function fileNode({ media_id, filename, size }, act) {
  const address = `/__phone/media/${encodeURIComponent(media_id)}/${encodeURIComponent(filename)}`
  return h('div', { className: 'file' },
    h('div', { className: 'file-name' }, h('b', {}, filename), h('span', {}, sizeText(size))),
    h('div', { className: 'file-acts' },
      h('button', { type: 'button', onclick: () => act.file(media_id, filename) }, '打开'),
      h('a', { href: `${address}?download=1`, download: filename }, '下载')))
}

function textcard({ title, description, url, btntxt }, act) {
  return h('button', { type: 'button', className: 'textcard', onclick: () => act.open(url) },
    h('b', {}, title), h('div', { className: 'textcard-body' }, cardText(description)), h('span', { className: 'more' }, btntxt))
}

function news({ articles }, act) {
  return h('div', { className: 'news' }, articles.map((one) => h('button', { type: 'button', onclick: () => act.open(one.url) },
    one.picurl ? h('img', { src: one.picurl, alt: '' }) : null, h('b', {}, one.title), h('span', {}, one.description ?? ''))))
}

const kinds = {
  text: (content, act) => h('div', { className: 'bubble' }, textNodes(content.content, act.open)),
  markdown: (content, act) => h('div', { className: 'bubble markdown' }, markdownNodes(content.content, act.open)),
  textcard, news,
  file: fileNode,
  image: (content) => h('img', { className: 'photo', alt: '图片', src: `/__phone/media/${encodeURIComponent(content.media_id)}/image` }),
  video: fileNode,
  voice: () => h('div', { className: 'bubble' }, '［语音］'),
}

function bodyOf(message, act) {
  if (message.recalled) return h('p', { className: 'recalled' }, '此消息已撤回')
  if (message.card) return cardNode(message, { ...act, click: (key, chosen) => act.click(message.task_id ?? message.taskId, key, chosen) })
  return (kinds[message.msgtype] ?? (() => h('div', { className: 'bubble' }, `［${message.msgtype}］`)))(message.content, act)
}

/** One line of the list of conversations. */
export function preview(message) {
  if (!message) return '还没有消息'
  if (message.recalled) return '此消息已撤回'
  const { content, card, msgtype } = message
  if (card) return `［卡片］${card.main_title?.title ?? card.sub_title_text ?? ''}`
  if (msgtype === 'file') return `［文件］${content.filename}`
  if (msgtype === 'text' || msgtype === 'markdown') return content.content.replace(/<[^>]+>|[*#>`]/g, '').replace(/\s+/g, ' ')
  return content.title ?? content.articles?.[0]?.title ?? `［${msgtype}］`
}

/**
 * Draws a conversation and changes only the messages that changed, so that a half-made choice on a card
 * stays when something else arrives.
 */
export function createConversation(list, act) {
  const drawn = new Map()
  return (messages) => {
    const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80
    let changed = drawn.size > messages.length
    if (changed) {
      drawn.clear()
      list.replaceChildren()
    }
    messages.forEach((message, index) => {
      const text = JSON.stringify({ ...message, read: undefined })
      const known = drawn.get(index)
      if (known?.text === text) return
      changed = true
      const gap = index === 0 || message.at - messages[index - 1].at > 300_000
      const node = h('li', { className: `message from-${message.from}`, 'data-msgid': message.msgid }, gap ? h('time', {}, when(message.at)) : null, bodyOf(message, act))
      if (known) known.node.replaceWith(node)
      else list.append(node)
      drawn.set(index, { text, node })
    })
    if (changed && atEnd) list.scrollTop = list.scrollHeight
  }
}

import { h } from './dom.js'

const entities = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"', '&nbsp;': ' ' }
const plain = (text) => text.replace(/&(lt|gt|amp|quot|nbsp);/g, (entity) => entities[entity])

function link(href, text, open) {
  return h('a', { href, onclick: (event) => {
    event.preventDefault()
    open(href)
  } }, text)
}

/** A text message: line breaks and <a href>; every other tag stays as typed. */
export function textNodes(content, open) {
  const nodes = []
  let rest = content
  const anchor = /<a\s+[^>]*href\s*=\s*["']([^"']*)["'][^>]*>([\s\S]*?)<\/a>/i
  for (let match = anchor.exec(rest); match; match = anchor.exec(rest)) {
    nodes.push(plain(rest.slice(0, match.index)), link(match[1], plain(match[2]), open))
    rest = rest.slice(match.index + match[0].length)
  }
  return [...nodes, plain(rest)]
}

/** A textcard's description: <br> and <div class="gray|normal|highlight">. */
export function cardText(content) {
  const parts = content.split(/(<div class="(?:gray|normal|highlight)">[\s\S]*?<\/div>|<br\s*\/?>|\n)/)
  return parts.map((part) => {
    const div = /^<div class="(gray|normal|highlight)">([\s\S]*)<\/div>$/.exec(part)
    if (div) return h('div', { className: `tone-${div[1]}` }, plain(div[2]))
    return /^(<br\s*\/?>|\n)$/.test(part) ? h('br') : plain(part)
  })
}

function inline(text, open) {
  const nodes = []
  let rest = text
  const mark = /\*\*(.+?)\*\*|`([^`]+)`|\[([^\]]+)\]\(([^)\s]+)\)|<font color=["'](info|comment|warning)["']>([\s\S]*?)<\/font>/
  for (let match = mark.exec(rest); match; match = mark.exec(rest)) {
    nodes.push(rest.slice(0, match.index))
    const [all, bold, code, label, href, tone, toned] = match
    if (bold !== undefined) nodes.push(h('strong', {}, inline(bold, open)))
    else if (code !== undefined) nodes.push(h('code', {}, code))
    else if (label !== undefined) nodes.push(link(href, label, open))
    else nodes.push(h('span', { className: `tone-${tone}` }, inline(toned, open)))
    rest = rest.slice(match.index + all.length)
  }
  return [...nodes, rest]
}

/** The subset of Markdown that messages may use. */
export function markdownNodes(content, open) {
  return content.split('\n').map((line) => {
    const heading = /^(#{1,6})\s+(.*)$/.exec(line)
    if (heading) return h('p', { className: `md-h${heading[1].length}` }, inline(heading[2], open))
    if (/^>\s?/.test(line)) return h('blockquote', {}, inline(line.replace(/^>\s?/, ''), open))
    return h('p', {}, line === '' ? h('br') : inline(line, open))
  })
}

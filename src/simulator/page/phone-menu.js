import { h } from './dom.js'

/** The app's menu under the conversation: up to three buttons, each with up to five entries. */
export function createMenuBar(root, { tap, sheet }) {
  let drawn = ''
  return (menu) => {
    const text = JSON.stringify(menu)
    if (text === drawn) return
    drawn = text
    if (!menu) {
      root.replaceChildren(h('p', { className: 'no-menu' }, '应用还没有设置菜单'))
      return
    }
    root.replaceChildren(...menu.button.map((item) => {
      const entries = (item.sub_button ?? []).map((sub) => ({ text: sub.name, run: () => tap(sub) }))
      const onclick = () => (entries.length > 0 ? sheet(item.name, entries) : tap(item))
      return h('button', { type: 'button', className: entries.length > 0 ? 'has-more' : '', onclick }, item.name)
    }))
  }
}

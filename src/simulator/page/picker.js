import { h } from './dom.js'

const SHOWN = 8

/** Chooses whose phones are shown: grouped by kind, found by name, account or department. */
export function createPicker(dialog, { toggle }) {
  const field = dialog.querySelector('#picker-find')
  const groups = dialog.querySelector('#picker-groups')
  let people = []
  let chosen = []

  function matches(person) {
    const text = `${person.name} ${person.userid} ${person.department} ${person.label} ${person.position}`.toLowerCase()
    return field.value.trim().toLowerCase().split(/\s+/).every((word) => text.includes(word))
  }

  function row(person) {
    const box = h('input', { type: 'checkbox', checked: chosen.includes(person.userid), onchange: () => toggle(person.userid) })
    return h('label', { className: 'pick' }, box, h('b', {}, person.name), h('span', {}, [person.position, person.department].filter(Boolean).join(' · ')))
  }

  function group(label, members) {
    const first = members.filter((person) => chosen.includes(person.userid))
    const rest = members.filter((person) => !chosen.includes(person.userid))
    const shown = [...first, ...rest].slice(0, Math.max(SHOWN, first.length))
    const more = members.length - shown.length
    return h('section', {}, h('h3', {}, `${label}（${members.length}）`), shown.map(row), more > 0 ? h('p', { className: 'more' }, `还有 ${more} 人，请用查找`) : null)
  }

  function draw() {
    if (!dialog.open) return
    const found = people.filter(matches)
    const labels = [...new Set(found.map((person) => person.label))]
    groups.replaceChildren(...labels.map((label) => group(label, found.filter((person) => person.label === label))))
    if (found.length === 0) groups.replaceChildren(h('p', { className: 'more' }, '没有这个人'))
  }

  let drawn = ''
  field.addEventListener('input', draw)
  dialog.querySelector('#picker-close').addEventListener('click', () => dialog.close())
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close()
  })
  return {
    open() {
      dialog.showModal()
      draw()
    },
    /** Draws again only when people or the choice changed: a list that moves under the finger helps nobody. */
    show(nextPeople, nextChosen) {
      people = nextPeople
      chosen = nextChosen
      const text = JSON.stringify([people.map((person) => [person.userid, person.name, person.status]), chosen])
      if (text === drawn) return
      drawn = text
      draw()
    },
  }
}

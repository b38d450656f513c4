import { h, watch } from './dom.js'
import { createPanels } from './panels.js'
import { createPicker } from './picker.js'

const $ = (id) => document.getElementById(id)
const KEY = 'simulator.phones'
const wide = window.matchMedia('(min-width: 900px)')
let people = []
let chosen = null
let current = ''

function remembered() {
  try {
    const list = JSON.parse(localStorage.getItem(KEY) ?? 'null')
    return Array.isArray(list) ? list : null
  } catch {
    return null
  }
}

function remember() {
  try {
    localStorage.setItem(KEY, JSON.stringify(chosen))
  } catch { /* without storage the choice lasts as long as the page */ }
}

/** At first those who are meant to be shown, else one of each of the first two kinds of people. */
function firstChoice() {
  const shown = people.filter((person) => person.shown).map((person) => person.userid)
  if (shown.length > 0) return shown
  const labels = [...new Set(people.map((person) => person.label))].slice(0, 2)
  return labels.map((label) => people.find((person) => person.label === label).userid)
}

function about(person) {
  return [...new Set([person.label, person.position || person.department])].filter(Boolean).join(' · ')
}

function phoneNode(person) {
  return h('section', { className: 'phone', 'data-userid': person.userid },
    h('header', {}, h('div', {}, h('b', {}, person.name), h('span', {}, about(person))),
      h('button', { type: 'button', 'aria-label': `移除${person.name}`, onclick: () => toggle(person.userid) }, '移除')),
    h('div', { className: 'device' }, h('iframe', { title: `手机 ${person.name}`, src: `${person.phone}/__phone/`, allow: 'clipboard-write' })))
}

/** A frame that moves in the page loads anew, so phones are only added at the end and taken away. */
function showPhones() {
  const shown = chosen.map((userid) => people.find((person) => person.userid === userid)).filter(Boolean)
  for (const node of $('phones').querySelectorAll('.phone')) {
    if (!shown.some((person) => person.userid === node.dataset.userid)) node.remove()
  }
  for (const person of shown) {
    if (!$('phones').querySelector(`[data-userid="${CSS.escape(person.userid)}"]`)) $('phones').append(phoneNode(person))
  }
  if (!shown.some((person) => person.userid === current)) current = shown[0]?.userid ?? ''
  $('phone-tabs').replaceChildren(...shown.map((person) => h('button', {
    type: 'button', 'aria-current': person.userid === current ? 'page' : null, onclick: () => showOne(person.userid),
  }, person.name, person.unread > 0 ? h('span', { className: 'count' }, String(person.unread)) : null)))
  for (const node of $('phones').querySelectorAll('.phone')) node.classList.toggle('current', node.dataset.userid === current)
  $('phones').classList.toggle('empty', shown.length === 0)
  $('phones').style.setProperty('--phones', String(Math.max(1, shown.length)))
}

function showOne(userid) {
  current = userid
  showPanel('phones')
  showPhones()
}

function toggle(userid) {
  chosen = chosen.includes(userid) ? chosen.filter((one) => one !== userid) : [...chosen, userid]
  if (chosen.includes(userid)) current = userid
  remember()
  showPhones()
  picker.show(people, chosen)
}

/** On a wide page the phones are always there; the other panels take turns beside them. */
function showPanel(name) {
  const panel = name === 'phones' && wide.matches ? 'mails' : name
  document.body.dataset.tab = panel
  for (const section of document.querySelectorAll('.panel')) section.hidden = section.id !== `panel-${panel}`
  for (const button of document.querySelectorAll('#panel-tabs [data-panel]')) {
    if (button.dataset.panel === panel) button.setAttribute('aria-current', 'page')
    else button.removeAttribute('aria-current')
  }
}

const picker = createPicker($('picker'), { toggle })
const panels = createPanels()

function show(state) {
  people = state.people
  chosen ??= (remembered() ?? firstChoice()).filter((userid) => people.some((person) => person.userid === userid))
  if (chosen.length === 0 && remembered() === null) chosen = firstChoice()
  $('where').textContent = `${state.app} · ${people.filter((person) => person.status !== 0).length} 人`
  showPhones()
  picker.show(people, chosen)
  panels.show(state)
}

$('choose').addEventListener('click', () => picker.open())
for (const button of document.querySelectorAll('#panel-tabs [data-panel]')) button.addEventListener('click', () => showPanel(button.dataset.panel))
wide.addEventListener('change', () => showPanel(wide.matches ? 'mails' : 'phones'))
showPanel('phones')
watch('/simulator/changes', '/simulator/state', show)

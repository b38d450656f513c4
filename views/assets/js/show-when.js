// Fields that are asked only where earlier answers say so. Without this file they stand there with their help text, and the
// server drops what is not asked. What the browser cannot tell from the form alone, the server tells with each save.
const parts = [...document.querySelectorAll('.part')]
const forms = new Set(parts.map(part => part.closest('form')))

for (const form of forms) {
  form.addEventListener('input', () => follow(form))
  form.addEventListener('change', () => follow(form))
  form.addEventListener('hall:saved', event => follow(form, event.detail?.unasked))
  follow(form, [...form.querySelectorAll('[data-unasked]')].map(keyOf))
}
document.addEventListener('hall:swapped', event => {
  const form = event.target.closest('form')
  if (form) follow(form)
})

function follow(form, unasked) {
  const conditional = form.querySelectorAll('.part[data-when]')
  const data = conditional.length > 0 ? new FormData(form) : undefined
  for (const part of conditional) part.hidden = !holds(JSON.parse(part.dataset.when), data)
  if (unasked) for (const part of form.querySelectorAll('.part:not([data-when])')) part.hidden = unasked.includes(keyOf(part))
}

function keyOf(part) {
  return part.id.replace(/^part-/, '')
}

function holds(condition, data) {
  if (condition.all) return condition.all.every(one => holds(one, data))
  if (condition.any) return condition.any.some(one => holds(one, data))
  if (condition.not) return !holds(condition.not, data)
  return answers(condition, typed(condition, data))
}

function answers({ is, 'is-not': isNot, in: among, over, under, filled }, value) {
  const has = word => Array.isArray(value) ? value.includes(word) : value === word
  const measured = Array.isArray(value) ? value.length : value
  return (is === undefined || has(is)) && (isNot === undefined || !has(isNot)) && (!among || among.some(has))
    && (over === undefined || measured > over) && (under === undefined || measured < under)
    && (filled === undefined || (value !== undefined && !(Array.isArray(value) && value.length === 0)) === filled)
}

// As the server keeps it: numbers as numbers, money in fen, nothing as undefined.
function typed({ field, as }, data) {
  if (as === 'list') return data.getAll(field)
  const text = String(data.get(field) ?? '').trim()
  if (text === '') return undefined
  if (as === 'text') return text
  const number = Number(text.normalize('NFKC').replace(/[,\s¥元]/g, ''))
  if (Number.isNaN(number)) return undefined
  return as === 'money' ? Math.round(number * 100) : number
}

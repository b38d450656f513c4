for (const button of document.querySelectorAll('[data-back]')) button.addEventListener('click', () => history.go(-Number(button.dataset.back)))

const field = document.querySelector('#find')
const none = document.querySelector('#none')
const items = [...document.querySelectorAll('#people li')]

function filter() {
  const words = field.value.trim().toLowerCase().split(/\s+/)
  let shown = 0
  for (const item of items) {
    item.hidden = !words.every((word) => item.dataset.search.includes(word))
    if (!item.hidden) shown += 1
  }
  none.hidden = shown > 0
}
if (field) {
  field.addEventListener('input', filter)
  filter()
}

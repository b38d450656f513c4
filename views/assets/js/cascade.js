/** A list of paths (北校区 / 图书馆 / 203) as one list per step. The list itself stays and holds the answer. */
export function enhance(wrapper) {
  const whole = wrapper.querySelector('select')
  const steps = document.createElement('div')
  steps.className = 'cascade'
  whole.closest('.select').after(steps)
  whole.closest('.select').hidden = true
  const leaves = [...whole.options].filter(option => option.value).map(option => ({ values: option.value.split('/'), words: option.text.split(' / ') }))
  draw(steps, whole, leaves, whole.value ? whole.value.split('/') : [])
}

function draw(steps, whole, leaves, chosen) {
  steps.replaceChildren()
  for (let depth = 0; ; depth++) {
    const here = leaves.filter(leaf => chosen.slice(0, depth).every((value, at) => leaf.values[at] === value) && leaf.values.length > depth)
    if (here.length === 0) break
    steps.append(step(here, depth, chosen[depth], value => {
      const path = [...chosen.slice(0, depth), value].filter(Boolean)
      whole.value = leaves.some(leaf => leaf.values.join('/') === path.join('/')) ? path.join('/') : ''
      draw(steps, whole, leaves, path)
      whole.dispatchEvent(new Event('change', { bubbles: true }))
      steps.querySelectorAll('select')[Math.min(depth + 1, steps.children.length - 1)]?.focus()
    }, whole))
    if (!chosen[depth]) break
  }
}

function step(leaves, depth, chosen, choose, whole) {
  const select = document.createElement('select')
  select.className = 'input'
  select.setAttribute('aria-label', `${document.querySelector(`label[for="${whole.id}"]`)?.textContent ?? ''} ${depth + 1}`)
  select.append(new Option(whole.options[0].value === '' ? whole.options[0].text : '', ''))
  const seen = new Set()
  for (const { values, words } of leaves) {
    if (seen.has(values[depth])) continue
    seen.add(values[depth])
    select.append(new Option(words[depth], values[depth], false, values[depth] === chosen))
  }
  select.addEventListener('change', event => {
    event.stopPropagation()
    choose(select.value)
  })
  const frame = document.createElement('span')
  frame.className = 'select'
  frame.append(select, whole.closest('.select').querySelector('.icon').cloneNode(true))
  return frame
}

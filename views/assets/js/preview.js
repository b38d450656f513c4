/** The picture of a paper while it is drawn, when it cannot be drawn, and larger at a tap. */
export function enhance(figure) {
  const image = figure.querySelector('img')
  const link = figure.querySelector('a')
  const sheet = figure.querySelector('.preview-sheet')
  const state = document.createElement('div')
  state.className = 'preview-state'
  state.setAttribute('role', 'status')

  const busy = () => say(figure.dataset.busy)
  const shown = () => { figure.classList.remove('preview-busy'); state.remove() }

  function say(words, button) {
    figure.classList.add('preview-busy')
    state.replaceChildren(Object.assign(document.createElement('p'), { textContent: words }), ...button ? [button] : [])
    sheet.append(state)
  }

  function failed() {
    const again = Object.assign(document.createElement('button'), { type: 'button', className: 'button', textContent: figure.dataset.again })
    again.addEventListener('click', () => { busy(); image.src = `${link.getAttribute('href')}?${Date.now()}` })
    say(figure.dataset.failed, again)
  }

  image.addEventListener('load', shown)
  image.addEventListener('error', failed)
  if (!image.complete) busy()
  else if (image.naturalWidth === 0) failed()

  link.setAttribute('role', 'button')
  link.setAttribute('aria-label', figure.dataset.larger)
  link.addEventListener('click', event => {
    event.preventDefault()
    const box = image.getBoundingClientRect()
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]
    const large = figure.classList.toggle('preview-large')
    if (large) sheet.scrollTo(x * image.clientWidth - sheet.clientWidth / 2, y * image.clientHeight - sheet.clientHeight / 2)
  })
}

/** Shows what was chosen, and takes files that are dropped. The input lies invisibly over the whole zone. */
export function enhance(zone) {
  const input = zone.querySelector('input[type="file"]')
  const list = zone.querySelector('[data-drop-files]')
  zone.dataset.ready = ''
  input.addEventListener('change', () => show(list, input.files))
  for (const name of ['dragenter', 'dragover']) zone.addEventListener(name, () => { zone.dataset.over = '' })
  for (const name of ['dragleave', 'drop']) zone.addEventListener(name, () => { delete zone.dataset.over })
  // A browser takes none of several for one input, and says nothing.
  const tooMany = event => !input.multiple && event.dataTransfer.items.length > 1
  zone.addEventListener('dragover', event => { if (tooMany(event)) event.preventDefault() })
  zone.addEventListener('drop', event => {
    if (!tooMany(event)) return
    event.preventDefault()
    list.textContent = list.dataset.one
  })
  show(list, input.files)
}

function show(list, files) {
  list.replaceChildren(...[...files].map(line))
}

function line(file) {
  const element = document.createElement('div')
  element.className = 'file-line'
  const name = document.createElement('span')
  name.className = 'one-line'
  name.textContent = file.name
  const size = document.createElement('small')
  size.textContent = sizeOf(file.size)
  element.append(name, size)
  return element
}

function sizeOf(bytes) {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

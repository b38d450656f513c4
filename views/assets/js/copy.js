import { toast } from './toast.js'

/** A button that copies data-text and says so. */
export function enhance(button) {
  button.hidden = false
  button.addEventListener('click', async () => {
    if (await copy(button)) toast(button.dataset.done)
  })
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.text)
    return true
  } catch {
    return select(button.previousElementSibling)
  }
}

// Older in-app browsers have no clipboard outside https: the text is selected, the person copies it.
function select(element) {
  if (element) getSelection().selectAllChildren(element)
  return Boolean(element) && document.execCommand('copy')
}

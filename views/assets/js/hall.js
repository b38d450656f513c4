// Binds behaviours to elements by data-enhance="name other-name". Each behaviour is a module of that name with one
// function, enhance(element); it is loaded only where a page asks for it. Pages work without any of them.
const known = new Set(['ago', 'auto-save', 'back', 'cascade', 'check-all', 'confirm-leave', 'copy', 'drop-zone', 'focus', 'foresee', 'list-place', 'live-search', 'locate', 'nav', 'password-rules', 'poll', 'preview', 'print', 'sheet', 'signature', 'submit-once', 'terminal', 'verify-file', 'wechat-pay'])
const bound = new WeakMap()

/** Binds every behaviour below root that is not bound yet; call it again for markup that was swapped in. */
export function enhanceAll(root) {
  const elements = [...root.querySelectorAll('[data-enhance]')]
  if (root instanceof Element && root.matches('[data-enhance]')) elements.unshift(root)
  for (const element of elements) for (const name of element.dataset.enhance.split(/\s+/)) void bind(element, name)
}

async function bind(element, name) {
  const names = bound.get(element) ?? new Set()
  if (!known.has(name) || names.has(name)) return
  bound.set(element, names.add(name))
  const { enhance } = await import(`./${name}.js`)
  enhance(element)
}

enhanceAll(document)
document.addEventListener('hall:swapped', event => enhanceAll(event.target))

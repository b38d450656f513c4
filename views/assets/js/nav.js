/** The console's menu: remembers which groups are folded and whether the whole menu is narrow. */
export function enhance(nav) {
  for (const group of nav.querySelectorAll('details[data-group]')) {
    const key = `console-nav:${group.dataset.group}`
    // A group with the current page stays open, or one would not see where one is.
    if (read(key) === 'closed' && !group.querySelector('[aria-current]')) group.open = false
    group.addEventListener('toggle', () => write(key, group.open ? 'open' : 'closed'))
  }
  const fold = nav.querySelector('[data-nav-fold]')
  fold.hidden = false
  fold.addEventListener('click', () => {
    const root = document.documentElement
    root.dataset.nav = root.dataset.nav === 'narrow' ? 'wide' : 'narrow'
    write('console-nav', root.dataset.nav)
  })
}

function read(key) {
  try {
    return localStorage.getItem(key)
  } catch {
    return null // storage is forbidden in this browser: nothing is remembered
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, value)
  } catch {
    // as above
  }
}

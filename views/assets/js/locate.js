/** Adds where the phone is, when the person asks for it. Words are still what is read; the coordinates only go along, and can be taken off. */
export function enhance(wrapper) {
  const button = wrapper.querySelector('[data-locate]')
  const state = wrapper.parentElement.querySelector('[data-locate-state]')
  const drop = wrapper.parentElement.querySelector('[data-locate-drop]')
  const [lat, lng] = wrapper.querySelectorAll('input[type="hidden"]')
  drop.hidden = lat.value === ''
  drop.addEventListener('click', () => {
    put('', '', '')
    button.focus()
  })
  if (!navigator.geolocation) return
  button.hidden = false
  button.addEventListener('click', () => {
    button.setAttribute('aria-busy', 'true')
    navigator.geolocation.getCurrentPosition(({ coords }) => put(coords.latitude.toFixed(5), coords.longitude.toFixed(5), wrapper.dataset.added), () => tell(wrapper.dataset.failed), { timeout: 10_000, maximumAge: 60_000 })
  })

  function put(latitude, longitude, words) {
    lat.value = latitude
    lng.value = longitude
    drop.hidden = latitude === ''
    tell(words)
    lat.dispatchEvent(new Event('input', { bubbles: true }))
  }

  function tell(words) {
    button.removeAttribute('aria-busy')
    state.textContent = words
  }
}

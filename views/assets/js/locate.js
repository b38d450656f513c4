/** Adds where the phone is, when the person asks for it. Words are still what is read; the coordinates only go along. */
export function enhance(wrapper) {
  const button = wrapper.querySelector('[data-locate]')
  const state = wrapper.parentElement.querySelector('[data-locate-state]')
  const [lat, lng] = wrapper.querySelectorAll('input[type="hidden"]')
  if (!navigator.geolocation) return
  button.hidden = false
  button.addEventListener('click', () => {
    button.setAttribute('aria-busy', 'true')
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      lat.value = coords.latitude.toFixed(5)
      lng.value = coords.longitude.toFixed(5)
      tell(wrapper.dataset.added)
      lat.dispatchEvent(new Event('input', { bubbles: true }))
    }, () => tell(wrapper.dataset.failed), { timeout: 10_000, maximumAge: 60_000 })
  })

  function tell(words) {
    button.removeAttribute('aria-busy')
    state.textContent = words
  }
}

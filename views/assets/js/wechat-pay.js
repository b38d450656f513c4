/**
 * Calls the payment up through the app's bridge: by itself the first time that a charge is there, then by the button.
 * What the bridge answers proves nothing: the page looks again until the hall has heard it from the platform.
 */
export function enhance(element) {
  const button = element.querySelector('button')
  button.addEventListener('click', () => call(element))
  if (!called(element.dataset.charge)) call(element)
}

function called(charge) {
  const key = `paid-by-${charge}`
  try {
    if (sessionStorage.getItem(key)) return true
    sessionStorage.setItem(key, '1')
    return false
  } catch {
    return true // without storage the person presses
  }
}

function call(element) {
  const said = element.querySelector('[data-said]')
  const invoke = () => {
    said.textContent = ''
    window.WeixinJSBridge.invoke('getBrandWCPayRequest', JSON.parse(element.dataset.call), answered)
  }
  const answered = ({ err_msg: answer = '' }) => {
    const word = answer.endsWith(':ok') ? 'checking' : answer.endsWith(':cancel') ? 'cancelled' : 'failed'
    // The page may have looked again meanwhile.
    const place = said.isConnected ? said : document.querySelector('[data-said]')
    if (place) place.textContent = place.dataset[word]
  }
  if (window.WeixinJSBridge) return invoke()
  said.textContent = said.dataset.absent
  document.addEventListener('WeixinJSBridgeReady', invoke, { once: true })
}

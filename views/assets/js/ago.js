const steps = [[60, 'second'], [3600, 'minute', 60], [86400, 'hour', 3600], [604800, 'day', 86400]]
const format = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: 'always' })

/** Keeps 'three minutes ago' true while the page stays open. Under a minute, beyond a week and for what is still to come the server's words stay. */
export function enhance(element) {
  const at = Date.parse(element.dateTime)
  const timer = setInterval(() => {
    if (!element.isConnected) return clearInterval(timer)
    const words = relative(at - Date.now())
    if (words) element.firstElementChild.textContent = words
  }, 30_000)
}

function relative(difference) {
  const seconds = -difference / 1000
  if (seconds < 0) return ''
  const step = steps.find(([limit]) => seconds < limit)
  if (!step?.[2]) return ''
  const words = format.format(Math.trunc(difference / 1000 / step[2]), step[1])
  return words.replace(/(\d)(\p{Script=Han})/gu, '$1 $2')
}

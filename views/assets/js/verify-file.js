/**
 * Checks a file in this browser: it is sent nowhere. Only what the register knows is asked for, by the file's hashes.
 * A worker does the reading, so that a file made to be hard to read does not hold up the page. Where a browser cannot,
 * the form goes to the server as it would without script.
 */
const PATIENCE = 20_000

export function enhance(form) {
  if (!window.Worker || !crypto.subtle) return
  const page = { form, forms: document.querySelector('[data-verify-forms]'), result: document.querySelector('[data-verify-result]') }
  form.querySelector('[data-here]').hidden = false
  form.addEventListener('submit', event => {
    const [file] = form.elements.file.files
    if (!file || file.size === 0 || event.submitter?.value === 'server') return
    event.preventDefault()
    const tooLarge = file.size > Number(form.dataset.largest)
    form.querySelector('[data-too-large]').hidden = !tooLarge
    if (!tooLarge) void check(page, file)
  })
}

async function check(page, file) {
  show(page, [part('[data-busy]')])
  const given = JSON.parse(page.form.querySelector('[data-given]').textContent)
  try {
    const credential = await credentialCheck(page.form, file, given)
    if (credential) return show(page, [drawnVerdict(credential.verdict), ...credential.certified.length > 0 ? [drawnRows(credential.certified)] : [], next(file, given)])
    const [{ fileVerdict }, signature] = await Promise.all([import(page.form.dataset.verdict), found(page.form.dataset.worker, file, given)])
    const answer = signature.signed ? await register({ revisions: signature.revisions.join(',') }, page.form.elements.organisation.value).catch(() => null) : {}
    const { registered, certified = [] } = answer ?? {}
    const verdict = fileVerdict(signature, registered, words(given.words))
    // Without the register a sound file is neither genuine nor unknown.
    if (!answer && verdict.state === 'unknown') return show(page, [part('[data-unregistered]'), next(file, given)])
    const confirmed = verdict.state === 'genuine' || verdict.state === 'revoked'
    show(page, [drawnVerdict(verdict), ...confirmed ? [drawnRows(certified)] : [], next(file, given)])
  } catch {
    show(page, [part('[data-failed]'), next(file, given)])
  }
}

/** A digital credential is text that a page reads at once: what it is worth, or null for any other file. */
async function credentialCheck({ dataset: { credential: address }, elements }, file, { issuer, at, words: english }) {
  const { credentialIn, checkCredential, credentialVerdict, statusIn } = await import(address)
  const text = credentialIn(new Uint8Array(await file.arrayBuffer()))
  if (text === null) return null
  const { keys } = await (await fetch('/.well-known/jwks.json')).json()
  const statusOf = async (list, place) => {
    const answer = await fetch(`/credentials/status/${list}`)
    return answer.ok ? statusIn(await answer.text(), { keys, issuer }, list, place) : 'unknown'
  }
  const judged = await checkCredential(text, { keys, issuer, at: at + performance.now(), statusOf })
  // Its owner reads that somebody looked; what it is worth does not hang on that.
  if (judged.kind === 'ours') await register({ credential: judged.id }, elements.organisation.value).catch(() => null)
  return credentialVerdict(judged, words(english))
}

/** What the check in a worker finds; fails after a time. */
async function found(address, file, { roots, at }) {
  const bytes = await file.arrayBuffer()
  const worker = new Worker(address, { type: 'module' })
  try {
    return await new Promise((resolve, reject) => {
      setTimeout(reject, PATIENCE, new Error('too slow'))
      worker.addEventListener('error', reject)
      worker.addEventListener('message', ({ data }) => {
        // The school's clock, as it was when the page came: this device's may be wrong.
        if (data === 'ready') worker.postMessage({ file: bytes, roots, at: at + performance.now() }, [bytes])
        else resolve(data)
      })
    })
  } finally {
    worker.terminate()
  }
}

async function register(what, organisation) {
  const answer = await fetch('/verify/register', { method: 'POST', body: new URLSearchParams({ ...what, organisation: organisation.trim().slice(0, 100) }), headers: { accept: 'application/json' } })
  if (!answer.ok) throw new Error(String(answer.status))
  return answer.json()
}

function words(english) {
  return (phrase, params = {}) => (english[phrase] ?? phrase).replace(/\{(\w+)\}/g, (_, name) => params[name] ?? '')
}

const part = selector => document.querySelector(`template${selector}`).content.cloneNode(true)

function next({ name }, { at }) {
  const drawn = part('[data-next]')
  const time = drawn.querySelector('[data-time]')
  drawn.querySelector('[data-name]').textContent = name
  time.textContent = time.textContent.replace('{time}', schoolTime(at + performance.now()))
  return drawn
}

/** The day and minute there, as the server writes them. */
function schoolTime(at) {
  return new Date(at + 8 * 3600_000).toISOString().slice(0, 16).replace('T', ' ')
}

function drawnVerdict({ state, word, sentence, checks }) {
  const drawn = part(`[data-state="${state}"]`)
  if (word) drawn.querySelector('.verdict-word').textContent = word
  drawn.querySelector('.verdict-band p').replaceChildren(...sentence.split(/(?<=[，。])/).map(clause => {
    const span = document.createElement('span')
    span.textContent = clause
    return span
  }))
  const list = drawn.querySelector('.verdict-checks')
  const [right, wrong, open] = list.children
  list.replaceChildren(...checks.map(({ ok, text, note }) => {
    const line = (ok === true ? right : ok === false ? wrong : open).cloneNode(true)
    const small = line.querySelector('small')
    line.querySelector('div').replaceChildren(text, ...note ? [small] : [])
    small.textContent = note ?? ''
    return line
  }))
  return drawn
}

function drawnRows(rows) {
  const drawn = part('[data-certified]')
  const list = drawn.querySelector('.rows')
  const [sample] = list.children
  list.replaceChildren(...rows.map(({ label, value }) => {
    const row = sample.cloneNode(true)
    row.querySelector('dt').textContent = label
    row.querySelector('dd').textContent = value
    return row
  }))
  return drawn
}

function show({ forms, result }, parts) {
  forms.hidden = true
  result.hidden = false
  result.replaceChildren(...parts)
  result.dispatchEvent(new CustomEvent('hall:swapped', { bubbles: true }))
  result.focus({ preventScroll: true })
  scrollTo({ top: 0 })
}

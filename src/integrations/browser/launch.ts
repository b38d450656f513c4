import { tmpdir } from 'node:os'
import type { Browser, CDPSession, Page, Protocol } from 'puppeteer'
import { FONT_ORIGIN, fontAt } from './fonts.ts'

const FLAGS = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--disable-dev-shm-usage', '--disable-extensions', '--font-render-hinting=none',
  // Requests are intercepted below; this closes what interception does not see (sockets, prefetched names).
  '--host-resolver-rules=MAP * ~NOTFOUND']

/** Starts a browser that speaks over a pipe: it has no port for others to find, and ends when this process does, however that happens. `within`: milliseconds that it has for starting. */
export async function launchBrowser(executable: string, within = 20_000): Promise<Browser> {
  // Loaded when the first document is drawn: a process without it is up earlier.
  const { launch } = await import('puppeteer')
  const late = new AbortController()
  const { promise: tooLate, reject } = Promise.withResolvers<never>()
  // puppeteer waits for ever for the pages of a browser that dies at the wrong moment of its start, and whoever wants to draw waits with it.
  const timer = setTimeout(() => {
    late.abort()
    reject(new Error('the browser did not start in time'))
  }, within)
  const starting = launch({
    executablePath: executable, headless: /headless.shell/.test(executable) ? 'shell' : true, pipe: true, timeout: within, signal: late.signal,
    // Ours to end: the signal that stops the process lets the running job finish first.
    handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false,
    // The environment holds the hall's secrets; a browser needs none of them.
    env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', HOME: tmpdir(), TMPDIR: tmpdir() },
    args: process.getuid?.() === 0 ? [...FLAGS, '--no-sandbox'] : FLAGS,
  })
  return await Promise.race([starting, tooLate]).finally(() => clearTimeout(timer))
}

/** A page with its own line to the browser, for what puppeteer says in more words than needed. */
export type Sheet = { page: Page; session: CDPSession }

/** A page without scripts and without network: `data:` works, our type is answered from memory, everything else fails. */
export async function openSheet(browser: Browser): Promise<Sheet> {
  const page = await browser.newPage()
  await page.setJavaScriptEnabled(false)
  // Straight through the protocol: puppeteer's own interception would turn the cache off and ask for 4 MB of type each time.
  const session = await page.createCDPSession()
  session.on('Fetch.requestPaused', event => void answer(session, event))
  await session.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] })
  return { page, session }
}

async function answer(session: CDPSession, { requestId, request: { url }, resourceType }: Protocol.Fetch.RequestPausedEvent): Promise<void> {
  const font = url.startsWith(`${FONT_ORIGIN}/`) ? await fontAt(new URL(url).pathname) : null
  const reply = font
    ? session.send('Fetch.fulfillRequest', { requestId, responseCode: 200, body: font.body.toString('base64'), responseHeaders: [
        { name: 'Content-Type', value: font.type },
        { name: 'Access-Control-Allow-Origin', value: '*' },
        { name: 'Cache-Control', value: 'public, max-age=31536000, immutable' },
      ] })
    // An aborted navigation leaves the page as it is; a blocked one would put an error page in the document's place.
    : session.send('Fetch.failRequest', { requestId, errorReason: resourceType === 'Document' ? 'Aborted' : 'BlockedByClient' })
  // The page may be gone before its answer.
  await reply.catch(() => undefined)
}

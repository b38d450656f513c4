import type { Browser } from '../../src/integrations/browser/index.ts'
import { findBrowser } from '../../src/integrations/browser/find.ts'
import { launchBrowser, openSheet } from '../../src/integrations/browser/launch.ts'
import { startTestApp } from '../support/app.ts'
import type { Client } from '../support/client.ts'
import type { Cleaner } from '../support/database.ts'
import { cast } from '../support/people.ts'
import { compareCalls, median, quantile } from './support/compare.ts'
import { type Figure, rowOf } from './support/figure.ts'

/** A preview as the phone asks for it, until its last byte is there, against the raw screenshot of the same page on a warm one. */
export const preview: Figure = {
  stores: ['sqlite'],
  async measure(t, { rounds, share }) {
    const hall = await startTestApp(t, { grades: true })
    const { student } = await cast(hall.app)
    const phone = await hall.phone(student.userid)
    const address = await begun(phone)
    const html = await drawnBy(hall.app.browser, () => phone.get(address))
    const raw = await screenshots(t)
    const times: number[] = []
    const comparison = await compareCalls(rounds, Math.ceil(40 * share), {
      async ours() {
        const began = performance.now()
        const { status } = await phone.get(address)
        if (status !== 200) throw new Error(`the preview answered ${status}`)
        const took = performance.now() - began
        times.push(took)
        return took
      },
      limit: () => raw(html),
    })
    const said = (number: number) => `${number.toFixed(0)} ms`
    return [
      rowOf(comparison, { name: 'preview, median (limit: raw screenshot of the page)', unit: 'ms', atMost: 1.5 }),
      { name: 'preview, p99 (limit: 2 s)', ours: said(quantile(times, 0.99)), limit: '2000 ms', ratio: quantile(times, 0.99) / 2000, spread: `median ${said(median(times))}`, reach: '≤ 1', reached: quantile(times, 0.99) <= 2000 },
    ]
  },
}

/** The address of a preview: of a transcript where there is one, else of a certificate. */
async function begun(phone: Client): Promise<string> {
  for (const [family, kind] of [['transcripts', 'transcript-zh-average'], ['certificates', 'enrolment-zh']] as const) {
    const list = await phone.get(`/documents/new/${family}`)
    if (!list.root.querySelector(`input[name=kind][value=${kind}]:not([disabled])`)) continue
    const page = await phone.submit(list, '/documents/requests', { kind })
    return page.root.querySelector('.preview img')?.getAttribute('src') ?? ''
  }
  throw new Error('there is nothing to preview')
}

/** The page that the work has drawn. */
async function drawnBy(browser: Browser, work: () => Promise<unknown>): Promise<string> {
  const drawn: string[] = []
  const { picture } = browser
  browser.picture = (html, options) => {
    drawn.push(html)
    return picture(html, options)
  }
  await work()
  browser.picture = picture
  return drawn[0] ?? ''
}

async function screenshots(t: Cleaner): Promise<(html: string) => Promise<unknown>> {
  const path = findBrowser(undefined)
  if (!path) throw new Error('there is no browser')
  const browser = await launchBrowser(path)
  t.after(() => browser.close())
  const { page } = await openSheet(browser)
  await page.setViewport({ width: 794, height: 794, deviceScaleFactor: 2 })
  return async html => {
    await page.setContent(html, { waitUntil: 'load', timeout: 0 })
    return page.screenshot({ type: 'jpeg', quality: 88, fullPage: true })
  }
}

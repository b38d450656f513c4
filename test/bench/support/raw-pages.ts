import type { Page } from 'puppeteer'
import { findBrowser } from '../../../src/integrations/browser/find.ts'
import { launchBrowser, openSheet } from '../../../src/integrations/browser/launch.ts'
import type { Cleaner } from '../../support/database.ts'

/** So many pages of a browser of their own, open and ready. */
export async function warmPages(t: Cleaner, count: number): Promise<Page[]> {
  const path = findBrowser(undefined)
  if (!path) throw new Error('there is no browser')
  const browser = await launchBrowser(path)
  t.after(() => browser.close())
  return Promise.all(Array.from({ length: count }, () => openSheet(browser).then(({ page }) => page)))
}

/** Prints each once, on whichever page is free: the limit of everything that makes documents. */
export async function drawRaw(pages: readonly Page[], htmls: readonly string[]): Promise<void> {
  const waiting = [...htmls]
  await Promise.all(pages.map(async page => {
    for (let html = waiting.shift(); html !== undefined; html = waiting.shift()) {
      await page.setContent(html, { waitUntil: 'load', timeout: 0 })
      await page.pdf({ preferCSSPageSize: true, printBackground: true, tagged: false, outline: false, waitForFonts: true, timeout: 0 })
    }
  }))
}

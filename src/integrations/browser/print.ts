import type { Page } from 'puppeteer'
import type { Sheet } from './launch.ts'

/** The loaded page as PDF. `page.pdf()` fetches it as a stream, in a round trip for each piece: here it comes whole, with the answer. */
export async function printed({ page, session }: Sheet, tagged = false): Promise<Uint8Array> {
  await typeIsThere(page)
  const { data } = await session.send('Page.printToPDF', {
    preferCSSPageSize: true, printBackground: true, generateTaggedPDF: tagged, generateDocumentOutline: false,
  }, { timeout: 0 })
  return Buffer.from(data, 'base64')
}

/** A page counts as loaded before all its type is. */
export async function typeIsThere(page: Page): Promise<void> {
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
}

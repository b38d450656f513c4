import { AppError } from '../../platform/errors.ts'
import type { Log } from '../../platform/log.ts'
import { findBrowser } from './find.ts'
import { missingGlyphs } from './fonts.ts'
import type { Sheet } from './launch.ts'
import { createPages } from './pages.ts'
import { typeIsThere } from './print.ts'
import { createPrinter } from './printer.ts'
import { drawnAsBox } from './unprintable.ts'

export { FONT_SHEET, missingGlyphs, outline } from './fonts.ts'
export type { Outline } from './woff.ts'

type Limits = {
  /** milliseconds from the moment a page is free to the finished bytes; 20 s unless told */
  timeout?: number
}

/** What draws documents. HTML comes with everything in it (`data:`); only the type of FONT_SHEET is loaded beside it. */
export type Browser = {
  /** Is there a browser on this machine, and if not, what to install. Starts nothing. */
  available(): Promise<{ ok: true } | { ok: false; missing: string }>
  /**
   * A PDF in the page size that the HTML's `@page` names, its fonts embedded, its text extractable. `tagged`: with the structure that screen
   * readers follow. `patient`: after everything that somebody waits for. Those that wait at the same time may be printed in one go.
   */
  pdf(html: string, options?: { tagged?: boolean; patient?: boolean } & Limits): Promise<Uint8Array>
  /** A JPEG of the page as a screen shows it; sizes in CSS pixels, `scale` device pixels to each (1.5 unless told). Without a height the whole page, however long. */
  picture(html: string, options: { width: number; height?: number; scale?: number } & Limits): Promise<Uint8Array>
  /** Which characters of the text neither our type nor this machine's can print; starts the browser only where our type lacks some. */
  unprintable(text: string): Promise<string[]>
  close(): Promise<void>
}

type Options = {
  /** the browser to run; found by itself where absent */
  chromiumPath?: string | undefined
  /** how many documents are drawn at once; each page costs about 230 MB */
  pages?: number
  /** milliseconds without work after which the browser is ended */
  idle?: number
  /** milliseconds that it has for starting; 20 s unless told */
  start?: number
  log: Log
}

const TIMEOUT = 20_000
// A page of sane size is some 100 KB with seal and QR; ten times a whole transcript with pictures is still below this.
const LARGEST_HTML = 16 * 1024 * 1024

/**
 * A browser that starts with the first document, keeps its pages warm and ends when idle. Failures are `upstream`:
 * `no-browser` where none is installed, `browser-lost` where it died while drawing, `browser-timeout` where it took too long.
 */
export function createBrowser({ chromiumPath, pages: size = 2, idle = 5 * 60_000, start, log }: Options): Browser {
  const path = () => findBrowser(chromiumPath)
  const pages = createPages({ size, idle, start, log, executable() {
    const found = path()
    if (!found) throw new AppError('upstream', '服务器上没有可用的浏览器，文件待安装后生成', { code: 'no-browser' })
    return found
  } })
  const lend = async <R>(timeout: number | undefined, work: (sheet: Sheet) => Promise<R>): Promise<R> => {
    const place = await pages.take(false)
    try {
      return await place.use(timeout ?? TIMEOUT, work)
    } finally {
      place.leave()
    }
  }
  const load = async ({ page }: Sheet, html: string): Promise<void> => {
    await page.setContent(html, { waitUntil: 'load', timeout: 0 })
  }
  const print = createPrinter({ take: pages.take, load, size })
  return {
    async available() {
      return path() ? { ok: true } : { ok: false, missing: HOW_TO_INSTALL }
    },
    async pdf(html, { tagged = false, patient = false, timeout } = {}) {
      refuseLarge(html)
      return print(html, { tagged, patient, timeout: timeout ?? TIMEOUT })
    },
    async picture(html, { timeout, ...options }) {
      refuseLarge(html)
      return lend(timeout, async sheet => {
        await load(sheet, html)
        await sheet.page.setViewport({ width: options.width, height: options.height ?? options.width, deviceScaleFactor: options.scale ?? 1.5 })
        await typeIsThere(sheet.page)
        return sheet.page.screenshot({ type: 'jpeg', quality: 88, fullPage: options.height === undefined })
      })
    },
    async unprintable(text) {
      const missing = await missingGlyphs(text)
      return missing.length === 0 ? [] : lend(undefined, async sheet => {
        await load(sheet, '')
        return drawnAsBox(sheet.page, missing)
      })
    },
    async close() {
      await pages.close()
    },
  }
}

function refuseLarge(html: string): void {
  if (html.length > LARGEST_HTML) throw new AppError('invalid', '要绘制的页面过大')
}

const HOW_TO_INSTALL = 'apt-get install chromium-headless-shell，或 npx puppeteer browsers install chrome-headless-shell，或用 CHROMIUM_PATH 指定'

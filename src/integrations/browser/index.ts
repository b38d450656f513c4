import { AppError } from '../../platform/errors.ts'
import type { Log } from '../../platform/log.ts'
import { findBrowser } from './find.ts'
import { missingGlyphs } from './fonts.ts'
import type { Sheet } from './launch.ts'
import { createPages, type Pages } from './pages.ts'
import { printed, typeIsThere } from './print.ts'
import { cut, joined } from './together.ts'
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
  /** A PDF in the page size that the HTML's `@page` names, its fonts embedded, its text extractable. `tagged`: with the structure that screen readers follow. */
  pdf(html: string, options?: { tagged?: boolean } & Limits): Promise<Uint8Array>
  /**
   * A PDF of each, as good as one drawn alone. Pages that share their head are drawn as one and cut apart, which costs a third of drawing
   * them one by one. Waits while somebody waits for a single one.
   */
  pdfs(htmls: readonly string[], options?: Limits): Promise<Uint8Array[]>
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
  log: Log
}

const TIMEOUT = 20_000
// A page of sane size is some 100 KB with seal and QR; ten times a whole transcript with pictures is still below this.
const LARGEST_HTML = 16 * 1024 * 1024

/**
 * A browser that starts with the first document, keeps its pages warm and ends when idle. Failures are `upstream`:
 * `no-browser` where none is installed, `browser-lost` where it died while drawing, `browser-timeout` where it took too long.
 */
export function createBrowser({ chromiumPath, pages: size = 2, idle = 5 * 60_000, log }: Options): Browser {
  let pages: Pages | undefined
  const path = () => findBrowser(chromiumPath)
  const draw = async <R>(html: string, limits: Limits & { patient?: boolean }, work: (sheet: Sheet) => Promise<R>): Promise<R> => {
    if (html.length > LARGEST_HTML) throw new AppError('invalid', '要绘制的页面过大')
    const executable = path()
    if (!executable) throw new AppError('upstream', '服务器上没有可用的浏览器，文件待安装后生成', { code: 'no-browser' })
    pages ??= createPages({ size, idle, log })
    return pages.use(executable, { timeout: limits.timeout ?? TIMEOUT, patient: limits.patient ?? false }, async sheet => {
      await sheet.page.setContent(html, { waitUntil: 'load', timeout: 0 })
      return work(sheet)
    })
  }
  const many = async (htmls: readonly string[], options: Limits): Promise<Uint8Array[]> => {
    const html = htmls.length > 1 ? joined(htmls) : null
    const files = html === null || html.length > LARGEST_HTML ? null : await cut(await draw(html, { ...options, patient: true }, printed), htmls)
    return files ?? Array.fromAsync(htmls, each => draw(each, { ...options, patient: true }, printed))
  }
  return {
    async available() {
      return path() ? { ok: true } : { ok: false, missing: HOW_TO_INSTALL }
    },
    pdf: (html, { tagged = false, ...options } = {}) => draw(html, options, sheet => printed(sheet, tagged)),
    pdfs: (htmls, options = {}) => many(htmls, options),
    picture: (html, options) => draw(html, options, async ({ page }) => {
      await page.setViewport({ width: options.width, height: options.height ?? options.width, deviceScaleFactor: options.scale ?? 1.5 })
      await typeIsThere(page)
      return page.screenshot({ type: 'jpeg', quality: 88, fullPage: options.height === undefined })
    }),
    async unprintable(text) {
      const missing = await missingGlyphs(text)
      return missing.length === 0 ? [] : draw('', {}, ({ page }) => drawnAsBox(page, missing))
    },
    async close() {
      await pages?.close()
    },
  }
}

const HOW_TO_INSTALL = 'apt-get install chromium-headless-shell，或 npx puppeteer browsers install chrome-headless-shell，或用 CHROMIUM_PATH 指定'

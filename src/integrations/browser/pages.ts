import type { Browser } from 'puppeteer'
import { AppError } from '../../platform/errors.ts'
import type { Log } from '../../platform/log.ts'
import { launchBrowser, openSheet, type Sheet } from './launch.ts'
import { residentMegabytes } from './memory.ts'

/** A few warm pages of one browser; who finds none free waits in line. */
export type Pages = {
  /** Waits until a page is free, the patient after all others. Starts nothing. */
  take(patient: boolean): Promise<Place>
  close(): Promise<void>
}

/** The right to one page, until it is left. */
export type Place = {
  /** Lends the page to `work` for at most `timeout` ms. After a failure the page is thrown away, else it serves the next. */
  use<R>(timeout: number, work: (sheet: Sheet) => Promise<R>): Promise<R>
  leave(): void
}

type Options = { size: number; idle: number; /** milliseconds that a browser has for starting */ start?: number | undefined; log: Log; /** the browser to start; throws where there is none */ executable(): string }
type Warm = Sheet & { uses: number }
/** One running browser. A retired one takes no new work and ends with its last document. */
type Engine = { browser: Browser; free: Warm[]; users: number; drawn: number; retired: boolean }

// A page showed no leak over 3,000 documents. Recycling bounds what a strange document leaves behind, and costs as much as 15
// documents, because the new page reads all its type again.
const USES = 2000
const WEIGH_EVERY = 50
// Measured: 650 MB for a browser with one page, 230 MB for each further one.
const MEGABYTES = (pages: number) => 900 + 400 * pages

export function createPages({ size, idle, start, log, executable }: Options): Pages {
  const waiting: (() => void)[] = []
  const patient: (() => void)[] = []
  let busy = 0
  let current: Promise<Engine> | undefined
  let timer: NodeJS.Timeout | undefined

  async function engineNow(): Promise<Engine> {
    current ??= launchBrowser(executable(), start).then(browser => {
      log.debug({ browser: browser.process()?.pid }, 'browser started')
      return { browser, free: [], users: 0, drawn: 0, retired: false }
    })
    const mine = current
    const engine = await mine.catch((error: unknown) => {
      if (current === mine) current = undefined
      throw lost(error)
    })
    if (engine.browser.connected && !engine.retired) return engine
    if (current === mine) current = undefined
    return engineNow()
  }

  async function turn(line: (() => void)[]): Promise<void> {
    clearTimeout(timer)
    if (busy < size) { busy++; return }
    await new Promise<void>(resolve => line.push(resolve))
  }

  function done(): void {
    const next = waiting.shift() ?? patient.shift()
    if (next) return next()
    busy--
    if (busy === 0) timer = setTimeout(() => void end(), idle).unref()
  }

  async function end(): Promise<void> {
    const ending = current
    current = undefined
    const engine = await ending?.catch(() => undefined)
    if (engine) await retire(engine)
  }

  // Beside the drawing: no page waits for it.
  async function weigh(engine: Engine): Promise<void> {
    const megabytes = await residentMegabytes(engine.browser.process()?.pid)
    if (megabytes <= MEGABYTES(size)) return
    log.warn({ megabytes }, 'browser grew too large and is replaced')
    await retire(engine)
  }

  async function use<R>(timeout: number, work: (sheet: Sheet) => Promise<R>): Promise<R> {
    const engine = await engineNow()
    engine.users++
    try {
      const result = await lend(engine, timeout, work)
      if (++engine.drawn % WEIGH_EVERY === 0) void weigh(engine)
      return result
    } finally {
      engine.users--
      if (engine.retired) await retire(engine)
    }
  }

  return {
    async take(last) {
      await turn(last ? patient : waiting)
      return { use, leave: done }
    },
    async close() {
      clearTimeout(timer)
      await end()
    },
  }
}

async function retire(engine: Engine): Promise<void> {
  engine.retired = true
  if (engine.users > 0) return
  await engine.browser.close().catch(() => engine.browser.process()?.kill('SIGKILL'))
}

async function lend<R>(engine: Engine, timeout: number, work: (sheet: Sheet) => Promise<R>): Promise<R> {
  const { browser, free } = engine
  const stop = Promise.withResolvers<never>()
  const gone = () => stop.reject(lost(new Error('the browser ended while drawing')))
  const late = () => stop.reject(new AppError('upstream', '文件绘制超时，稍后重试', { code: 'browser-timeout' }))
  // on, not once: puppeteer's off() does not find what once() wrapped, and every document would stay in memory with its listener.
  browser.on('disconnected', gone)
  const timer = setTimeout(late, timeout)
  let warm: Warm | undefined
  try {
    warm = free.pop() ?? await Promise.race([openSheet(browser).then(sheet => ({ ...sheet, uses: 0 })), stop.promise])
    warm.page.on('error', gone)
    const result = await Promise.race([work(warm), stop.promise])
    warm.page.off('error', gone)
    if (++warm.uses < USES) free.push(warm)
    else void warm.page.close().catch(() => undefined)
    return result
  } catch (error) {
    await discard(browser, warm)
    throw lost(error)
  } finally {
    clearTimeout(timer)
    browser.off('disconnected', gone)
  }
}

// A page that hangs may not even close, or never opened: then the whole browser goes, and the next document starts another.
async function discard(browser: Browser, sheet: Sheet | undefined): Promise<void> {
  if (!browser.connected) return
  const stuck = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => stuck.resolve(true), 2000)
  const closed = sheet ? sheet.page.close().then(() => false, () => true) : Promise.resolve(true)
  if (await Promise.race([closed, stuck.promise])) browser.process()?.kill('SIGKILL')
  clearTimeout(timer)
}

function lost(error: unknown): AppError {
  return error instanceof AppError ? error : new AppError('upstream', '绘制文件的浏览器意外退出，稍后重试', { code: 'browser-lost', cause: error })
}

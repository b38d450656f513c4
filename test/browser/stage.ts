import assert from 'node:assert/strict'
import { after, type TestContext } from 'node:test'
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type FrameLocator, type Page } from 'playwright-core'
import { wecomCommand } from '../../src/integrations/wecom/command.ts'
import { findBrowser } from '../../src/integrations/browser/find.ts'
import { testClock } from '../../src/platform/clock.ts'
import { type Settings, startTestApp, type TestApp } from '../support/app.ts'
import type { Cleaner } from '../support/database.ts'
import type { Someone } from '../support/people.ts'
import { type Complaints, listenTo } from './complaints.ts'

export const widths = [390, 1280] as const
export type Width = (typeof widths)[number]

export type Stage = TestApp & {
  /** A browser of nobody's, closed with the test. What it complains about fails the test. */
  desk(t: Cleaner, width: number, options?: BrowserContextOptions): Promise<Page>
  /** WeCom's page with the phones of these people, side by side or behind tabs. */
  phones(t: Cleaner, width: number, people: readonly Someone[], options?: BrowserContextOptions): Promise<Phones>
}

export type Phones = {
  page: Page
  /** Brings this person's phone before one's eyes. */
  of(person: Someone): Promise<Phone>
  /** One of the panels beside the phones: 邮件, 短信, 回调, 故障. */
  panel(name: string): Promise<Page>
}

export type Phone = {
  frame: Page | FrameLocator
  /** the page open in the app's browser */
  web: FrameLocator
  /** Opens the app's conversation, where messages and cards are. */
  conversation(): Promise<void>
  /** Taps an entry of the app's menu under the conversation. */
  menu(...names: string[]): Promise<void>
}

const FLAGS = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--disable-dev-shm-usage', '--disable-extensions', '--font-render-hinting=none',
  // Every phone is an origin of its own, and would be a process of its own.
  '--disable-site-isolation-trials', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])]

/** The steps of one story: where one fails, those after it have nothing to stand on and are left out. */
export function stepsOf(t: TestContext): (title: string, step: () => Promise<void>) => Promise<void> {
  let failed = false
  return (title, step) => t.test(title, { skip: failed && 'a step before it failed' }, async () => {
    failed = true
    await step()
    failed = false
  })
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: findBrowser(process.env.CHROMIUM_PATH) ?? assert.fail('no browser is installed'), args: FLAGS })
}

/** The product with the sample university, WeCom's menu applied, and a browser: one for all tests of a file. The pages' script knows only the real time, so the hall begins with it. */
export async function startStage(owner: Cleaner = { after }, { clock = testClock(Date.now()), ...settings }: Settings = {}): Promise<Stage> {
  const hall = await startTestApp(owner, { clock, ...settings })
  await wecomCommand(['apply'], { wecom: hall.app.wecom, publicUrl: hall.origin, print: () => {} })
  const browser = await launchBrowser()
  owner.after(() => browser.close())

  const desk: Stage['desk'] = async (t, width, options = {}) => {
    const context = await browser.newContext({ baseURL: hall.origin, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', viewport: { width, height: 844 }, ...options })
    context.setDefaultTimeout(45_000)
    const complaints = listenTo(context)
    t.after(() => leave(context, complaints))
    return context.newPage()
  }
  return { ...hall, desk, phones: async (t, width, people, options) => hold(await desk(t, width, options), people) }
}

async function leave(context: BrowserContext, complaints: Complaints): Promise<void> {
  await context.close()
  assert.deepEqual(complaints, [], 'the browser had nothing to complain about')
}

async function hold(page: Page, people: readonly Someone[]): Promise<Phones> {
  await page.goto('/simulator')
  await page.evaluate(userids => localStorage.setItem('simulator.phones', JSON.stringify(userids)), [])
  await page.reload()
  await page.getByRole('button', { name: '选择人员' }).click()
  for (const { name, userid } of people) {
    await page.getByRole('searchbox', { name: '查找' }).fill(userid)
    await page.getByRole('checkbox', { name }).check()
  }
  await page.getByRole('button', { name: '完成' }).click()
  return {
    page,
    async of({ name }) {
      const back = page.getByRole('navigation', { name: '旁边的内容' }).getByRole('button', { name: '手机' })
      if (await back.isVisible()) await back.click()
      const tab = page.getByRole('navigation', { name: '手机' }).getByRole('button', { name })
      if (await tab.isVisible()) await tab.click()
      const frame = page.frameLocator(`iframe[title="手机 ${name}"]`)
      return phoneOn(frame)
    },
    async panel(name) {
      await page.getByRole('navigation', { name: '旁边的内容' }).getByRole('button', { name }).click()
      return page
    },
  }
}

/** The phone in a frame, or filling a page of its own. */
export function phoneOn(frame: Page | FrameLocator): Phone {
  return {
    frame,
    web: frame.frameLocator('iframe[title="应用内浏览器"]'),
    async conversation() {
      const close = frame.getByRole('button', { name: '关闭' })
      if (await close.isVisible()) await close.click()
      const messages = frame.getByRole('list', { name: '消息' })
      if (await messages.isVisible()) return
      await frame.getByRole('button', { name: /^办事大厅/ }).click()
      await messages.waitFor()
    },
    async menu(...names) {
      // A folded entry has a sign before its name.
      for (const name of names) await frame.getByRole('button', { name: new RegExp(`^\\W*${name}$`, 'u') }).click()
    },
  }
}

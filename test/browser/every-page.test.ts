import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import type { Client } from '../support/client.ts'
import { type Column, whoMay } from '../security/access.ts'
import { busyHall, chineseContent } from './busy-hall.ts'
import { inspect } from './inspect.ts'
import { startStage, widths } from './stage.ts'

const stage = await startStage()
const people = await busyHall(stage)
const chinese = await chineseContent(stage)

/** Who opens a page, the first of them who may. */
const readers = ['stranger', 'student', 'tutor', 'help-desk', 'operator', 'registrar', 'admin', 'security', 'audit'] as const satisfies readonly Column[]
/** Pages that look otherwise for somebody else or after something typed, and two that nobody has. */
const more: Partial<Record<Column, readonly string[]>> = {
  stranger: ['/verify/ABCD-EFGH-JKLM-NPQR', '/nowhere'],
  student: ['/?q=zdzm', '/verify', '/help', '/services/enrolment-certificate/apply', '/nowhere', '/admin'],
  tutor: ['/', '/received', '/received?state=done'],
  'help-desk': ['/admin'], operator: ['/admin'], registrar: ['/admin'], security: ['/admin'], audit: ['/admin'],
}

const addresses = [...whoMay.keys()].filter(route => route.startsWith('GET ')).map(route => route.slice('GET '.length))
// What programs ask, what leads away, what is a file.
const NO_PAGE = /^\/(\*|healthz|readyz|wecom|auth|logout|api\/v1\/(?!docs)|pictures)|\.(jpg|png)$/
const named = addresses.filter(address => address.includes(':')).map(address => ({ address, pattern: new RegExp(`^${address.replaceAll(/:\w+/g, '[^/]+')}$`) }))
/** Of what has an id in its address, so many are opened by each reader. */
const EACH = 2

for (const [index, language] of (['zh', 'en'] as const).entries()) {
  test(`every page in ${language} fits its screen, is whole and legible in both schemes`, async t => {
    const context = (await stage.desk(t, widths[index] ?? assert.fail())).context()
    const page = context.pages()[0] ?? assert.fail()
    const faults: string[] = []
    const opened = new Set<string>()
    for (const reader of readers) {
      await becomes(context, people.get(reader) ?? assert.fail(reader), language)
      for await (const path of pagesOf(page, reader)) {
        opened.add(path.replace(/[?#].*/, ''))
        faults.push(...(await faultsOf(page, language)).map(fault => `${reader} ${path} ${fault}`))
      }
    }
    assert.deepEqual(faults, [])
    assert.ok(opened.size > 80, `${opened.size} pages were opened`)
  })
}

async function becomes(context: BrowserContext, { cookies }: Client, language: 'zh' | 'en'): Promise<void> {
  await context.clearCookies()
  await context.addCookies([...cookies, ['language', language] as const].map(([name, value]) => ({ name, value, url: stage.origin })))
}

/** Opens the reader's pages one after the other, then those that they lead to. */
async function* pagesOf(page: Page, reader: Column): AsyncGenerator<string> {
  const firstReader = (address: string) => readers.find(each => whoMay.get(`GET ${address}`)?.includes(each))
  const todo = [...addresses.filter(address => !address.includes(':') && !NO_PAGE.test(address) && firstReader(address) === reader), ...more[reader] ?? []]
  const met = new Set(todo)
  const times = new Map<string, number>()
  for (let path = todo.shift(); path !== undefined; path = todo.shift()) {
    if (!await open(page, path)) continue
    yield path
    // Not by a locator: Playwright would give each page its own script first, which takes as long as all the rest.
    const links = await page.evaluate(() => [...document.querySelectorAll('a[href^="/"]')].map(link => link.getAttribute('href') ?? ''))
    for (const href of links) {
      const { address } = named.find(({ pattern }) => pattern.test(href.replace(/[?#].*/, ''))) ?? {}
      if (address === undefined || NO_PAGE.test(address) || met.has(href) || (times.get(address) ?? 0) >= EACH) continue
      times.set(address, (times.get(address) ?? 0) + 1)
      met.add(href)
      todo.push(href)
    }
  }
}

/** Answers whether it is a page. */
async function open(page: Page, path: string): Promise<boolean> {
  const answer = await page.goto(path).catch((error: unknown) => {
    if (String(error).includes('Download is starting')) return null
    throw error
  })
  return answer?.headers()['content-type']?.startsWith('text/html') ?? false
}

/** Begins with the width at which it was opened, and leaves the other to the next: pages are opened at both. */
async function faultsOf(page: Page, language: 'zh' | 'en'): Promise<string[]> {
  const turned = page.viewportSize()?.width === widths[0] ? widths : widths.toReversed()
  return await inspect(page, turned, { english: language === 'en' ? chinese(new URL(page.url()).pathname) : null })
}

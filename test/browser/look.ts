import assert from 'node:assert/strict'
import type { RunOptions } from 'axe-core'
import type { FrameLocator, Locator, Page } from 'playwright-core'
import { violationsIn } from '../support/axe.ts'
import { endTransitions } from './inspect.ts'

const SCHEMES = ['light', 'dark'] as const

/**
 * A page as everyone must be able to use it: nothing wider than the screen, no fault that axe finds, in both schemes.
 * `frames` are the titles of the frames, outermost first, in which it is shown.
 */
export async function look(page: Page, ...frames: string[]): Promise<void> {
  const html = frames.reduce<Page | FrameLocator>((place, title) => place.frameLocator(`iframe[title="${title}"]`), page).locator('html')
  const frame = await (await html.elementHandle())?.ownerFrame() ?? assert.fail('no frame')
  const where = `${await html.evaluate(() => location.pathname)} at ${page.viewportSize()?.width} px`
  await fits(html, where)
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme })
    await Promise.all(page.frames().map(each => each.evaluate(endTransitions)))
    // What is not colour is the same in both. Phones side by side are many pages, whose landmarks may have one name.
    const rules: RunOptions = colorScheme === 'dark' ? { runOnly: ['color-contrast'] } : { rules: { 'landmark-unique': { enabled: false } } }
    const violations = await violationsIn(frame, { resultTypes: ['violations'], ...rules })
    assert.deepEqual(violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html.slice(0, 160)}\n${node.failureSummary}`)), [], `${where}, ${colorScheme}`)
  }
  await page.emulateMedia({ colorScheme: 'light' })
}

async function fits(html: Locator, where: string): Promise<void> {
  const { wide, room } = await html.evaluate(() => ({ wide: document.scrollingElement?.scrollWidth ?? 0, room: window.innerWidth }))
  assert.ok(wide <= room, `${where} is ${wide} px wide`)
}

import assert from 'node:assert/strict'
import { AxeBuilder } from '@axe-core/playwright'
import type { Locator, Page } from 'playwright-core'

const SCHEMES = ['light', 'dark'] as const

/**
 * A page as everyone must be able to use it: nothing wider than the screen, no fault that axe finds, in both schemes.
 * `frames` are the titles of the frames, outermost first, in which it is shown.
 */
export async function look(page: Page, ...frames: string[]): Promise<void> {
  const selectors = frames.map(title => `iframe[title="${title}"]`)
  const html = selectors.reduce<Page | ReturnType<Page['frameLocator']>>((place, selector) => place.frameLocator(selector), page).locator('html')
  const where = `${await html.evaluate(() => location.pathname)} at ${page.viewportSize()?.width} px`
  await fits(html, where)
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme })
    await settled(page)
    // A page without frames is looked at where it is, which needs no other page; the second time it has axe already.
    const alone = page.frames().length === 1
    const axe = new AxeBuilder({ page, ...(alone && colorScheme === 'dark' && { axeSource: 'void 0' }) }).options({ resultTypes: ['violations'] }).setLegacyMode(alone)
    if (selectors.length > 0) axe.include([...selectors, 'html'])
    // What is not colour is the same in both. Phones side by side are many pages, whose landmarks may have one name.
    if (colorScheme === 'dark') axe.withRules(['color-contrast'])
    else axe.disableRules(['landmark-unique'])
    const { violations } = await axe.analyze()
    assert.deepEqual(violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html.slice(0, 160)}\n${node.failureSummary}`)), [], `${where}, ${colorScheme}`)
  }
  await page.emulateMedia({ colorScheme: 'light' })
}

async function fits(html: Locator, where: string): Promise<void> {
  const { wide, room } = await html.evaluate(() => ({ wide: document.scrollingElement?.scrollWidth ?? 0, room: window.innerWidth }))
  assert.ok(wide <= room, `${where} is ${wide} px wide`)
}

/** Colours glide from one to the next: what is measured half-way is nobody's choice. */
async function settled(page: Page): Promise<void> {
  // Not by animation frames: a phone behind a tab draws none.
  await Promise.all(page.frames().map(frame => frame.waitForFunction(() => document.getAnimations().every(animation => !(animation instanceof CSSTransition)), null, { polling: 30 })))
}

import type { Page } from 'playwright-core'

/** What a page may show in Chinese to who reads English: names, and what people typed. */
export type Chinese = readonly string[]

/**
 * What is wrong with what is to be seen at these widths, in both schemes: wider than the screen, text cut off, too little contrast (WCAG 2.2 AA),
 * Chinese in English. One sentence each. A scheme changes colours alone, and a width no words.
 */
export async function inspect(page: Page, widths: readonly number[], { english = null }: { english?: Chinese | null } = {}): Promise<string[]> {
  const faults = english ? chineseIn(await page.evaluate(chineseTexts), english) : []
  for (const [index, width] of widths.entries()) {
    await page.setViewportSize({ width, height: 844 })
    await page.evaluate(endTransitions)
    const found = await page.evaluate(layoutFaults)
    // The next begins with the scheme that is there: each change draws the page anew.
    for (const colorScheme of index % 2 === 0 ? ['light', 'dark'] as const : ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.evaluate(endTransitions)
      found.push(...(await page.evaluate(contrastFaults)).map(fault => `${colorScheme}: ${fault}`))
    }
    faults.push(...found.map(fault => `at ${width} px: ${fault}`))
  }
  return faults
}

/** Runs in the page. Half-way between two colours is nobody's choice, and waiting for a frame of each takes minutes. */
export function endTransitions(): void {
  for (const animation of document.getAnimations()) if (animation instanceof CSSTransition) animation.finish()
}

/** Runs in the page. */
function layoutFaults(): string[] {
  const faults = new Set<string>()
  const room = document.documentElement.clientWidth
  if ((document.scrollingElement?.scrollWidth ?? 0) > room) faults.add(`the page is ${document.scrollingElement?.scrollWidth} px wide, ${room} are there`)
  const hides = (value: string) => value === 'hidden' || value === 'clip'
  const edges = new Map<Element, { ends: boolean; right: number; bottom: number }>()
  const edgesOf = (element: Element) => {
    const known = edges.get(element)
    if (known) return known
    const { overflowX, overflowY, clipPath } = getComputedStyle(element)
    // Scrolled there, or for the ears alone.
    const ends = overflowX === 'auto' || overflowX === 'scroll' || clipPath !== 'none'
    const inside = hides(overflowX) || hides(overflowY) ? element.getBoundingClientRect() : null
    const own = { ends, right: inside && hides(overflowX) ? inside.right + 1 : Infinity, bottom: inside && hides(overflowY) ? inside.bottom + 2 : Infinity }
    edges.set(element, own)
    return own
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const { currentNode: node } = texts
    const words = node.textContent?.trim() ?? ''
    const parent = node.parentElement
    if (words === '' || !parent?.checkVisibility({ visibilityProperty: true })) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    const box = range.getBoundingClientRect()
    for (let around: Element | null = parent; around && around !== document.body; around = around.parentElement) {
      const { ends, right, bottom } = edgesOf(around)
      if (ends) break
      if (box.right > right || box.bottom > bottom) {
        faults.add(`cut off: ${words.slice(0, 60)} (${around.className})`)
        break
      }
    }
  }
  return [...faults]
}

/** Runs in the page. */
function contrastFaults(): string[] {
  type Colour = readonly [red: number, green: number, blue: number, alpha: number]
  const faults = new Set<string>()
  const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
  const read = new Map<string, Colour>()
  const colourOf = (css: string): Colour => {
    const known = read.get(css)
    if (known || !pen) return known ?? [0, 0, 0, 1]
    pen.canvas.width = pen.canvas.height = 1
    pen.fillStyle = css
    pen.fillRect(0, 0, 1, 1)
    const [red = 0, green = 0, blue = 0, alpha = 0] = pen.getImageData(0, 0, 1, 1).data
    const colour: Colour = [red, green, blue, alpha / 255]
    read.set(css, colour)
    return colour
  }
  const over = ([r, g, b, a]: Colour, [r2, g2, b2]: Colour): Colour => [r * a + r2 * (1 - a), g * a + g2 * (1 - a), b * a + b2 * (1 - a), 1]
  const linear = (channel: number) => channel / 255 <= 0.04045 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4
  const luminance = ([red, green, blue]: Colour) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  const grounds = new Map<Element, Colour | null>()
  // Null over a picture or a gradient: nobody can compute that.
  const groundOf = (element: Element | null): Colour | null => {
    if (!element) return colourOf('Canvas')
    const known = grounds.get(element)
    if (known !== undefined) return known
    const { backgroundColor, backgroundImage } = getComputedStyle(element)
    const colour = colourOf(backgroundColor)
    const below = backgroundImage !== 'none' ? null : colour[3] === 1 ? colour : groundOf(element.parentElement)
    const ground = below && over(colour, below)
    grounds.set(element, ground)
    return ground
  }
  for (const element of document.body.querySelectorAll('*')) {
    if (![...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '')) continue
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || element.closest('[disabled], [aria-disabled=true], option')) continue
    const { color, fontSize, fontWeight } = getComputedStyle(element)
    const ground = groundOf(element)
    if (!ground) continue
    const [dark = 0, bright = 0] = [luminance(over(colourOf(color), ground)), luminance(ground)].toSorted((one, other) => one - other)
    const large = Number.parseFloat(fontSize) >= (Number(fontWeight) >= 700 ? 18.66 : 24)
    const ratio = (bright + 0.05) / (dark + 0.05)
    if (ratio < (large ? 3 : 4.5)) faults.add(`contrast ${ratio.toFixed(2)}: ${element.textContent?.trim().slice(0, 60)} (${element.className})`)
  }
  return [...faults]
}

/** Runs in the page. */
function chineseTexts(): string[] {
  const found = new Set<string>()
  const texts = document.createTreeWalker(document, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const { currentNode: node } = texts
    const text = node.textContent ?? ''
    if (/\p{Script=Han}/u.test(text) && !node.parentElement?.closest('[lang|=zh], [aria-hidden=true], script, textarea')) found.add(text)
  }
  return [...found]
}

function chineseIn(texts: readonly string[], known: Chinese): string[] {
  const rests = texts.map(text => known.reduce((left, words) => left.replaceAll(words, ''), text)).filter(rest => /\p{Script=Han}/u.test(rest))
  return [...new Set(rests.map(rest => `in Chinese: ${rest.trim().slice(0, 80)}`))]
}

import type { App } from '../../src/app.ts'
import { compare } from './support/compare.ts'
import { type Figure, rowOf } from './support/figure.ts'
import { startIssuing } from './support/issuing.ts'
import { drawRaw, warmPages } from './support/raw-pages.ts'

const PAGES = 2
const WARM_UP = 2

/**
 * A checked batch from its beginning until the last sealed file is in the store and registered, against page.pdf() of the same papers, one
 * by one, on as many warm pages.
 */
export const bulk: Figure = {
  stores: ['sqlite'],
  async measure(t, { rounds, share }) {
    const { app, numbers, ...run } = await startIssuing(t, Math.ceil(200 * share))
    const drawn = watchPages(app)
    const pages = await warmPages(t, PAGES)
    const sides = {
      async ours() {
        drawn.length = 0
        const id = await run.prepare(numbers)
        const began = performance.now()
        await run.issue(id)
        return drawn.length / (performance.now() - began) * 1000
      },
      async limit() {
        const began = performance.now()
        await drawRaw(pages, drawn)
        return drawn.length / (performance.now() - began) * 1000
      },
    }
    for (let round = 0; round < WARM_UP; round++) for (const side of [sides.ours, sides.limit]) await side()
    return [rowOf(await compare(rounds, sides), { name: `bulk issue, begun to sealed and stored (limit: ${PAGES} warm pages, one by one)`, unit: 'documents/s', digits: 1, atLeast: 1.1 })]
  },
}

/** The pages that are drawn, whole, as they would have to be drawn one by one. */
function watchPages(app: App): string[] {
  const drawn: string[] = []
  const pdf = app.browser.pdf
  app.browser.pdf = (html, options) => {
    drawn.push(html)
    return pdf(html, options)
  }
  return drawn
}

import type { Sheet } from './launch.ts'
import type { Pages } from './pages.ts'
import { printed } from './print.ts'
import { cut, joined, partsOf, type Parts } from './together.ts'

type Order = { html: string; parts: Parts | null; tagged: boolean; given: PromiseWithResolvers<Uint8Array> }
type Limits = { timeout: number; patient: boolean }

type Deps = {
  take: Pages['take']
  load(sheet: Sheet, html: string): Promise<void>
  /** how many pages there are to take */
  size: number
}

// A page of sane size is some 100 KB with seal and QR: this is far above what is joined.
const LARGEST_JOINED = 16 * 1024 * 1024
const MOST_JOINED = 25

/**
 * Prints in the order of asking. Every order asks for a page; when one is free, orders of one look that wait by then are printed on it in one
 * go and cut apart, which costs a third of printing them one by one. The pages share what waits; what is patient goes together as far as it can.
 */
export function createPrinter({ take, load, size }: Deps) {
  const lines = { prompt: new Set<Order>(), patient: new Set<Order>() }

  async function turn(line: Set<Order>, limits: Limits): Promise<void> {
    const place = await take(limits.patient)
    const orders = alike(line, limits.patient ? MOST_JOINED : Math.ceil(line.size / size))
    try {
      if (orders.length > 0) await place.use(limits.timeout, sheet => print(sheet, orders))
    } catch (error) {
      // Which of them broke the page is not known: each is tried once more by itself.
      for (const order of orders) await (orders.length > 1 ? place.use(limits.timeout, sheet => print(sheet, [order])) : Promise.reject(error)).catch(order.given.reject)
    } finally {
      place.leave()
    }
  }

  async function print(sheet: Sheet, orders: readonly Order[]): Promise<void> {
    const files = orders.length > 1 ? await printTogether(sheet, orders) : null
    for (const [index, { html, tagged, given }] of orders.entries()) {
      const file = files?.[index]
      if (!file) await load(sheet, html)
      given.resolve(file ?? await printed(sheet, tagged))
    }
  }

  async function printTogether(sheet: Sheet, orders: readonly Order[]): Promise<Uint8Array[] | null> {
    const parts = orders.flatMap(order => order.parts ?? [])
    await load(sheet, joined(parts))
    return cut(await printed(sheet), parts)
  }

  return (html: string, { tagged, ...limits }: { tagged: boolean } & Limits): Promise<Uint8Array> => {
    const line = limits.patient ? lines.patient : lines.prompt
    // What screen readers follow does not survive being cut apart.
    const order = { html, tagged, parts: tagged ? null : partsOf(html), given: Promise.withResolvers<Uint8Array>() }
    line.add(order)
    void turn(line, limits)
    return order.given.promise
  }
}

/** Takes the first of the line, and those after it that share its head. */
function alike(line: Set<Order>, most: number): Order[] {
  const [first] = line
  const taken: Order[] = []
  let size = 0
  for (const order of line) {
    if (taken.length === most) break
    if (order !== first && (!first?.parts || order.parts?.head !== first.parts.head || size + order.html.length > LARGEST_JOINED)) continue
    line.delete(order)
    taken.push(order)
    size += order.html.length
  }
  return taken
}

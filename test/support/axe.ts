import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type Axe from 'axe-core'
import type { Frame } from 'playwright-core'

/** In a document that was given it. */
declare const axe: typeof Axe

const source = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/**
 * What axe finds wrong in a frame, looked at as a page of its own, and in all frames that are to be seen in it. A document is given axe once,
 * however often it is looked at: that takes as long as looking.
 */
export async function violationsIn(frame: Frame, options: Axe.RunOptions = {}): Promise<Axe.Result[]> {
  const partials = await partialsOf(frame, undefined, options)
  const finish = async ([texts, how]: [string[], Axe.RunOptions]) => (await axe.finishRun(texts.map(text => JSON.parse(text)), how)).violations
  return frame.evaluate(finish, [partials, options] satisfies [string[], Axe.RunOptions])
}

/** In the order that axe wants: a frame, then each that is in it with all of its own. As text: Playwright takes objects apart value by value. */
async function partialsOf(frame: Frame, context: Axe.FrameContextObject | undefined, options: Axe.RunOptions): Promise<string[]> {
  if (await frame.evaluate(() => !('axe' in globalThis))) await frame.evaluate(source)
  const { own, others } = await frame.evaluate(async ([part, how]) => {
    const inside = axe.utils.getFrameContexts(part, how)
    return { own: JSON.stringify(await axe.runPartial(part ?? document, how)), others: inside }
  }, [context, options] as const)
  const partials = [own]
  for (const { frameSelector, frameContext } of others) {
    const element = await frame.evaluateHandle(selector => axe.utils.shadowSelect(selector), frameSelector)
    const inner = await element.asElement()?.contentFrame()
    if (!inner) throw new Error(`${frameSelector.toString()} in ${frame.url()} is no frame`)
    partials.push(...await partialsOf(inner, frameContext, options))
  }
  return partials
}

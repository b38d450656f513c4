import { parseArgs } from 'node:util'
import { figures } from './figures.ts'
import type { Pace } from './figure.ts'

// A figure in a process of its own, so that none inherits another's heap and compiled code; the rows go to the parent.
const { values: { quick }, positionals: [word = ''] } = parseArgs({ allowPositionals: true, options: { quick: { type: 'boolean', default: false } } })
const pace: Pace = quick ? { rounds: 5, share: 0.2 } : { rounds: 9, share: 1 }
const cleanUps: (() => unknown)[] = []
const figure = await figures[word]?.()
if (!figure) throw new Error(`no figure ${word}`)
try {
  process.send?.(await figure.measure({ after: cleanUp => void cleanUps.unshift(cleanUp) }, pace))
} finally {
  for (const cleanUp of cleanUps) await cleanUp()
}
process.disconnect?.()

import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Store } from '../support/database.ts'
import type { Row } from './support/figure.ts'
import { figures } from './support/figures.ts'
import { heading, line } from './support/table.ts'

// npm run bench [-- WORD …] [--quick] [--store=sqlite|mariadb]: every figure as a ratio to its limit, both measured in turn in the
// same run. Nothing fails here but what crashes: a shared machine is no judge.
const { values: { quick, store: only }, positionals: words } = parseArgs({
  allowPositionals: true, options: { quick: { type: 'boolean', default: false }, store: { type: 'string' } },
})
const chosen = Object.entries(figures).filter(([word]) => words.length === 0 || words.some(each => word.includes(each)))
if (chosen.length === 0) throw new Error(`no figure is called ${words.join(' or ')}; there are ${Object.keys(figures).join(', ')}`)

console.log(heading())
for (const [word, load] of chosen) {
  const { stores } = await load()
  for (const store of stores) {
    if (only !== undefined && only !== store) continue
    for (const row of await measureApart(word, store)) console.log(line(store, row))
  }
}
process.exit()

function measureApart(word: string, store: Store): Promise<Row[]> {
  // On a disk: that is where a hall has its data.
  const scratch = mkdtempSync(join(tmpdir(), 'hall-bench-'))
  const child = fork(join(import.meta.dirname, 'support/one.ts'), [word, ...(quick ? ['--quick'] : [])], { env: { ...process.env, HALL_TEST_STORE: store, HALL_TEST_SCRATCH: scratch }, execArgv: ['--expose-gc'] })
  return new Promise((resolve, reject) => {
    let rows: Row[] | undefined
    child.on('message', message => { if (isRows(message)) rows = message })
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      rmSync(scratch, { recursive: true, force: true })
      if (rows && code === 0) resolve(rows)
      else reject(new Error(`${word} on ${store} ended with ${signal ?? code}`))
    })
  })
}

function isRows(message: unknown): message is Row[] {
  return Array.isArray(message)
}

// Runs the test files that the runner names, one after the other, in this one process: what they import is loaded and
// compiled once. The next is taken when nothing of the last keeps the process alive: run() ends with `beforeExit`.
import { readSync, writeSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import path from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import { run } from './node-tests.ts'
import { tellTests, type Told } from './tell-tests.ts'

// The runner's pipe, both ways. Standard output belongs to the tests, which may print what they like.
const pipe = 3

for (let file = nextFile(); file !== ''; file = nextFile()) {
  await take(file)
  // For the other lanes and the processes that tests start.
  flushCompileCache()
  // Without this the process would end, as it was about to.
  await nextTurn()
}

/** Waits for the name of the next file; '' when there is none. */
function nextFile(): string {
  const name = Buffer.alloc(4096)
  return name.toString('utf8', 0, readSync(pipe, name)).trimEnd()
}

async function take(file: string): Promise<void> {
  const absolute = path.resolve(file)
  const before = surroundings()
  for await (const told of tellTests(run({ files: [absolute], isolation: 'none' }))) {
    // The test of this name stands for a file without tests, or one that broke off before the first.
    if (!('name' in told && told.name === absolute)) tell(told)
  }
  // Imported a second time, what broke off while it was loaded fails again with the same error, which run() keeps to itself.
  await import(pathToFileURL(absolute).href).catch((error: unknown) => tell({ kind: 'failed', name: 'the file itself', where: file, error: inspect(error) }))
  tell({ kind: 'end', code: Number(process.exitCode ?? 0), clean: surroundings() === before })
}

/** What the next file would find changed. */
function surroundings(): string {
  const { NODE_TEST_WORKER_ID: _, ...env } = process.env
  return JSON.stringify([process.cwd(), env])
}

function tell(told: Told): void {
  writeSync(pipe, `${JSON.stringify(told)}\n`)
}

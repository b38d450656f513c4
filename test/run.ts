// What `npm test` runs: lint, types, then every test file, those that touch the database once on SQLite with jobs in
// the process and once on MariaDB with BullMQ. `npm test -- WORD…` runs the files whose path contains one of the words,
// `--only` leaves out lint and types, `--store=sqlite` or `mariadb` one of the two passes, `--limit=MS` changes a test's time.
import { randomUUID } from 'node:crypto'
import { globSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { endLeftovers } from './support/run/leftovers.ts'
import { mostlyWaits, plan, type Store } from './support/run/plan.ts'
import { createReport } from './support/run/report.ts'
import { createLane, type Outcome, runProgram } from './support/run/run-file.ts'
import { scratch } from './support/scratch.ts'
import { startMariadb, startRedis } from './support/servers.ts'

const root = path.resolve(import.meta.dirname, '..')
const atOnce = 2
const titles = { sqlite: 'Tests on SQLite, jobs in the process', mariadb: 'Tests on MariaDB, jobs through Redis' }

const { values: options, positionals: words } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'boolean', default: false }, store: { type: 'string' }, limit: { type: 'string', default: '900000' } },
})
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort(signal))
// Every process that comes of this run inherits the mark; what still has it at the end was left behind.
const mark = `HALL_TEST_RUN=${randomUUID()}`
const report = createReport(process.stdout)

if (!options.only) await check()
await runPasses()
report.leftovers(endLeftovers(mark))
process.exitCode = stop.signal.aborted ? 130 : report.finish() ? 0 : 1

async function check(): Promise<void> {
  report.section('Lint and types')
  // Each checker of types works out for itself what they share: more of them than processors take longer.
  for (const [name, program, ...args] of [['lint', 'oxlint/bin/oxlint'], ['types', 'typescript/bin/tsc', '--checkers', '2']] as const) {
    report.add(await runProgram(name, [path.join(root, 'node_modules', program), ...args], { root, env: environment({}), signal: stop.signal }))
  }
}

async function runPasses(): Promise<void> {
  const files = globSync('test/**/*.test.ts', { cwd: root }).map(file => file.replaceAll(path.sep, '/'))
  const passes = plan(files, words, options.store)
  if (passes.length === 0) report.add(failed('selection', `No file test/**/*.test.ts has ${words.join(' or ') || 'a test'} in its path.`))
  for (const { store, files: chosen } of passes) {
    if (stop.signal.aborted) return
    report.section(titles[store])
    const servers = store === 'mariadb' ? await startServers() : null
    await runAll(store, chosen, servers?.env ?? {})
    await servers?.stop()
  }
}

async function startServers() {
  const [mariadb, redis] = await Promise.all([startMariadb({ own: true }), startRedis({ own: true })])
  return {
    env: { TEST_MARIADB_URL: mariadb.url(''), TEST_REDIS_URL: redis.url },
    stop: () => Promise.all([mariadb.stop(), redis.stop()]),
  }
}

async function runAll(store: Store, files: string[], servers: Record<string, string>): Promise<void> {
  const env = environment({ ...servers, HALL_TEST_STORE: store })
  const oneAfterTheOther = async (waiting: string[]) => {
    const lane = createLane({ root, env, signal: stop.signal, limit: Number(options.limit) })
    for (let file = waiting.shift(); file !== undefined && !stop.signal.aborted; file = waiting.shift()) report.add(await lane.run(file))
    const code = await lane.leave()
    if (code !== 0 && !stop.signal.aborted) report.add(failed('the end of a process', `It took its files and ended with ${code}.`))
  }
  const work = files.filter(file => !mostlyWaits(file))
  await Promise.all([oneAfterTheOther(files.filter(mostlyWaits)), ...Array.from({ length: atOnce }, () => oneAfterTheOther(work))])
}

function environment(more: Record<string, string>): NodeJS.ProcessEnv {
  const [name = '', value] = mark.split('=')
  const { NODE_TEST_CONTEXT: _, TEST_MARIADB_URL: __, TEST_REDIS_URL: ___, ...inherited } = process.env
  return { ...inherited, [name]: value, HALL_TEST_SCRATCH: scratch, NODE_COMPILE_CACHE: path.join(scratch, 'compiled'), ...more }
}

function failed(name: string, error: string): Outcome {
  return { name, passed: 0, skipped: 0, failures: [{ name, where: '', error }], ms: 0, output: '' }
}

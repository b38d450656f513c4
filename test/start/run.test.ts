import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test, type TestContext } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { mostlyWaits, plan } from '../support/run/plan.ts'

const here = path.resolve(import.meta.dirname, '..')
const imports = "import { test } from 'node:test'\nimport assert from 'node:assert/strict'\n"

/** A project with the real runner and these test files; resolves to what it printed. */
async function run(t: TestContext, files: Record<string, string>, ...args: string[]) {
  const folder = mkdtempSync(path.join(tmpdir(), 'hall-run-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  for (const part of ['run.ts', 'support/run', 'support/servers.ts', 'support/private-server.ts', 'support/ports.ts', 'support/scratch.ts']) {
    cpSync(path.join(here, part), path.join(folder, 'test', part), { recursive: true })
  }
  symlinkSync(path.resolve(here, '../node_modules'), path.join(folder, 'node_modules'))
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }')
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, 'test', file)), { recursive: true })
    writeFileSync(path.join(folder, 'test', file), imports + text)
  }
  const child = spawn(process.execPath, ['test/run.ts', '--only', ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  child.stdout.on('data', chunk => { printed += chunk })
  const [code] = await once(child, 'close')
  const written = path.join(folder, 'pids')
  const pids = existsSync(written) ? readFileSync(written, 'utf8').trimEnd().split('\n') : []
  return { code, printed, last: printed.trimEnd().split('\n').at(-1), pids }
}

test('what depends on the database runs on both, the rest once, the slow ones first', () => {
  const files = ['test/a/story.test.ts', 'test/a/rules.pure.test.ts', 'test/browser/every-page.test.ts', 'test/browser/seven.test.ts', 'test/contracts/x.test.ts', 'test/identity/import-killed.test.ts', 'test/kill/all.test.ts', 'test/simulator/y.test.ts']
  assert.deepEqual(plan(files), [
    { store: 'sqlite', files: ['test/identity/import-killed.test.ts', 'test/kill/all.test.ts', 'test/browser/every-page.test.ts', 'test/browser/seven.test.ts', 'test/a/rules.pure.test.ts', 'test/a/story.test.ts', 'test/contracts/x.test.ts', 'test/simulator/y.test.ts'] },
    { store: 'mariadb', files: ['test/identity/import-killed.test.ts', 'test/kill/all.test.ts', 'test/a/story.test.ts'] },
  ])
  assert.deepEqual(plan(files, ['contracts', 'seven']).map(pass => pass.files), [['test/browser/seven.test.ts', 'test/contracts/x.test.ts']])
  assert.deepEqual(plan(files, [], 'mariadb').map(pass => pass.store), ['mariadb'])
  assert.deepEqual(files.filter(mostlyWaits), ['test/identity/import-killed.test.ts'])
  assert.throws(() => plan(files, [], 'oracle'), /sqlite or mariadb/)
})

test('both passes are told their database, and the one on MariaDB has servers', async t => {
  const { code, last, printed } = await run(t, { 'a/story.test.ts': `
    const { HALL_TEST_STORE: store, TEST_MARIADB_URL: mariadb, TEST_REDIS_URL: redis } = process.env
    test('the store', async () => {
      assert.deepEqual([Boolean(mariadb), Boolean(redis)], store === 'mariadb' ? [true, true] : [false, false])
      if (mariadb) await (await (await import('mysql2/promise')).createConnection(mariadb)).end()
    })` })
  assert.equal(last, '2 passed, 0 failed', printed)
  assert.equal(code, 0)
})

test('what fails is told in full, whatever way it fails, and counted', async t => {
  const { code, last, printed } = await run(t, {
    'contracts/good.test.ts': "test('fine', () => {}); test('skipped', { skip: true }, () => {})",
    'contracts/bad.test.ts': `
      import { describe, it } from 'node:test'
      console.log('said before')
      describe('arithmetic', () => { it('adds', () => assert.equal(1 + 1, 3)); it('stays', () => {}) })`,
    'contracts/hangs.test.ts': "test('waits for ever', () => new Promise(() => {}))",
    'contracts/breaks.test.ts': "throw new Error('at the top')",
    'contracts/leaves.test.ts': "test('ends early', async () => { process.exit(0) })",
    'contracts/empty.test.ts': '',
    'contracts/fails-later.test.ts': "test('ends', () => { setTimeout(() => { throw new Error('too late') }, 1) })",
    'contracts/aside.test.ts': `
      import { EventEmitter } from 'node:events'
      const never = () => new Promise(() => {})
      test('throws aside', async () => { await null; setTimeout(() => { throw new Error('from a timer') }, 1); await never() })
      test('rejects aside', async () => { await null; void Promise.reject(new Error('that nobody awaits')); await never() })
      test('hears aside', async () => { await null; setImmediate(() => new EventEmitter().emit('error', new Error('of an emitter'))); await never() })`,
    'contracts/half.test.ts': "test('one', () => {}); throw new Error('before the next')",
  }, '--limit=3000')
  assert.equal(code, 1)
  assert.equal(last, '4 passed, 10 failed', printed)
  assert.match(printed, /^✓ contracts\/good\.test\.ts +1 +\d+\.\d s$/m)
  assert.match(printed, /: contracts\/bad\.test\.ts\n {2}✗ arithmetic › adds\n.*bad\.test\.ts:\d+\n[^]*2 !== 3[^]*It printed last:\n +said before/)
  assert.match(printed, /✗ throws aside\n[^]*from a timer[^]*✗ rejects aside\n[^]*that nobody awaits[^]*✗ hears aside\n[^]*of an emitter/)
  assert.match(printed, /✗ waits for ever\n[^]*timed out after 3000ms/)
  assert.match(printed, /breaks\.test\.ts\n {2}✗ the file itself\n.*\n +Error: at the top/)
  assert.match(printed, /half\.test\.ts\n {2}✗ the file itself\n.*\n +Error: before the next/)
  assert.match(printed, /fails-later\.test\.ts\n {2}✗ outside of its tests\n.*Test "ends" at test\/contracts\/fails-later.test.ts.*too late/)
  assert.match(printed, /leaves\.test\.ts\n {2}✗ the file itself\n.*\n +There is no test in the file, or the file ended before one was done/)
  assert.match(printed, /empty\.test\.ts\n {2}✗ the file itself\n.*\n +There is no test in the file/)
  assert.match(printed, /^1 skipped$/m)
})

test('files take one process after the other, as long as it is as good as new', async t => {
  const [good, changes, crashes, holds] = ['', "process.env.LEFT = 'behind'", "process.kill(process.pid, 'SIGKILL')", 'setInterval(() => {}, 1000)'].map(work => `
    import { appendFileSync } from 'node:fs'
    test('as new', () => {
      assert.equal(process.env.LEFT, undefined)
      appendFileSync('pids', process.pid + '\\n')
      ${work}
    })`)
  // Those that wait for a killed process run one after the other.
  const files = { good1: good, good2: good, good3changes: changes, good4: good, good5crashes: crashes, good6: good, good7holds: holds, good8: good }
  const { printed, last, pids } = await run(t, Object.fromEntries(Object.entries(files).map(([name, text]) => [`a/${name}-killed.test.ts`, text ?? ''])), '--store=sqlite', '--limit=3000')
  assert.equal(last, '7 passed, 2 failed', printed)
  assert.match(printed, /good5crashes-killed\.test\.ts\n {2}✗ the file itself\n.*\n +The file ended with SIGKILL/)
  assert.match(printed, /good7holds-killed\.test\.ts\n {2}✗ the file itself\n.*\n +No test ended for too long: .* keeps the file alive/)
  const processes = [...new Set(pids)]
  assert.deepEqual(pids.map(pid => processes.indexOf(pid)), [0, 0, 0, 1, 1, 2, 2, 3])
})

test('a run without any test is a failure', async t => {
  const { code, last } = await run(t, { 'contracts/good.test.ts': "test('fine', () => {})" }, 'misspelt')
  assert.deepEqual([code, last], [1, '0 passed, 1 failed'])
})

test('processes that tests leave behind are ended and named', async t => {
  const { printed, last } = await run(t, { 'contracts/leaves.test.ts': `
    import { spawn } from 'node:child_process'
    test('starts something', () => { spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' }).unref() })` })
  assert.equal(last, '1 passed, 0 failed')
  const pid = /Left behind by tests and ended now: sleep \((\d+)\)/.exec(printed)?.[1]
  assert.ok(pid)
  // Nothing is left of it but perhaps an entry that its new parent has not yet cleared.
  const commandLine = `/proc/${pid}/cmdline`
  while (existsSync(commandLine) && readFileSync(commandLine, 'utf8') !== '') await nextTurn()
})

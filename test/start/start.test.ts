import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, symlinkSync, utimesSync } from 'node:fs'
import path from 'node:path'
import { test } from 'node:test'
import { asUser, makeProject, untilWritten } from './project.ts'

const line = (text: string) => new RegExp(`^✓ ${text} +\\d+\\.\\d\\d s$`, 'm')

test('a fresh clone gets its dependencies, the next start finds them, a changed lock file brings them again', async t => {
  const project = makeProject(t)
  const first = await project.start(['demo', '--fresh', 'a b'], { HALL_NO_INSTALL: '1' })
  assert.match(first.stdout, line('dependencies installed'))
  assert.equal(first.code, 0)
  const second = await project.start(['start'])
  assert.equal(second.stdout + second.stderr, 'main start\n', 'production says nothing of its own')
  project.lockVersion('1.1.0')
  await project.start(['start'])
  assert.deepEqual(project.record(), [
    'npm ci --no-audit --no-fund', 'main demo --fresh a b', 'main start', 'npm ci --no-audit --no-fund', 'main start',
  ])
})

test('what was installed without the development tools serves production, and the tests add them', async t => {
  const project = makeProject(t)
  project.put('node_modules/.package-lock.json', JSON.stringify({ packages: { 'node_modules/thing': { version: '1.0.0', integrity: 'sha512-1.0.0' } } }))
  await project.start(['start'])
  assert.deepEqual(project.record(), ['main start'])
  await project.start(['test'], { HALL_NO_INSTALL: '1' })
  assert.deepEqual(project.record().slice(1), ['npm ci --no-audit --no-fund --include=dev'])
})

test('a package that the lock file does not name is a difference too', async t => {
  const project = makeProject(t)
  await project.start(['start'])
  project.put('node_modules/.package-lock.json', JSON.stringify({ packages: {
    'node_modules/thing': { version: '1.0.0', integrity: 'sha512-1.0.0' }, 'node_modules/stranger': { version: '1.0.0' },
  } }))
  await project.start(['start'])
  assert.equal(project.record().filter(call => call.startsWith('npm')).length, 2)
})

test('a failed npm ci stops the command, with what npm said and its exit code', async t => {
  const project = makeProject(t)
  project.put('npm-fails', '')
  const { code, stdout, stderr } = await project.start(['demo'])
  assert.equal(code, 3)
  assert.match(stdout, /^✗ installing dependencies \(npm ci\) +\d/m)
  assert.match(stderr, /no such host\n\nnpm ci failed \(exit code 3\)/)
  assert.deepEqual(project.record(), ['npm ci --no-audit --no-fund'], 'main.ts was not started')
  project.remove('npm-fails')
  assert.equal((await project.start(['start'])).code, 0, 'the next start tries again')
})

test('without npm the message says so', async t => {
  const project = makeProject(t)
  project.remove('bin/npm')
  const { code, stderr } = await project.start(['start'])
  assert.equal(code, 1)
  assert.match(stderr, /npm is not on PATH/)
})

test('root gets the missing Debian packages, once', async t => {
  const project = makeProject(t)
  const { code, stdout } = await project.start(['demo'])
  assert.equal(code, 0)
  assert.match(stdout, line('programs installed'))
  await project.start(['demo'])
  assert.deepEqual(project.record().filter(call => call.startsWith('apt-get')), [
    'apt-get -q -o DPkg::Lock::Timeout=120 update (noninteractive)',
    'apt-get -q -o DPkg::Lock::Timeout=120 install -y --no-install-recommends --no-remove browser (noninteractive)',
  ])
})

test('what is needed may be a file that nobody starts', async t => {
  const project = makeProject(t)
  const module = path.join(project.folder, 'module.py')
  project.put('src/start/needs.mjs', `
    export const folders = []
    const need = { what: 'a module', programs: [], files: [${JSON.stringify(module)}], package: 'python3-module' }
    export const commands = { start: { says: 'start', runs: ['src/main.ts', 'start'], needs: [need], dev: false, quiet: true } }`)
  const without = await project.start(['start'], { HALL_NO_INSTALL: '1' })
  assert.match(without.stderr, /python3-module: a module\nOn Debian: .* python3-module\n\nThe command was not started/)
  project.put('module.py', '')
  assert.equal((await project.start(['start'], { HALL_NO_INSTALL: '1' })).code, 0)
})

test('the demo goes on without a browser and says what to do', async t => {
  const cases: [string, Record<string, string>, RegExp][] = [
    ['not root', { NODE_OPTIONS: asUser(1000) }, /only root may install it/],
    ['forbidden', { HALL_NO_INSTALL: '1' }, /HALL_NO_INSTALL=1 forbids installing it/],
    ['no Debian', {}, /no apt-get/],
    ['a wrong path', { CHROMIUM_PATH: '/nowhere/browser' }, /CHROMIUM_PATH names \/nowhere\/browser, which is not a program/],
  ]
  for (const [title, env, why] of cases) {
    const project = makeProject(t)
    if (title === 'no Debian') project.remove('bin/apt-get')
    const { code, stdout } = await project.start(['demo'], env)
    assert.equal(code, 0, title)
    assert.match(stdout, why)
    assert.match(stdout, /^! going on without browser-program +\d/m)
    assert.match(stdout, /Documents wait\.\n.*\nmain demo\n$/s)
    if (title !== 'a wrong path') assert.match(stdout, /sudo apt-get install --no-install-recommends browser\n +Elsewhere: from the maker/)
    assert.deepEqual(project.record().filter(call => call.startsWith('apt-get')), [], title)
  }
})

test('the tests do not start with a tool missing, and the list is exact', async t => {
  const project = makeProject(t)
  const { code, stderr } = await project.start(['test'])
  assert.equal(code, 1)
  // The two that can be had were installed although they cannot be had together with the third.
  assert.match(stderr, /Missing, and apt-get could not install it:\n {2}no-such-package-program: the no-such-package\nOn Debian: .* no-such-package\n\nThe command was not started\.$/m)
  assert.doesNotMatch(stderr, /checker/)
  const bare = makeProject(t)
  const refused = await bare.start(['test'], { HALL_NO_INSTALL: '1' })
  assert.match(refused.stderr, / {2}browser-program: .*\n {2}checker-program: .*\n {2}no-such-package-program: /)
  assert.ok(!bare.record().some(call => call.startsWith('main')))
})

test('a browser that CHROMIUM_PATH names is enough', async t => {
  const project = makeProject(t)
  const { stdout } = await project.start(['demo'], { CHROMIUM_PATH: path.join(project.folder, 'archive/browser') })
  assert.match(stdout, line('programs found'))
})

test('two starts at once install once', async t => {
  const project = makeProject(t)
  project.put('hold', '')
  const one = project.launch(['demo'])
  await untilWritten(project, 'npm ci')
  const other = project.launch(['start'])
  await other.until('waiting for another start')
  project.remove('hold')
  await Promise.all([one.closed, other.closed])
  assert.deepEqual([one.child.exitCode, other.child.exitCode], [0, 0])
  assert.match(other.printed(), line('dependencies installed by another start'))
  assert.equal(project.record().filter(call => call.startsWith('npm')).length, 1)
})

test('a start whose holder died is not waited for', async t => {
  const project = makeProject(t)
  const holder = path.join(project.folder, '.preparing.lock/999-dead')
  mkdirSync(holder, { recursive: true })
  utimesSync(holder, 1, 1)
  assert.equal((await project.start(['start'])).code, 0)
})

test("the lock file's own Node is preferred to the running one", async t => {
  const project = makeProject(t)
  await project.start(['start'])
  const own = `node_modules/node-linux-${process.arch}`
  project.put(`${own}/package.json`, '{ "version": "24.99.0" }')
  mkdirSync(path.join(project.folder, own, 'bin'))
  symlinkSync(process.execPath, path.join(project.folder, own, 'bin/node'))
  const { stdout } = await project.start(['demo'], { HALL_NO_INSTALL: '1' })
  assert.match(stdout, line('Node 24\\.99\\.0'))
})

test('a signal reaches the program once, and its exit code comes back', async t => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const project = makeProject(t)
    const { child, until, closed } = project.launch(['start'], { STAY: '1' })
    await until('main start')
    // As npm does after the terminal: the same signal twice.
    child.kill(signal)
    child.kill(signal)
    await closed
    assert.equal(child.exitCode, 7)
    assert.deepEqual(project.record().slice(-2), ['main start', `main ${signal}`])
  }
})

test('the program ends when its starter was killed', async t => {
  const project = makeProject(t)
  const { child, until, closed } = project.launch(['start'], { STAY: '1' })
  await until('main start')
  child.kill('SIGKILL')
  await closed
  assert.equal(project.record().at(-1), 'main SIGTERM')
})

test('the program ends when npm was stopped and only the shell between heard of it', async t => {
  const project = makeProject(t)
  const { child, until, closed } = project.launchUnderNpm(['start'], { STAY: '1' })
  await until('main start')
  child.kill('SIGTERM')
  await closed
  assert.equal(project.record().at(-1), 'main SIGTERM')
})

test('a stop while installing starts nothing', async t => {
  const project = makeProject(t)
  project.put('hold', '')
  const { child, closed } = project.launch(['start'])
  await untilWritten(project, 'npm ci')
  child.kill('SIGTERM')
  await closed
  assert.equal(child.exitCode, 143)
  project.remove('hold')
  assert.equal((await project.start(['start'])).code, 0, 'the lock was given back')
  assert.equal(project.record().filter(call => call === 'main start').length, 1)
})

test('an unknown command is answered with the list of commands', async t => {
  const { code, stderr } = await makeProject(t).start(['dmeo'])
  assert.equal(code, 2)
  assert.match(stderr, /demo +demo\n[^]*There is no command 'dmeo'/)
})

test('the starter looks for the browser where the hall does', () => {
  const read = (file: string) => readFileSync(new URL(`../../src/${file}`, import.meta.url), 'utf8')
  const places = (text: string) => Array.from(text.matchAll(/'(\/[^']*chrom[^']*)'/gi), ([, place]) => place)
  const known = places(read('integrations/browser/find.ts'))
  assert.ok(known.length > 3)
  assert.deepEqual(places(read('start/needs.mjs')), known)
})

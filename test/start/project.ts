import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestContext } from 'node:test'

const source = path.resolve(import.meta.dirname, '../../src')
const lock = (version: string) => JSON.stringify({ lockfileVersion: 3, packages: {
  '': { name: 'tiny', devDependencies: { tool: version } },
  'node_modules/thing': { version, integrity: `sha512-${version}` },
  'node_modules/tool': { version, integrity: `sha512-tool-${version}`, dev: true },
  'node_modules/thing-elsewhere': { version, integrity: 'sha512-e', optional: true, os: ['elsewhere'] },
} })

// What npm ci does for the starter: it writes its record of the tree last. It waits while there is a file `hold`.
const npm = `#!/bin/sh
PATH=/usr/bin:/bin
echo "npm $*" >> "$RECORD"
while [ -e hold ]; do sleep 0.05; done
if [ -e npm-fails ]; then echo "npm error network: no such host" >&2; exit 3; fi
mkdir -p node_modules && cat package-lock.json > node_modules/.package-lock.json
sed -i 's/"":{[^}]*}},//' node_modules/.package-lock.json`

const aptGet = `#!/bin/sh
PATH=/usr/bin:/bin
echo "apt-get $* ($DEBIAN_FRONTEND)" >> "$RECORD"
case " $* " in *" update "*) exit 0;; *" no-such-package "*) exit 100;; esac
for word; do if [ -e "\${0%/*}/../archive/$word" ]; then cp "\${0%/*}/../archive/$word" "\${0%/*}/$word-program"; fi; done`

const needs = `
export const folders = []
const need = (name, more) => ({ what: 'the ' + name, programs: [name + '-program'], package: name, ...more })
const browser = need('browser', { variable: 'CHROMIUM_PATH', elsewhere: 'from the maker of the browser' })
const main = name => ['src/main.ts', name]
export const commands = {
  demo: { says: 'demo', runs: main('demo'), needs: [browser], without: 'Documents wait.', dev: false, quiet: false },
  test: { says: 'test', runs: main('test'), needs: [browser, need('checker'), need('no-such-package')], dev: true, quiet: false },
  start: { says: 'start', runs: main('start'), needs: [], dev: false, quiet: true },
}`

// Tells what reached it. With STAY it stays until a signal comes, which it answers with exit code 7. What it asks of Node is new there, as of the hall.
const main = `
import { appendFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
type Told = string
stripTypeScriptTypes('let told: string')
const tell = (what: Told) => { appendFileSync(String(process.env.RECORD), 'main ' + what + '\\n'); console.log('main ' + what) }
if (process.env.STAY) {
  const alive = setInterval(() => {}, 1000)
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {
    tell(signal)
    setTimeout(() => { clearInterval(alive); process.exitCode = 7 }, 300)
  })
}
tell(process.argv.slice(2).join(' '))`

export type Project = {
  folder: string
  /** Writes a file of the project; `mode` for programs. */
  put(file: string, text: string, mode?: number): void
  remove(file: string): void
  /** Changes the lock file as a pull of a newer version does. */
  lockVersion(version: string): void
  /** What npm, apt-get and main.ts were called with, in order. */
  record(): string[]
  /** Runs `node src/start.mjs …args` to its end. */
  start(args: string[], env?: Record<string, string>): Promise<{ code: number | null; stdout: string; stderr: string }>
  /** The same without waiting; `until` resolves when the text was printed, `closed` when every process of it is gone. */
  launch(args: string[], env?: Record<string, string>): Launched
  /** As npm starts it: with a shell between, which is `child` here. */
  launchUnderNpm(args: string[], env?: Record<string, string>): Launched
}

export type Launched = { child: ChildProcess; until(text: string): Promise<void>; closed: Promise<unknown>; printed(): string }

/** A tiny project with the real starter, whose npm and apt-get are scripts that record and simulate. */
export function makeProject(t: TestContext): Project {
  const folder = mkdtempSync(path.join(tmpdir(), 'hall-start-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const put = (file: string, text: string, mode = 0o644) => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    writeFileSync(path.join(folder, file), text)
    chmodSync(path.join(folder, file), mode)
  }
  cpSync(path.join(source, 'start'), path.join(folder, 'src/start'), { recursive: true })
  cpSync(path.join(source, 'start.mjs'), path.join(folder, 'src/start.mjs'))
  put('package.json', JSON.stringify({ name: 'tiny', type: 'module', engines: { node: '>=24' } }))
  put('package-lock.json', lock('1.0.0'))
  put('src/start/needs.mjs', needs)
  put('src/main.ts', main)
  put('bin/npm', npm, 0o755)
  put('bin/apt-get', aptGet, 0o755)
  for (const name of ['browser', 'checker']) put(`archive/${name}`, '#!/bin/sh\n', 0o755)

  const launchBy = (program: string, before: string[]) => (args: string[], env: Record<string, string> = {}) =>
    launched(spawn(program, [...before, 'src/start.mjs', ...args], {
      cwd: folder, stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: path.join(folder, 'bin'), RECORD: path.join(folder, 'record'), HOME: folder, NODE_OPTIONS: asUser(0), ...env },
    }))
  const launch = launchBy(process.execPath, [])
  const underShell = launchBy('/bin/sh', ['-c', '"$@"; exit', 'sh', process.execPath])
  return {
    folder, put, launch,
    launchUnderNpm: (args, env) => underShell(args, { npm_lifecycle_event: args[0] ?? '', ...env }),
    remove: file => rmSync(path.join(folder, file), { recursive: true }),
    lockVersion: version => put('package-lock.json', lock(version)),
    record: () => existsSync(path.join(folder, 'record')) ? readFileSync(path.join(folder, 'record'), 'utf8').trim().split('\n') : [],
    async start(args, env) {
      const { child, closed } = launch(args, env)
      const texts = { stdout: '', stderr: '' }
      for (const stream of ['stdout', 'stderr'] as const) child[stream]?.on('data', chunk => { texts[stream] += chunk })
      await closed
      return { code: child.exitCode, ...texts }
    },
  }
}

/** NODE_OPTIONS that make the starter believe that it runs as this user. */
export function asUser(id: number): string {
  return `--import=data:text/javascript,process.getuid=()=>${id}`
}

/** Resolves when the file has the text; a lost notice cannot hang it, since every notice looks at the whole file. */
export async function untilWritten(project: Project, text: string): Promise<void> {
  const seen = () => project.record().some(line => line.includes(text))
  const watcher = watch(project.folder)
  while (!seen()) await once(watcher, 'change')
  watcher.close()
}

function launched(child: ChildProcess): Launched {
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', chunk => { printed += chunk })
  return {
    child,
    closed: once(child, 'close'),
    printed: () => printed,
    async until(text) {
      while (!printed.includes(text)) {
        if (child.exitCode !== null) throw new Error(`ended without '${text}':\n${printed}`)
        await Promise.race([once(child.stdout ?? child, 'data'), once(child.stderr ?? child, 'data'), once(child, 'exit')])
      }
    },
  }
}

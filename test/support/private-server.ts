import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { Socket } from 'node:net'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from './ports.ts'
import { place } from './scratch.ts'

export type ServerKind = {
  name: string
  /** What its output says when it takes connections. */
  ready: RegExp
  /** Commands to run once in the server's folder before its first start. */
  prepare(folder: string): string[][] | Promise<string[][]>
  command(folder: string, port: number): string[]
  url(port: number): string
  firstStart?(folder: string): Promise<void>
}

export type PrivateServer = {
  url: string
  stop(): Promise<void>
  kill(): Promise<void>
  restart(): Promise<void>
}

type Running = { child: ChildProcess; ended: Promise<unknown>; signal(name: NodeJS.Signals): void }

const readyWithin = 30_000

/** Starts a server that nobody else knows, in a folder of its own, which is gone with this process however that ends. */
export async function startServer(kind: ServerKind): Promise<PrivateServer> {
  const folder = await mkdtemp(join(place, `hall-${kind.name}-`))
  await mkdir(join(folder, 'tmp'))
  for (const [program = '', ...args] of await kind.prepare(folder)) await promisify(execFile)(program, args, { env: environmentIn(folder) })
  const port = await freePort()
  let running = await launch(kind, folder, port)
  await kind.firstStart?.(folder)

  const end = async (signal: NodeJS.Signals) => {
    running.child.ref()
    running.signal(signal)
    await running.ended
  }
  return {
    url: kind.url(port),
    kill: () => end('SIGKILL'),
    async restart() {
      await end('SIGTERM')
      running = await launch(kind, folder, port)
    },
    async stop() {
      await end('SIGTERM')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

// The shell holds one end of a pipe whose other end is ours. When this process is gone, even by SIGKILL, the read ends and
// the server goes with it; no handler in a dead process could do that. Its first line on the pipe is the server's pid.
const guard = `
"$@" 3<&- & server=$!
echo "$server" >&3
{ read -r _ <&3; trap '' TERM; kill -9 "$server"; rm -rf "$HALL_SERVER_FOLDER"; } & watch=$!
wait "$server"; code=$?
kill "$watch"; exit "$code"`

const environmentIn = (folder: string): NodeJS.ProcessEnv => ({
  ...process.env,
  // Debian keeps mariadbd in /usr/sbin, which is on root's PATH only.
  PATH: [process.env.PATH, '/usr/local/sbin', '/usr/sbin'].join(delimiter),
  // A starting MariaDB deletes the temporary tables of every other one in the same place, which then crash.
  TMPDIR: join(folder, 'tmp'),
  HALL_SERVER_FOLDER: folder,
})

async function launch(kind: ServerKind, folder: string, port: number): Promise<Running> {
  const child = spawn('/bin/sh', ['-c', guard, kind.name, ...kind.command(folder, port)], {
    env: environmentIn(folder), stdio: ['ignore', 'pipe', 'pipe', 'pipe'], detached: true,
  })
  const [, stdout, stderr, pipe] = child.stdio
  if (!(stdout instanceof Socket && stderr instanceof Socket && pipe instanceof Socket)) throw new Error('no pipes to the server')
  const words = lastWords([stdout, stderr])
  const ended = once(child, 'exit').then(() => pipe.destroy())
  const [[pid]] = await Promise.all([once(pipe, 'data'), whenReady(kind, child, [stdout, stderr], words)])
  // A server that a test forgot must not keep its process alive.
  for (const handle of [child, stdout, stderr, pipe]) handle.unref()

  let asked = false
  child.once('exit', code => {
    if (!asked) console.error(`${kind.name} ended by itself with ${code}; its last words:\n${words()}`)
  })
  return {
    child, ended,
    signal(name) {
      // Once it has ended, its pid may be somebody else's.
      if (child.exitCode !== null || child.signalCode !== null) return
      asked = true
      process.kill(Number(String(pid)), name)
    },
  }
}

function lastWords(outputs: Socket[]): () => string {
  let said = ''
  // Read to the end: a full pipe would stop the server.
  for (const output of outputs) output.on('data', chunk => { said = (said + chunk).slice(-4000) })
  return () => said
}

function whenReady(kind: ServerKind, child: ChildProcess, outputs: Socket[], words: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`${kind.name} ${why}\n${words()}`))
    const limit = setTimeout(() => fail(`was not ready within ${readyWithin / 1000} s`), readyWithin)
    for (const output of outputs) output.on('data', () => { if (kind.ready.test(words())) resolve(clearTimeout(limit)) })
    child.once('exit', code => {
      clearTimeout(limit)
      fail(`ended at its start with exit code ${code}`)
    })
  })
}

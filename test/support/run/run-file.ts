import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Told } from './tell-tests.ts'

export type Failure = { name: string; where: string; error: string }

/** What became of a test file or of a check. `output`: the last of what it printed. */
export type Outcome = { name: string; passed: number; skipped: number; failures: Failure[]; ms: number; output: string }

type Surroundings = { root: string; env: NodeJS.ProcessEnv; signal: AbortSignal }

const taking = path.join(import.meta.dirname, 'take-files.ts')
// A test that reaches its limit is told by node:test; this is for files that neither end nor tell.
const silence = (limit: number) => limit + Math.min(limit, 30_000)

/** Runs one check (a program in JavaScript and its arguments); passed when its exit code is 0. */
export async function runProgram(name: string, command: string[], { root, env, signal }: Surroundings): Promise<Outcome> {
  const began = performance.now()
  const child = spawn(process.execPath, command, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const output = keepOutput(child)
  const code = await endOf(child, signal)
  const failures = code === 0 ? [] : [{ name, where: '', error: `ended with ${code}` }]
  return { name, passed: code === 0 ? 1 : 0, skipped: 0, failures, ms: performance.now() - began, output: output.kept() }
}

/**
 * Runs test files one after the other, `limit` milliseconds for each test, in one process as long as that is as good as
 * new: after a file in which anything failed, or that changed the environment, the next begins in another.
 */
export function createLane({ root, env, signal, limit }: Surroundings & { limit: number }) {
  let current: Taker | undefined
  const leave = async () => {
    const taker = current
    current = undefined
    return await taker?.end() ?? 0
  }

  return {
    async run(file: string): Promise<Outcome> {
      const began = performance.now()
      current ??= startTaker({ root, env, signal, limit })
      const { take, output } = current
      const told = await take(file)
      const end = told.find(test => test.kind === 'end')
      const code = end?.clean ? end.code : await leave()
      const failures = told.flatMap(test => test.kind === 'failed' ? [test] : [])
      if (failures.length === 0) failures.push(...fileFailures(file, code, told))
      if (failures.length > 0) await leave()
      const count = (kind: Told['kind']) => told.filter(test => test.kind === kind).length
      return { name: file.replace(/^test\//, ''), passed: count('passed'), skipped: count('skipped'), failures, ms: performance.now() - began, output: output() }
    },
    /** Ends the process; resolves to its exit code or the signal's name. */
    leave,
  }
}

export type Lane = ReturnType<typeof createLane>

type Taker = { take(file: string): Promise<Told[]>; end(): Promise<number | string>; output(): string }

/** Starts a process that takes files, see take-files.ts. */
function startTaker({ root, env, signal, limit }: Surroundings & { limit: number }): Taker {
  const child = spawn(process.execPath, [`--test-timeout=${limit}`, taking], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe', 'pipe'], detached: true })
  const ended = endOf(child, signal)
  const pipe = child.stdio[3]
  if (!(pipe instanceof Duplex)) throw new Error('no pipe from the test file')
  // A file may end the process while it is written to.
  pipe.on('error', () => {})
  const lines = createInterface({ input: pipe })[Symbol.asyncIterator]()
  const output = keepOutput(child)
  return {
    take(file) {
      output.clear()
      pipe.write(`${file}\n`)
      return listen(child, lines, silence(limit))
    },
    end() {
      pipe.end()
      return ended
    },
    output: output.kept,
  }
}

/** What no test told: the file broke off, never ended, or has nothing in it that could fail. */
function fileFailures(file: string, code: number | string, told: Told[]) {
  const failed = (error: string) => [{ kind: 'failed' as const, name: 'the file itself', where: file, error }]
  const silent = told.find(test => test.kind === 'silent')
  if (silent) return failed('No test ended for too long: a hook hangs, or something open (server, timer, connection) keeps the file alive.')
  if (code !== 0) return failed(`The file ended with ${code}, though no test in it failed.`)
  if (!told.some(test => test.kind === 'passed' || test.kind === 'skipped')) return failed('There is no test in the file, or the file ended before one was done.')
  if (!told.some(test => test.kind === 'end')) return failed('The file ended before its tests did.')
  return []
}

/** What is told until the file's end, or until the process is gone. */
async function listen(child: ChildProcess, lines: AsyncIterator<string>, longest: number): Promise<Told[]> {
  const told: Told[] = []
  const tooLong = () => {
    told.push({ kind: 'silent' })
    endGroup(child)
  }
  let timer = setTimeout(tooLong, longest)
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    told.push(JSON.parse(line.value))
    if (told.at(-1)?.kind === 'end') break
    clearTimeout(timer)
    timer = setTimeout(tooLong, longest)
  }
  clearTimeout(timer)
  return told
}

/** Resolves to the exit code or the signal's name, when the child and all of its process group are gone. */
async function endOf(child: ChildProcess, signal: AbortSignal): Promise<number | string> {
  const abort = () => endGroup(child)
  signal.addEventListener('abort', abort, { once: true })
  const closed = once(child, 'close')
  const [code, killedBy] = await once(child, 'exit')
  signal.removeEventListener('abort', abort)
  endGroup(child)
  // What left the group and still holds our pipes is found at the end of the run.
  await Promise.race([closed, sleep(1000, undefined, { ref: false })])
  child.stdout?.destroy()
  child.stderr?.destroy()
  return code ?? killedBy
}

function endGroup(child: ChildProcess): void {
  try {
    if (child.pid) process.kill(-child.pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

function keepOutput(child: ChildProcess) {
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', chunk => { output = (output + chunk).slice(-10_000) })
  return { kept: () => output.trimEnd(), clear() { output = '' } }
}

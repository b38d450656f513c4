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

const reporter = path.join(import.meta.dirname, 'tell-tests.ts')
// A test that reaches its limit is told by node:test; this is for files that neither end nor tell.
const grace = 30_000

/** Runs one check (a program in JavaScript); passed when its exit code is 0. */
export async function runProgram(name: string, program: string, { root, env, signal }: Surroundings): Promise<Outcome> {
  const began = performance.now()
  const child = spawn(process.execPath, [program], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const output = keepOutput(child)
  const code = await endOf(child, signal)
  const failures = code === 0 ? [] : [{ name, where: '', error: `ended with ${code}` }]
  return { name, passed: code === 0 ? 1 : 0, skipped: 0, failures, ms: performance.now() - began, output: output() }
}

/** Runs one test file in a process of its own. `limit`: milliseconds for each test in it. */
export async function runTestFile(file: string, { root, env, signal, limit }: Surroundings & { limit: number }): Promise<Outcome> {
  const began = performance.now()
  const args = [`--test-timeout=${limit}`, `--test-reporter=${reporter}`, '--test-reporter-destination=stdout', file]
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe', 'pipe'], detached: true })
  const output = keepOutput(child)
  const heard = listen(child, limit + grace)
  const code = await endOf(child, signal)
  const told = await heard
  const failures = told.flatMap(test => test.kind === 'failed' ? [test] : [])
  if (failures.length === 0) failures.push(...fileFailures(file, code, told))
  const count = (kind: Told['kind']) => told.filter(test => test.kind === kind).length
  return { name: file.replace(/^test\//, ''), passed: count('passed'), skipped: count('skipped'), failures, ms: performance.now() - began, output: output() }
}

/** What no test told: the file broke off, never ended, or has nothing in it that could fail. */
function fileFailures(file: string, code: number | string, told: Told[]) {
  const failed = (error: string) => [{ kind: 'failed' as const, name: 'the file itself', where: file, error }]
  const silent = told.find(test => test.kind === 'silent')
  if (silent) return failed('No test ended for too long: a hook hangs, or something open (server, timer, connection) keeps the file alive.')
  if (code !== 0) return failed(`The file ended with ${code}, though no test in it failed.`)
  if (told.length === 0) return failed('There is no test in the file, or the file ended before one was done.')
  if (!told.some(test => test.kind === 'end')) return failed('The file ended before its tests did.')
  return []
}

async function listen(child: ChildProcess, silence: number): Promise<Told[]> {
  const pipe = child.stdio[3]
  if (!(pipe instanceof Duplex)) throw new Error('no pipe from the test file')
  const told: Told[] = []
  const tooLong = () => {
    told.push({ kind: 'silent' })
    endGroup(child)
  }
  let timer = setTimeout(tooLong, silence)
  for await (const line of createInterface({ input: pipe })) {
    told.push(JSON.parse(line))
    clearTimeout(timer)
    timer = setTimeout(tooLong, silence)
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

function keepOutput(child: ChildProcess): () => string {
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', chunk => { output = (output + chunk).slice(-10_000) })
  return () => output.trimEnd()
}

import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import path from 'node:path'

const guard = new URL('./with-parent.mjs', import.meta.url).href

/** Ends the start with a sentence for the person and an exit code. */
export class Stop extends Error {
  constructor(message, exitCode = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

let running = null
let stoppedBy = null

/**
 * Hands signals to the child that runs. Children have a process group of their own, so that Ctrl-C reaches them
 * only through here: the terminal signals the whole group and npm passes the same signal on once more, and a child
 * that counts the second one as impatience would not end cleanly. Hence also the second's pause.
 */
export function forwardSignals() {
  let last = -Infinity
  const pass = signal => {
    if (performance.now() - last < 1000) return
    last = performance.now()
    stoppedBy = signal
    if (!running) process.exit(exitCodeOf(signal))
    running.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, pass)
  if (process.env.npm_lifecycle_event) whenParentIsGone(() => pass('SIGTERM'))
}

// npm sends its SIGTERM to the shell between us, which dies of it and tells nobody. Only under npm: a start of one's own
// in the background may well outlive the shell it was typed into.
function whenParentIsGone(stop) {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    stop()
  }, 250)
  timer.unref()
}

/**
 * Runs the command's program on `node` to its end, with our terminal; resolves to the exit code to pass on. What it compiles is
 * kept beside the dependencies, where that can be written: the next start takes two thirds of the time.
 */
export async function goOn(node, args, root) {
  const modules = path.join(root, 'node_modules')
  const env = { NODE_COMPILE_CACHE: path.join(modules, '.cache', 'compiled'), ...process.env, PATH: [path.join(modules, '.bin'), process.env.PATH].join(path.delimiter) }
  const { code, signal } = await ended(
    // What Node calls new is tried by our tests; who runs the hall can do nothing about it.
    spawn(node, ['--disable-warning=ExperimentalWarning', '--import', guard, ...args], { cwd: root, env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'], detached: true }),
  )
  return signal ? exitCodeOf(signal) : code
}

/**
 * Runs a tool of the preparation; resolves to its exit code and the last of what it printed, code null when there is
 * no such program. A signal in the meantime ends the tool and then the start.
 */
export async function runTool(program, args, { cwd, env, guarded = false }) {
  const stdio = guarded ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe']
  const nodeOptions = guarded ? { NODE_OPTIONS: `${env.NODE_OPTIONS ?? ''} --import ${guard}`.trim() } : {}
  const child = spawn(program, args, { cwd, env: { ...env, ...nodeOptions }, stdio, detached: true })
  let output = ''
  const keep = chunk => { output = (output + chunk).slice(-8000); }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  try {
    const { code, signal } = await ended(child)
    if (stoppedBy) throw new Stop('', exitCodeOf(stoppedBy))
    return { code: signal ? exitCodeOf(signal) : code, output: output.trimEnd() }
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
    return { code: null, output: '' }
  }
}

function ended(child) {
  running = child
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal }))
  }).finally(() => { running = null; })
}

function exitCodeOf(signal) {
  return 128 + constants.signals[signal]
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export type HallProcess = {
  readonly name: string
  /** Starts it; `ready` resolves when it says that it is up, rejects when it ended before. Called again after an end it starts anew. */
  start(): { ready: Promise<void> }
  /** SIGKILL, and waits for its end. */
  kill(): Promise<void>
  signal(name: NodeJS.Signals): void
  /** exit code, or the signal's name */
  ended(): Promise<number | string>
  pid(): number | undefined
  /** Has it logged this since its last start? */
  says(text: string): boolean
  /** warnings and errors that it logged, last lines */
  words(): string
}

const root = join(import.meta.dirname, '../..')

/** `npm start` without npm: the hall as a process of its own, with this environment. */
export function hallProcess(name: string, env: Record<string, string>, command = 'start'): HallProcess {
  let child: ChildProcess | undefined
  let ended: Promise<number | string> = Promise.resolve(0)
  const said: string[] = []
  let log = ''

  function hear(text: string): void {
    for (const line of text.split('\n')) if (line !== '' && !/"level":(10|20|30),/.test(line)) said.push(`${name}: ${line.slice(0, 2000)}`)
    said.splice(0, said.length - 60)
  }

  function start(): { ready: Promise<void> } {
    const { NODE_TEST_CONTEXT: _, ...inherited } = process.env
    const born = spawn(process.execPath, ['src/main.ts', command], { cwd: root, env: { ...inherited, ...env, LOG_LEVEL: 'info' }, stdio: ['ignore', 'pipe', 'pipe'] })
    child = born
    log = ''
    ended = once(born, 'exit').then(([code, signal]) => code ?? signal)
    born.stderr?.on('data', chunk => hear(String(chunk)))
    return { ready: new Promise((resolve, reject) => {
      born.stdout?.on('data', chunk => {
        hear(String(chunk))
        log += String(chunk)
        if (log.includes('"msg":"started"')) resolve()
      })
      void ended.then(code => reject(new Error(`${name} ended with ${code} before it was up\n${said.join('\n')}`)))
    }) }
  }

  return {
    name, start,
    async kill() {
      child?.kill('SIGKILL')
      await ended
    },
    signal(signal) { child?.kill(signal) },
    ended: () => ended,
    pid: () => child?.pid,
    says: text => log.includes(text),
    words: () => said.join('\n'),
  }
}

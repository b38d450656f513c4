import { hash } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import { AppError } from '../../platform/errors.ts'
import { type CheckSignature, type SignatureCheck, unsigned } from './shared/verify.ts'

export type Checker = {
  /** `checkSignature` in another thread. What takes too long or too much memory comes out as `too-hard`. Throws `upstream` where too many wait. */
  check: CheckSignature
  close(): Promise<void>
}

type Limits = {
  /** files that are checked at the same time */
  threads?: number
  /** files that may wait for a thread */
  waiting?: number
  /** milliseconds for one file */
  patience?: number
}

type Task = { file: Uint8Array; roots: readonly string[]; at: number; done(found: SignatureCheck): void }

/** Threads for files of strangers: one that is made to be hard to read takes its thread with it, and nothing else. */
export function createChecker({ threads = 2, waiting = 64, patience = 10_000 }: Limits = {}): Checker {
  const queue: Task[] = []
  const idle: Worker[] = []
  const all = new Set<Worker>()

  function next(): void {
    const task = queue[0]
    const worker = idle.pop() ?? (all.size < threads ? started() : undefined)
    if (!task || !worker) {
      if (worker) idle.push(worker)
      return
    }
    queue.shift()
    void ask(worker, task, patience).then(sound => {
      if (sound) idle.push(worker)
      else all.delete(worker)
      next()
    })
  }

  function started(): Worker {
    const worker = new Worker(new URL('./check-worker.ts', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 } })
    // An idle thread keeps no process alive.
    worker.unref()
    // Its end tells the rest.
    worker.on('error', () => undefined)
    all.add(worker)
    return worker
  }

  return {
    check: (file, { roots, at }) => new Promise((resolve, reject) => {
      if (queue.length >= waiting) return reject(new AppError('upstream', '现在核验的人很多，请过一会儿再试'))
      queue.push({ file, roots, at, done: resolve })
      next()
    }),
    async close() {
      await Promise.all([...all].map(worker => worker.terminate()))
    },
  }
}

/** Whether the worker can be asked again. */
function ask(worker: Worker, { file, roots, at, done }: Task, patience: number): Promise<boolean> {
  return new Promise(resolve => {
    const end = (found: SignatureCheck | null) => {
      clearTimeout(timer)
      worker.off('message', end).off('exit', fail)
      worker.unref()
      if (!found) void worker.terminate()
      done(found ?? unsigned([hash('sha256', file)], 'too-hard'))
      resolve(found !== null)
    }
    const fail = () => end(null)
    const timer = setTimeout(fail, patience)
    worker.on('message', end).on('exit', fail)
    worker.ref()
    worker.postMessage({ file, roots, at }, [])
  })
}

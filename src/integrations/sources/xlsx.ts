import { Worker } from 'node:worker_threads'
import { AppError } from '../../platform/errors.ts'
import type { Cell } from './cells.ts'
import type { WorkerInput, WorkerOutput } from './xlsx-worker.ts'

const MB = 1024 * 1024

/** What is still read; a roster of 40,000 rows and 20 columns stays well below. */
const LIMITS = { bytes: 20 * MB, unpacked: 120 * MB, entries: 500, heapMb: 1024, ms: 60_000 }

/** The cells of the first sheet of an .xlsx, row by row, null where empty. Throws `invalid` with a sentence for everything that is no such file. */
export async function readXlsx(bytes: Uint8Array): Promise<(Cell | null)[][]> {
  if (bytes.byteLength > LIMITS.bytes) throw new AppError('invalid', '文件不能超过 {mb} MB', { params: { mb: LIMITS.bytes / MB } })
  const answer = await readInWorker({ bytes: Uint8Array.from(bytes), unpacked: LIMITS.unpacked, entries: LIMITS.entries })
  if ('unreadable' in answer) throw new AppError('invalid', answer.unreadable)
  return answer.rows
}

function readInWorker(input: WorkerInput): Promise<WorkerOutput> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./xlsx-worker.ts', import.meta.url), {
      workerData: input, resourceLimits: { maxOldGenerationSizeMb: LIMITS.heapMb }, execArgv: [], env: {},
    })
    const timer = setTimeout(() => {
      resolve({ unreadable: '文件太大或损坏，读了一分钟还没有读完' })
      void worker.terminate()
    }, LIMITS.ms)
    worker.once('message', (answer: WorkerOutput) => resolve(answer))
    worker.once('error', error => {
      if ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') resolve({ unreadable: '文件太大或损坏，请分成几份' })
      else reject(error)
    })
    worker.once('exit', () => {
      clearTimeout(timer)
      resolve({ unreadable: '文件损坏，打不开' }) // without effect after an answer
    })
  })
}

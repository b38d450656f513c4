import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { AppError } from '../../platform/errors.ts'
import type { Cell } from './cells.ts'

export type Encoding = 'utf-8' | 'gb18030'
export type Separator = ',' | ';' | '\t'
/** A row that holds something; `row` counts as the spreadsheet does, from 1. */
export type RawRow = { row: number; cells: (Cell | null)[] }
/** What kind of file it is. `sheets`: how many there are, of which only `sheet` is read. */
export type FileFacts = { format: 'xlsx'; sheet: string; sheets: number } | { format: 'csv'; encoding: Encoding; separator: Separator }
/** What only the end of a file tells: rows that Excel hides, cells that are merged; the first of them by name. */
export type Ending = { hidden: number[]; hiddenCount: number; merged: string[]; mergedCount: number }
export const NO_ENDING: Ending = { hidden: [], hiddenCount: 0, merged: [], mergedCount: 0 }
export type Batch = { facts: FileFacts; rows: RawRow[]; /** how much of the file was read, 0 to 1 */ share: number }

export type WorkerInput = { bytes: Uint8Array; encoding: Encoding | undefined }
export type ReadAnswer = Batch | { end: Ending } | { unreadable: string; params?: Record<string, string | number> }

const MB = 1024 * 1024

/** What is still read; a roster of 40,000 rows and 20 columns stays well below. `ms`: for one batch, before which strings and styles are read. */
const LIMITS = { bytes: 20 * MB, heapMb: 768, ms: 60_000 }

/**
 * The filled rows of an .xlsx or of a text with separators, a batch at a time, read in a thread of its own just ahead of whoever takes them.
 * Which of the two it is the bytes say, not the name. Throws `invalid` with a sentence for everything that is neither.
 */
export async function* readRows(bytes: Uint8Array, { encoding }: { encoding?: Encoding | undefined } = {}): AsyncGenerator<Batch, Ending> {
  if (bytes.byteLength > LIMITS.bytes) throw new AppError('invalid', '文件不能超过 {mb} MB', { params: { mb: LIMITS.bytes / MB } })
  const copy = new Uint8Array(bytes)
  const input: WorkerInput = { bytes: copy, encoding }
  const worker = new Worker(new URL('./rows-worker.ts', import.meta.url), {
    workerData: input, transferList: [copy.buffer], resourceLimits: { maxOldGenerationSizeMb: LIMITS.heapMb }, execArgv: [], env: surroundings(),
  })
  const ask = asker(worker)
  try {
    let answer = ask()
    for (;;) {
      const told = await answer
      if ('unreadable' in told) throw new AppError('invalid', told.unreadable, told.params && { params: told.params })
      if ('end' in told) return told.end
      answer = ask() // the worker reads on while this batch is worked on
      yield told
    }
  } finally {
    await worker.terminate()
  }
}

/** Nothing of the hall's settings, only where what is compiled is kept: compiling is half of such a thread's start. */
function surroundings(): Record<string, string> {
  const compiled = getCompileCacheDir()
  return compiled === undefined ? {} : { NODE_COMPILE_CACHE: dirname(compiled) }
}

/** Asks for the next batch. A worker that ends of itself was out of memory, or fell over the file. */
function asker(worker: Worker): () => Promise<ReadAnswer> {
  let waiting: ((answer: ReadAnswer) => void) | undefined
  let ended: ReadAnswer | undefined
  const end = (unreadable: string): void => {
    ended ??= { unreadable }
    waiting?.(ended)
  }
  worker.on('message', (answer: ReadAnswer) => waiting?.(answer))
  worker.on('error', error => end('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? '文件太大或损坏，请分成几份' : '文件损坏，打不开'))
  worker.on('exit', () => end('文件损坏，打不开'))
  return async () => {
    if (ended) return ended
    const { promise, resolve } = Promise.withResolvers<ReadAnswer>()
    waiting = resolve
    const timer = setTimeout(resolve, LIMITS.ms, { unreadable: '文件太大或损坏，读了一分钟还没有读完' })
    worker.postMessage('more') // oxlint-disable-line unicorn/require-post-message-target-origin -- a worker has no origin
    try {
      return await promise
    } finally {
      clearTimeout(timer)
    }
  }
}

import { parentPort, workerData } from 'node:worker_threads'
import { csvRows } from './csv.ts'
import type { Ending, FileFacts, RawRow, ReadAnswer, WorkerInput } from './rows.ts'
import { xlsxRows } from './xlsx.ts'
import { DAMAGED, isArchive, isOldOffice, UnreadableFile } from './zip.ts'

// A thread of its own: tens of thousands of rows must not hold up the requests of others, and a hostile file
// that asks for too much memory or time ends here and nowhere else. A batch is read when one is asked for.
const port = parentPort
const { bytes, encoding }: WorkerInput = workerData
const rows = batches(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))

port?.on('message', () => void answer())

async function answer(): Promise<void> {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port has no origins
  port?.postMessage(await next())
}

async function next(): Promise<ReadAnswer> {
  try {
    const step = await rows.next()
    return step.done ? { end: step.value } : step.value
  } catch (error) {
    if (!(error instanceof UnreadableFile)) return { unreadable: DAMAGED }
    return { unreadable: error.message, ...(error.params && { params: error.params }) }
  }
}

const BATCH = 200
/** characters in a batch, so that rows of huge cells come few at a time */
const WEIGHT = 1_000_000

type Batch = { facts: FileFacts; rows: RawRow[]; share: number }

async function* batches(file: Buffer): AsyncGenerator<Batch, Ending> {
  if (!isArchive(file) && !isOldOffice(file) && file.length === 0) throw new UnreadableFile('文件是空的')
  const source = isArchive(file) || isOldOffice(file) ? xlsxRows(file) : csvRows(file, encoding)
  let [waiting, weight]: [RawRow[], number] = [[], 0]
  for (;;) {
    const step = await source.next()
    if (step.done) return step.value
    const { facts, rows: read, share } = step.value
    for (const row of read) {
      waiting.push(row)
      weight += row.cells.reduce((sum, cell) => sum + (typeof cell === 'string' ? cell.length : 8), 0)
      if (waiting.length < BATCH && weight < WEIGHT) continue
      yield { facts, rows: waiting, share }
      ;[waiting, weight] = [[], 0]
    }
    if (share === 1) {
      yield { facts, rows: waiting, share }
      ;[waiting, weight] = [[], 0]
    }
  }
}

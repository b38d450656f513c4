import { parentPort, workerData } from 'node:worker_threads'
import { readSheet } from 'read-excel-file/node'
import type { Cell } from './cells.ts'
import { safeXlsx, UnreadableFile } from './zip.ts'

// A thread of its own: tens of thousands of rows must not hold up the requests of others, and a hostile file
// that asks for too much memory or time ends here and nowhere else.
export type WorkerInput = { bytes: Uint8Array; unpacked: number; entries: number }
export type WorkerOutput = { rows: (Cell | null)[][] } | { unreadable: string }

async function read({ bytes, unpacked, entries }: WorkerInput): Promise<WorkerOutput> {
  try {
    const workbook = safeXlsx(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), { unpacked, entries })
    const rows = await readSheet<{ number: string }>(workbook, 1, { parseNumber: number => ({ number }), trim: false })
    return { rows: rows.slice(0, MOST_ROWS).map(row => row.slice(0, MOST_COLUMNS).map(cellOf)) }
  } catch (error) {
    return { unreadable: error instanceof UnreadableFile ? error.message : '文件损坏，打不开' }
  }
}

// A little more than a table may have, so that its reader can say that it has more; what Excel itself keeps in a cell.
const MOST_ROWS = 60_100
const MOST_COLUMNS = 200
const LONGEST_CELL = 32_767

function cellOf(value: unknown): Cell | null {
  if (typeof value === 'string') return value.slice(0, LONGEST_CELL)
  if (typeof value === 'boolean' || value instanceof Date) return value
  if (typeof value === 'object' && value !== null && 'number' in value) return { number: String(value.number).slice(0, LONGEST_CELL) }
  return null
}

const answer = await read(workerData)
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port has no origins
parentPort?.postMessage(answer)

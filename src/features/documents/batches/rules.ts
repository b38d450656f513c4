import { defineMachine } from '../../../platform/machine.ts'
import { batchBegun, batchDone, batchPaused, batchReady, batchResumed, batchStopped } from './events.ts'
import type { BatchRow, Outcome } from './tables.ts'

export const batchMachine = defineMachine({
  name: 'documents.batch', table: 'documents_batches',
  edges: {
    checked: { from: ['checking'], to: 'ready', emits: batchReady },
    begin: { from: ['ready'], to: 'running', emits: batchBegun },
    pause: { from: ['running'], to: 'paused', emits: batchPaused },
    resume: { from: ['paused'], to: 'running', emits: batchResumed },
    /** what failed is tried again */
    retry: { from: ['done', 'paused'], to: 'running', emits: batchResumed },
    stop: { from: ['checking', 'ready', 'running', 'paused'], to: 'stopped', emits: batchStopped },
    finish: { from: ['running'], to: 'done', emits: batchDone },
  },
  sentences: { checking: '这一批还在检查', ready: '这一批检查完了，还没有开始', running: '这一批正在出具', paused: '这一批已经暂停', stopped: '这一批已经停止', done: '这一批已经出具完了' },
})

/** Drawn together: enough to spare the browser, few enough that somebody who waits for a single paper waits a blink. */
export const SLICE = 20
/** people in one batch */
export const MOST = 20_000
export const LONGEST_NAME = 40

export type Counts = Record<Outcome, number>

/** Those who are through, whatever came of it. */
export function settled({ issued, failed, revoked }: Counts): number {
  return issued + failed + revoked
}

/** Those who are to get a paper. */
export function wanted(counts: Counts): number {
  return settled(counts) + counts.ready + counts.drawing
}

/** Papers a second since this run began, and milliseconds until the rest is done; null while too little is done to tell. */
export function paceOf({ run_at, run_from }: Pick<BatchRow, 'run_at' | 'run_from'>, counts: Counts, now: number): { perSecond: number; left: number } | null {
  const [done, elapsed] = [settled(counts) - run_from, now - (run_at ?? now)]
  if (done <= 0 || elapsed <= 0) return null
  const perSecond = done / (elapsed / 1000)
  return { perSecond, left: (counts.ready + counts.drawing) / perSecond * 1000 }
}

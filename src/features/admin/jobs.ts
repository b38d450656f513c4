import type { Database } from '../../platform/db.ts'
import { chainEvents } from '../../platform/event-register.ts'
import { pruneJobs } from '../../platform/job-register.ts'
import { defineJob, defineQueue, type Work, work } from '../../platform/jobs.ts'

// One at a time: two chains at once would take the same place.
const queue = defineQueue('trail', { concurrency: 1 })
export const chainTrail = defineJob({ name: 'admin.chain-trail', queue, every: { minutes: 1 } })
export const pruneDone = defineJob({ name: 'admin.prune-jobs', queue, every: { dailyAt: '03:40' } })

const BATCH = 500
const KEPT = 7 * 86_400_000

export function createJobs(database: Database): Work[] {
  return [
    work(chainTrail, async (_input, running) => {
      while (!running.signal.aborted && await database.write(tx => running.hold(tx).then(() => chainEvents(tx, BATCH))) === BATCH);
    }),
    work(pruneDone, async (_input, running) => {
      while (!running.signal.aborted && await database.write(tx => pruneJobs(tx, tx.bus.clock.now() - KEPT, BATCH)) === BATCH);
    }),
  ]
}

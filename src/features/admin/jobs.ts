import type { Database } from '../../platform/db.ts'
import { chainEvents, lastLink } from '../../platform/event-register.ts'
import { pruneJobs } from '../../platform/job-register.ts'
import type { Log } from '../../platform/log.ts'
import { defineJob, defineQueue, type Work, work } from '../../platform/jobs.ts'

// One at a time: two chains at once would take the same place.
const queue = defineQueue('trail', { concurrency: 1 })
export const chainTrail = defineJob({ name: 'admin.chain-trail', queue, every: { minutes: 1 } })
export const pruneDone = defineJob({ name: 'admin.prune-jobs', queue, every: { dailyAt: '03:40' } })

const BATCH = 500
const KEPT = 7 * 86_400_000

export function createJobs({ database, log }: { database: Database; log: Log }): Work[] {
  return [
    work(chainTrail, async (_input, running) => {
      const before = await lastLink(database.db)
      while (!running.signal.aborted && await database.write(tx => running.hold(tx).then(() => chainEvents(tx, BATCH))) === BATCH);
      const last = await lastLink(database.db)
      // Where the log is kept elsewhere, records cut off at the end show as well.
      if (last && last.chain !== before?.chain) log.info(last, 'the trail is chained up to here')
    }),
    work(pruneDone, async (_input, running) => {
      while (!running.signal.aborted && await database.write(tx => pruneJobs(tx, tx.bus.clock.now() - KEPT, BATCH)) === BATCH);
    }),
  ]
}

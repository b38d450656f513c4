import type { Files } from '../../integrations/files/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Db } from '../../platform/db.ts'
import { chainEvents, lastLink } from '../../platform/event-register.ts'
import { pruneJobs } from '../../platform/job-register.ts'
import type { Feature } from '../../platform/feature.ts'
import type { Log } from '../../platform/log.ts'
import { defineJob, defineQueue, type Work, work } from '../../platform/jobs.ts'

// One at a time: two chains at once would take the same place.
const queue = defineQueue('trail', { concurrency: 1 })
export const chainTrail = defineJob({ name: 'admin.chain-trail', queue, every: { minutes: 1 } })
export const pruneDone = defineJob({ name: 'admin.prune-jobs', queue, every: { dailyAt: '03:40' } })

const sweeping = defineQueue('files', { concurrency: 1 })
export const sweepFiles = defineJob({ name: 'admin.sweep-files', queue: sweeping, every: { dailyAt: '04:30' } })

/** A file is put before the row that points to it; by then the row is there, or will never be. ms */
const DAY = 86_400_000
const BATCH = 500
const KEPT = 7 * 86_400_000

type Deps = { database: Database; clock: Clock; log: Log; files: Pick<Files, 'sweep' | 'fault'>; features(): readonly Feature[] }

export function createJobs({ database, clock, log, files, features }: Deps): Work[] {
  return [
    work(chainTrail, async (_input, running) => {
      const before = await lastLink(database.db)
      while (!running.signal.aborted && await database.write(tx => running.hold(tx).then(() => chainEvents(tx, BATCH))) === BATCH);
      const last = await lastLink(database.db)
      // Where the log is kept elsewhere, records cut off at the end show as well.
      if (last && last.chain !== before?.chain) log.info(last, 'the trail is chained up to here')
    }),
    work(sweepFiles, async () => {
      // The console says so; the next night sweeps for this one as well.
      if (await files.fault()) return
      const gone = await files.sweep(clock.now() - DAY, shas => neededAmong(database.db, features(), shas))
      if (gone > 0) log.info({ gone }, 'files that nothing points to are deleted')
    }),
    work(pruneDone, async (_input, running) => {
      while (!running.signal.aborted && await database.write(tx => pruneJobs(tx, tx.bus.clock.now() - KEPT, BATCH)) === BATCH);
    }),
  ]
}

/** Every feature that keeps files is asked; one that answers nothing for its own would lose them. */
async function neededAmong(db: Db, features: readonly Feature[], shas: readonly string[]): Promise<ReadonlySet<string>> {
  const needed = new Set<string>()
  for (const { filesNeeded } of features) if (filesNeeded) for (const sha of await filesNeeded(db, shas)) needed.add(sha)
  return needed
}

import type { Database } from '../../../platform/db.ts'
import { defineJob, defineQueue, type Work, work } from '../../../platform/jobs.ts'
import { watchGrants } from '../verbs/roles.ts'

const queue = defineQueue('grants', { concurrency: 1 })

/** Grants that are over or nearly so. */
export const watchGrantsJob = defineJob({ name: 'identity.watch-grants', queue, every: { minutes: 30 } })

export function grantWork({ write }: Pick<Database, 'write'>): Work {
  return work(watchGrantsJob, async (_input, job) => {
    while (!job.signal.aborted && await write(tx => job.hold(tx).then(() => watchGrants(tx))) > 0);
  })
}

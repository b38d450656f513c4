import type { Database } from '../../platform/db.ts'
import { defineJob, defineQueue, type Work, work } from '../../platform/jobs.ts'
import type { Verbs } from './verbs.ts'

const queue = defineQueue('ratings', { concurrency: 1 })
export const remindOfFollowUps = defineJob({ name: 'ratings.remind-of-follow-ups', queue, every: { dailyAt: '09:10' } })

/** One after the other, each in a transaction of its own: cut off anywhere, it goes on with those who were not told. */
export function remindWork({ database: { write }, verbs }: { database: Pick<Database, 'write'>; verbs: Pick<Verbs, 'remind'> }): Work {
  return work(remindOfFollowUps, async (_input, running) => {
    while (!running.signal.aborted && await write(async tx => {
      await running.hold(tx)
      return await verbs.remind(tx)
    }));
  })
}

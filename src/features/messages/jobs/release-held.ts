import type { Database } from '../../../platform/db.ts'
import { work, type Work } from '../../../platform/jobs.ts'
import { release } from '../verbs/hold.ts'
import { releaseHeld } from './define.ts'

/** One for each message that was held, each of which lets go of all that is due: the first finds them, the others nothing. */
export function releaseHeldWork({ database: { write } }: { database: Pick<Database, 'write'> }): Work {
  return work(releaseHeld, ({ person_id }, job) => write(async tx => {
    await job.hold(tx)
    await release(tx, person_id)
  }))
}

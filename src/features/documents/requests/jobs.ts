import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db.ts'
import { defineJob, defineQueue, type Work, work } from '../../../platform/jobs.ts'
import { LIFE } from './rules.ts'
import { forsaken } from './store.ts'
import type { RequestVerbs } from './verbs.ts'

const housekeeping = defineQueue('housekeeping', { concurrency: 1 })
const closeForsaken = defineJob({ name: 'documents.close-forsaken', queue: housekeeping, every: { minutes: 60 } })

/** Puts away what was chosen and never confirmed; the next hour takes the rest. */
export function closeForsakenWork({ database, clock, requests }: { database: Database; clock: Clock; requests: RequestVerbs }): Work {
  return work(closeForsaken, async () => {
    for (const id of await forsaken(database.db, clock.now() - LIFE, 500)) await database.write(tx => requests.lapse(tx, id))
  })
}

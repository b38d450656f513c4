import { type Work, work } from '../../platform/jobs.ts'
import type { Context } from './deps.ts'
import { importSlice, prune } from './job-definitions.ts'
import { phoneWorks } from './jobs/phones.ts'
import { pruneAttempts } from './store/accounts.ts'
import { pruneCodes } from './store/codes.ts'
import { pruneNotes } from './store/phones.ts'
import { pruneSessions } from './store/sessions.ts'
import { applySlice, queueSlice } from './verbs/import.ts'

const DAY = 86_400_000

export function createJobs(context: Context): Work[] {
  const { database: { write }, vault, clock } = context
  return [
    ...phoneWorks(context),
    work(importSlice, async ({ import_id, position }, job) => {
      await write(async tx => {
        await job.hold(tx)
        const { more } = await applySlice(tx, vault, import_id, position)
        if (more) await queueSlice(tx, import_id, position + 1)
      })
    }),
    work(prune, async () => {
      await write(async tx => {
        await pruneSessions(tx, clock.now() - DAY)
        await pruneAttempts(tx, clock.now() - 2 * DAY)
        await pruneCodes(tx, clock.now() - 2 * DAY)
        await pruneNotes(tx, clock.now() - 90 * DAY)
      })
    }),
  ]
}

import { type Work, work } from '../../platform/jobs.ts'
import type { Context } from './deps.ts'
import { prune } from './job-definitions.ts'
import { mailboxWorks } from './jobs/mailboxes.ts'
import { phoneWorks } from './jobs/phones.ts'
import { rosterWorks } from './jobs/rosters.ts'
import { pruneAttempts } from './store/accounts.ts'
import { pruneCodes } from './store/codes.ts'
import { pruneMailboxes } from './store/mailboxes.ts'
import { pruneNotes } from './store/phones.ts'
import { pruneSessions } from './store/sessions.ts'

const DAY = 86_400_000

export function createJobs(context: Context): Work[] {
  const { database: { write }, clock } = context
  return [
    ...phoneWorks(context),
    ...mailboxWorks(context),
    ...rosterWorks(context),
    work(prune, async () => {
      await write(async tx => {
        await pruneSessions(tx, clock.now() - DAY)
        await pruneAttempts(tx, clock.now() - 2 * DAY)
        await pruneCodes(tx, clock.now() - 2 * DAY)
        await pruneMailboxes(tx, clock.now() - 2 * DAY)
        await pruneNotes(tx, clock.now() - 90 * DAY)
      })
    }),
  ]
}

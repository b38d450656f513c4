import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import { type Work, work } from '../../platform/jobs.ts'
import { importSlice, prune } from './job-definitions.ts'
import { pruneAttempts } from './store/accounts.ts'
import { pruneSessions } from './store/sessions.ts'
import { applySlice, queueSlice } from './verbs/import.ts'
import type { Vault } from './vault.ts'

const DAY = 86_400_000

export function createJobs({ database: { write }, vault, clock }: { database: Database; vault: Vault; clock: Clock }): Work[] {
  return [
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
      })
    }),
  ]
}

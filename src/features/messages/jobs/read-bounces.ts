import type { BounceBox } from '../../../integrations/mail/index.ts'
import type { Database } from '../../../platform/db.ts'
import { work, type Work } from '../../../platform/jobs.ts'
import type { Keyring } from '../../../platform/keys.ts'
import { deliveryNamed } from '../naming.ts'
import type { Binding } from '../verbs/tell.ts'
import { recordReport } from '../verbs/report.ts'
import { readBounces } from './define.ts'

/** Reports looked at in one run; the next comes in minutes. */
const LIMIT = 200

type Deps = Pick<Binding, 'wecomUseridsOf'> & { database: Pick<Database, 'write'>; keyring: Pick<Keyring, 'sign' | 'verify'>; bounces: BounceBox | null }

/** Reads what came back. A report is recorded before its mail is marked as read, and recording twice changes nothing. */
export function readBouncesWork({ database: { write }, keyring, bounces, wecomUseridsOf }: Deps): Work {
  return work(readBounces, async (_input, job) => {
    await bounces?.each(LIMIT, async report => {
      const delivery_id = deliveryNamed(keyring, report.texts)
      return delivery_id === null ? 'taken' : await write(async tx => {
        await job.hold(tx)
        return await recordReport(tx, { wecomUseridsOf }, delivery_id, report)
      })
    })
  })
}

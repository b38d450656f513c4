import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { work, type Work } from '../../../platform/jobs.ts'
import { FORSAKEN } from '../rules.ts'
import { getDelivery, listForsaken } from '../store/deliveries.ts'
import { recordUnknown } from '../verbs/deliver.ts'
import { settleForsaken } from './define.ts'

const CHANNELS = ['wecom', 'mail'] as const

/** A process that died in a job's last try leaves its delivery half-sent for ever: such ones become 结果未知. */
export function settleForsakenWork({ database: { db, write }, clock }: { database: Database; clock: Clock }): Work {
  return work(settleForsaken, async (_input, job) => {
    for (const channel of CHANNELS) {
      for (const id of await listForsaken(db, channel, clock.now() - FORSAKEN[channel])) {
        await write(async tx => {
          await job.hold(tx)
          await recordUnknown(tx, await getDelivery(tx, id), { reason: '发送中断太久，不知道有没有送到', code: 'messages:forsaken' })
        }).catch(ignoreFaster)
      }
    }
  })
}

// It was settled in the meantime, which is what we wanted.
function ignoreFaster(error: unknown): void {
  if (!(error instanceof AppError && error.code?.startsWith('status:'))) throw error
}

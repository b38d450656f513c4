import { defineJob, defineQueue, type Running, type Work, work } from '../../../platform/jobs.ts'
import type { Context } from '../deps.ts'
import { keepUsualTime, measureUsualTime } from '../store/usual-times.ts'

const queue = defineQueue('measures', { concurrency: 1 })
export const measureUsualTimes = defineJob({ name: 'services.measure-usual-times', queue, every: { dailyAt: '03:50' } })

const YEAR = 365 * 86_400_000

export function usualTimeWork(context: Context): Work {
  return work(measureUsualTimes, (_input, running) => measureAll(context, running))
}

/** How long each service took in the last year: measured at night, so that no page has to. */
async function measureAll({ catalogue, clock, database: { db, write } }: Context, running: Running): Promise<void> {
  await catalogue.renew(db)
  for (const { key } of catalogue.all) {
    if (running.signal.aborted) return
    const measured_at = clock.now()
    const measured = await measureUsualTime(db, key, measured_at - YEAR)
    await write(async tx => {
      await running.hold(tx)
      await keepUsualTime(tx, { service_key: key, ...measured, measured_at })
    })
  }
}

import { defineJob, defineQueue, type Running, type Work, work } from '../../../platform/jobs.ts'
import type { Context } from '../deps.ts'
import { instantOf } from '../rules/limits.ts'
import type { Verbs } from '../verbs/index.ts'

const queue = defineQueue('closing', { concurrency: 1 })
export const warnOfClosingJob = defineJob({ name: 'services.warn-of-closing', queue, every: { minutes: 30 } })

/** So long before the end of a service drafts are told of it. */
const BEFORE = 2 * 86_400_000

export function closingWork(context: Context, verbs: Pick<Verbs, 'warnOfClosing'>): Work {
  return work(warnOfClosingJob, (_input, running) => warnAll(context, verbs, running))
}

async function warnAll({ catalogue, clock, database: { db, write } }: Context, { warnOfClosing }: Pick<Verbs, 'warnOfClosing'>, running: Running): Promise<void> {
  await catalogue.renew(db)
  const left = (closes: string | undefined) => closes === undefined ? 0 : instantOf(closes) - clock.now()
  for (const { key } of catalogue.all.filter(({ definition: { limits } }) => left(limits?.closes) > 0 && left(limits?.closes) <= BEFORE)) {
    while (!running.signal.aborted && await write(tx => running.hold(tx).then(() => warnOfClosing(tx, key))) > 0);
  }
}

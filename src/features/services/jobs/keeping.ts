import { defineJob, defineQueue, type Running, type Work, work } from '../../../platform/jobs.ts'
import type { Context } from '../deps.ts'
import { expiryOf, NOTICE } from '../rules/keeping.ts'
import { overdue, setExpiry, someoneToWarn, undated } from '../store/keeping.ts'
import { keepingVerbs } from '../verbs/forget.ts'

const queue = defineQueue('keeping', { concurrency: 1 })
export const forgetExpired = defineJob({ name: 'services.forget-expired', queue, every: { dailyAt: '03:20' } })

const SLICE = 100

/** At night: what has ended gets its day, who must be told is told, what is over its day goes. Each step can be cut off anywhere and goes on from there. */
export function keepingWork(context: Context): Work {
  return work(forgetExpired, async (_input, running) => {
    await setDays(context, running)
    await warnAll(context, running)
    await forgetAll(context, running)
  })
}

async function setDays({ database: { db, write }, versions }: Context, running: Running): Promise<void> {
  for (let rows = await undated(db, SLICE); rows.length > 0 && !running.signal.aborted; rows = await undated(db, SLICE)) {
    const days = await Promise.all(rows.map(async row => [row, expiryOf(row, (await versions.get(db, row.version_id)).definition)] as const))
    await write(async tx => {
      await running.hold(tx)
      for (const [row, expires_at] of days) await setExpiry(tx, row, expires_at)
    })
  }
}

async function warnAll(context: Context, running: Running): Promise<void> {
  const { clock, database: { db, write } } = context
  const { warn } = keepingVerbs(context)
  const next = () => someoneToWarn(db, clock.now() + NOTICE)
  for (let person_id = await next(); person_id !== undefined && !running.signal.aborted; person_id = await next()) {
    const told = person_id
    await write(async tx => {
      await running.hold(tx)
      await warn(tx, told)
    })
  }
}

async function forgetAll(context: Context, running: Running): Promise<void> {
  const { clock, database: { db, write } } = context
  const { forget } = keepingVerbs(context)
  for (let ids = await overdue(db, clock.now(), SLICE); ids.length > 0 && !running.signal.aborted; ids = await overdue(db, clock.now(), SLICE)) {
    for (const id of ids) {
      if (running.signal.aborted) return
      await write(async tx => {
        await running.hold(tx)
        await forget(tx, id)
      })
    }
  }
}

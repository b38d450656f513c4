import { AppError, isOutcome } from '../../../platform/errors.ts'
import type { Outcome, Running } from '../../../platform/jobs.ts'
import type { Context } from '../deps.ts'
import { findRun, type RunRow } from '../store/contact-runs.ts'
import { recordTrouble } from '../verbs/contact-runs.ts'
import { decideSlice } from './decide-differences.ts'
import { pullSlice } from './pull.ts'
import { pushSlice } from './push.ts'
import type { Recording } from './push-member.ts'

/** A slice of a walk through the address book. Where the platform's limit is met the walk waits in its place; that costs no try. */
export async function runSlice(context: Context, { run_id, position }: { run_id: string; position: number }, job: Running, record: Recording): Promise<Outcome> {
  const run = await findRun(context.database.db, run_id)
  if (!run || run.status !== 'running' || run.position !== position) return
  try {
    await slices[run.kind](context, run, record, job.signal)
  } catch (error) {
    return await inTrouble(context, run, job, error)
  }
}

const slices = { pull: pullSlice, push: pushSlice, decide: decideSlice } as const

async function inTrouble({ clock, database: { write } }: Context, run: RunRow, job: Running, error: unknown): Promise<Outcome> {
  if (!(error instanceof AppError) || error.code === undefined || error.code.startsWith('status:')) throw error
  const problem = error.code.slice(0, 40)
  const waits_until = error.retryAfter === undefined ? null : clock.now() + error.retryAfter
  const last = waits_until === null && (job.last || isOutcome(error))
  await write(async tx => {
    await job.hold(tx)
    await recordTrouble(tx, run, { problem, waits_until, last })
  })
  if (error.retryAfter !== undefined) return { later: error.retryAfter }
  throw error
}

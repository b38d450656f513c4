import type { Feed } from '../../../../integrations/sources/index.ts'
import { AppError, isOutcome } from '../../../../platform/errors.ts'
import { type Running, type Work, work } from '../../../../platform/jobs.ts'
import { type FetchDeps, readGrades } from './fetch.ts'
import { adoptSome } from './proposals.ts'
import { type GradeRun, getRun, keepProgress, type Sentence } from './store.ts'
import { beginRun, failRun, finishRun, offerRun } from './verbs.ts'
import { adoptGrades, fetchGrades, fetchGradesDaily } from './work.ts'

type Deps = Omit<FetchDeps, 'feed'> & { feed: Feed | null }

export function gradeRunWork({ feed, ...deps }: Deps): Work[] {
  const { database: { db, write } } = deps
  return [
    work(fetchGradesDaily, async () => {
      if (feed) await write(tx => beginRun(tx, null, feed.place)).catch(unlessReading)
    }),
    work(fetchGrades, async ({ run_id }, running) => {
      const run = await getRun(db, run_id)
      if (run.status !== 'reading') return // an earlier try got this far
      if (!feed) return await write(tx => failRun(tx, run_id, { text: '没有配置成绩数据源（GRADES_SOURCE）' }))
      await orSay(deps, run, running, async () => {
        const told = await readGrades({ ...deps, feed }, run, running)
        const { created, changed, removed } = told.counts
        await write(async tx => {
          await running.hold(tx)
          await (deps.review && created + changed + removed > 0 ? offerRun : finishRun)(tx, told)
        })
      })
    }),
    work(adoptGrades, async ({ run_id }, running) => {
      const run = await getRun(db, run_id)
      if (run.status !== 'writing') return // an earlier try got this far
      const adopt = () => write(async tx => {
        await running.hold(tx)
        return await adoptSome(tx, run_id)
      })
      await orSay(deps, run, running, async () => {
        while (await adopt());
        await write(async tx => {
          await running.hold(tx)
          await finishRun(tx, run)
        })
      })
    }),
  ]
}

function unlessReading(error: unknown): void {
  if (!(error instanceof AppError) || error.kind !== 'conflict') throw error
}

/** What an outcome says, and after the last try anything, is how the run ended; before that it says why it waits. */
async function orSay({ database: { db, write } }: Pick<Deps, 'database'>, { id }: GradeRun, running: Running, read: () => Promise<void>): Promise<void> {
  try {
    await read()
  } catch (error) {
    const why: Sentence = error instanceof AppError ? { text: error.message, ...error.params && { params: error.params } } : { text: '同步时出了意外，请联系信息中心' }
    const over = isOutcome(error) || running.last
    const now = await getRun(db, id)
    await write(async tx => {
      await running.hold(tx) // who has lost the job has no say in it
      await (over ? failRun(tx, id, why) : keepProgress(tx, { ...now, why }))
    })
    if (!isOutcome(error)) throw error
  }
}

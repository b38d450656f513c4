import { defineJob, defineQueue, type Work, work } from '../../../platform/jobs.ts'
import { measureSome, type MeasureDeps } from './measure.ts'

const figures = defineQueue('document-figures', { concurrency: 1 })

/** A little after midnight, when the day is over. */
const measureDays = defineJob({ name: 'documents.measure-days', queue: figures, every: { dailyAt: '00:25' } })

export function figuresWork(deps: MeasureDeps): Work {
  return work(measureDays, async (_input, running) => await measureSome(deps, running) ? undefined : { later: 0 })
}

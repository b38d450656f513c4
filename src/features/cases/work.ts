import { Type } from 'typebox'
import { defineJob, defineQueue } from '../../platform/jobs.ts'

const queue = defineQueue('case-moves', { concurrency: 1 })
const figures = defineQueue('case-figures', { concurrency: 1 })

export const moveSlice = defineJob({ name: 'cases.move', queue, input: Type.Object({ move_id: Type.String() }) })

/** A little after midnight, when the day is over. */
export const measureDays = defineJob({ name: 'cases.measure-days', queue: figures, every: { dailyAt: '00:20' } })

const exporting = defineQueue('case-exports', { concurrency: 1 })

/** A long list takes minutes; the lease is kept meanwhile. Where its file cannot be kept, it is written when it can, also a week later. */
export const exportCases = defineJob({ name: 'cases.export', queue: exporting, input: Type.Object({ export_id: Type.String() }), lease: 60_000, outages: 200 })
export const forgetExports = defineJob({ name: 'cases.forget-exports', queue: exporting, every: { dailyAt: '04:50' } })

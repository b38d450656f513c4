import { Type } from 'typebox'
import { defineJob, defineQueue } from '../../../../platform/jobs.ts'

const queue = defineQueue('grades', { concurrency: 1 })

/** Before the day begins, after what a registrar's system does by night. */
export const FETCHED_AT = '04:20'
export const fetchGradesDaily = defineJob({ name: 'documents.fetch-grades-daily', queue, every: { dailyAt: FETCHED_AT } })
export const adoptGrades = defineJob({ name: 'documents.adopt-grades', queue, input: Type.Object({ run_id: Type.String() }), lease: 60_000, attempts: 5 })
export const fetchGrades = defineJob({ name: 'documents.fetch-grades', queue, input: Type.Object({ run_id: Type.String() }), lease: 60_000, attempts: 5 })

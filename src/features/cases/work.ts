import { Type } from 'typebox'
import { defineJob, defineQueue } from '../../platform/jobs.ts'

const queue = defineQueue('case-moves', { concurrency: 1 })

export const moveSlice = defineJob({ name: 'cases.move', queue, input: Type.Object({ move_id: Type.String() }) })

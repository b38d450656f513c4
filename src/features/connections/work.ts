import { Type } from 'typebox'
import { defineJob, defineQueue } from '../../platform/jobs.ts'

const queue = defineQueue('connection-tests', { concurrency: 2 })

/** Asked by somebody who waits for what it says; who wants it again presses again. */
export const testConnection = defineJob({ name: 'connections.test', queue, input: Type.Object({ connection_id: Type.String() }), attempts: 1 })

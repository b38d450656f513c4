import { Type } from 'typebox'
import { defineJob, defineQueue } from '../../../platform/jobs.ts'

const batch = Type.Object({ batch_id: Type.String() })
const run = Type.Object({ batch_id: Type.String(), run: Type.Integer() })

// Their own, so that a batch of thousands never stands before a paper that somebody waits for. One more than the browser has pages:
// while one slice is sealed and stored, others are drawn.
const slices = defineQueue('document-batches', { concurrency: 3 })
const checks = defineQueue('document-batch-checks', { concurrency: 1 })

export const checkBatch = defineJob({ name: 'documents.check-batch', queue: checks, input: batch, lease: 60_000 })
export const issueSlice = defineJob({ name: 'documents.issue-slice', queue: slices, input: Type.Object({ batch_id: Type.String(), slice: Type.Integer(), run: Type.Integer() }), lease: 60_000 })
export const tellBatch = defineJob({ name: 'documents.tell-batch', queue: checks, input: run })
export const revokeBatch = defineJob({ name: 'documents.revoke-batch', queue: checks, input: batch, lease: 60_000 })
export const wakeBatches = defineJob({ name: 'documents.wake-batches', queue: checks, every: { minutes: 5 } })

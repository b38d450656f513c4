import { Type } from 'typebox'
import { defineJob, defineQueue } from '../../../platform/jobs.ts'

const scanning = defineQueue('scan', { concurrency: 2 })

// A large archive takes clamd up to two minutes; the lease is kept by a heartbeat meanwhile.
export const scanAttachment = defineJob({ name: 'services.scan-attachment', queue: scanning, input: Type.Object({ attachment_id: Type.String() }), lease: 60_000 })

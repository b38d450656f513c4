import { Type } from 'typebox'
import { defineJob, defineQueue } from '../../platform/jobs.ts'

/** One at a time: slices of rosters write many rows and would only wait for each other. */
const rosters = defineQueue('rosters', { concurrency: 1 })

export const importSlice = defineJob({ name: 'identity.import-slice', queue: rosters, input: Type.Object({ import_id: Type.String(), position: Type.Integer() }), lease: 60_000 })

/** Ended sessions are of no use after a while; failed sign-ins neither. */
export const prune = defineJob({ name: 'identity.prune', queue: rosters, every: { dailyAt: '03:20' } })

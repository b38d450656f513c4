import { Type } from 'typebox'
import { defineJob, defineQueue } from '../../../platform/jobs.ts'

/** One at a time: slices of rosters write many rows and would only wait for each other. */
const writing = defineQueue('roster-writing', { concurrency: 1 })
/** Beside it, so that nobody waits for a preview because somebody else's roster is being written. */
const reading = defineQueue('roster-reading', { concurrency: 1 })

export const readRosterFile = defineJob({ name: 'identity.read-roster', queue: reading, input: Type.Object({ import_id: Type.String() }), lease: 60_000 })
export const importSlice = defineJob({ name: 'identity.import-slice', queue: writing, input: Type.Object({ import_id: Type.String(), position: Type.Integer(), run: Type.Integer() }), lease: 60_000 })
export const markMissing = defineJob({ name: 'identity.mark-missing', queue: writing, input: Type.Object({ mark_id: Type.String() }), lease: 60_000 })
/** Uploads that nobody decided on, and cells that nobody corrected. */
export const forgetRosters = defineJob({ name: 'identity.forget-rosters', queue: writing, every: { dailyAt: '03:40' } })

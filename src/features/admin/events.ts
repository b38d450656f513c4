import { Type } from 'typebox'
import { defineEvent } from '../../platform/events.ts'

export const jobRevived = defineEvent('admin.job-revived', Type.Object({ job_id: Type.String() }))

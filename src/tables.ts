import type { EventsTable } from './platform/events.ts'
import type { JobsTable } from './platform/jobs.ts'
import type { LeasesTable } from './platform/lease.ts'

/** The whole database as one type. */
export interface Tables {
  events: EventsTable
  jobs: JobsTable
  leases: LeasesTable
}

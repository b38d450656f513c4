import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import type { Approvals } from '../approvals/index.ts'
import type { Identity } from '../identity/index.ts'
import type { Services } from '../services/index.ts'

export type Deps = {
  database: Pick<Database, 'db' | 'write'>
  clock: Clock
  identity: Pick<Identity, 'reachOf' | 'searchPeople' | 'peopleByIds'>
  approvals: Pick<Approvals, 'placesOf' | 'loads' | 'subjectsHeldBy' | 'subjectsOverdue' | 'interventionsOf' | 'reassign' | 'jump' | 'end' | 'suspend' | 'resume' | 'cancel' | 'taskById' | 'callsOf'
    | 'handOver' | 'handoverById' | 'handoverItems' | 'handovers' | 'foreseeHandOver' | 'openTasksOf' | 'openCountOf' | 'whyText'>
  services: Pick<Services, 'findCases' | 'casesByIds' | 'caseOf' | 'ownedWithin' | 'titles' | 'versionsFor' | 'idsToMove' | 'foreseeVersion' | 'changeVersion'>
  /** a background job as people call it */
  jobTitle(name: string): string
}

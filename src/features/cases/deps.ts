import type { Files } from '../../integrations/files/index.ts'
import type { Sources } from '../../integrations/sources/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import type { Approvals } from '../approvals/index.ts'
import type { Identity } from '../identity/index.ts'
import type { Services } from '../services/index.ts'

export type Deps = {
  database: Pick<Database, 'db' | 'write'>
  clock: Clock
  identity: Pick<Identity, 'reachOf' | 'searchPeople' | 'peopleByIds'>
  files: Pick<Files, 'put' | 'open' | 'remove' | 'fault'>
  sources: Pick<Sources, 'writeXlsx'>
  approvals: Pick<Approvals, 'placesOf' | 'stepsEnded' | 'tasksDecided' | 'loads' | 'subjectsHeldBy' | 'subjectsOverdue' | 'interventionsOf' | 'reassign' | 'jump' | 'end' | 'suspend' | 'resume' | 'cancel' | 'taskById' | 'callsOf'
    | 'handOver' | 'handoverById' | 'handoverItems' | 'handovers' | 'foreseeHandOver' | 'openTasksOf' | 'openCountOf' | 'whyText'>
  services: Pick<Services, 'findCases' | 'countCases' | 'formColumns' | 'answersById' | 'firstSentAt' | 'sentBetween' | 'endedBetween' | 'backlogOf' | 'casesByIds' | 'caseOf' | 'ownedWithin' | 'titles' | 'versionsFor' | 'idsToMove' | 'foreseeVersion' | 'changeVersion'>
  /** a background job as people call it */
  jobTitle(name: string): string
}

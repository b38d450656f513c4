import type { Files } from '../../integrations/files/index.ts'
import type { Scanner } from '../../integrations/scan/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import type { Approvals } from '../approvals/index.ts'
import type { Services } from '../services/index.ts'
import type { Entry } from './entries.ts'
import type { createBoard } from './board.ts'
import type { Verbs } from './verbs/index.ts'

export type HallDeps = {
  database: Pick<Database, 'db' | 'write'>
  clock: Clock
  files: Pick<Files, 'put' | 'open'>
  /** null where the hall has none */
  scanner: Scanner | null
  approvals: Pick<Approvals, 'todoOf'>
  services: Pick<Services, 'all' | 'titles' | 'latestOf' | 'guideOf' | 'stopsOf'>
  /** what later features offer beside the services */
  entries?: () => readonly Entry[]
}

/** What the routes close over. */
export type Context = HallDeps & { board: ReturnType<typeof createBoard>; verbs: Verbs }

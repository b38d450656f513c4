import type { Clock } from '../../platform/clock.ts'
import type { Database, Db } from '../../platform/db.ts'
import type { Callbacks } from '../callbacks/index.ts'
import type { Connections } from '../connections/index.ts'
import type { Identity } from '../identity/index.ts'
import type { Messages } from '../messages/index.ts'
import type { Approver, Directory } from './define.ts'
import type { WorkingTime } from './rules/clock.ts'

export type Deps = {
  database: Pick<Database, 'db' | 'write'>
  clock: Clock
  workingTime: WorkingTime
  approvers: readonly Approver[]
  /** The directory's reads, in the transaction in which a node begins. */
  directory: (db: Db) => Directory
  messages: Pick<Messages, 'tell' | 'tellAll' | 'closeCard' | 'cardClicked' | 'clickedUnbound' | 'deliveryById'>
  callbacks: Pick<Callbacks, 'bodyOf'>
  identity: Pick<Identity, 'personByWecomUserid'>
  connections: Pick<Connections, 'call' | 'names'>
}

/** What the verbs close over. */
export type VerbDeps = Pick<Deps, 'clock' | 'directory' | 'messages' | 'workingTime'> & { approvers: ReadonlyMap<string, Approver> }

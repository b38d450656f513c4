import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import type { Feature } from '../../platform/feature.ts'
import type { Identity } from '../identity/index.ts'
import type { Messages } from '../messages/index.ts'

export type Deps = {
  database: Pick<Database, 'db' | 'write'>
  clock: Clock
  identity: Pick<Identity, 'listUnits' | 'unitById' | 'holdersOf'>
  messages: Pick<Messages, 'tell'>
  /** all of them, known once they are built: their calls and scopes are gathered here */
  features(): readonly Feature[]
  /** kinds of documents that a client may be allowed, with their titles */
  kinds(): readonly { kind: string; title: string }[]
  publicUrl: string
  school: { name: string; nameEn: string }
}

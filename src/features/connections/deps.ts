import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import type { Keyring } from '../../platform/keys.ts'
import type { Outbound } from '../../integrations/outbound/index.ts'

export type Deps = { database: Pick<Database, 'db' | 'write'>; clock: Clock; keyring: Pick<Keyring, 'seal' | 'open'>; outbound: Outbound }

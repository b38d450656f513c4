import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import type { EventLabel } from '../../platform/feature.ts'
import type { SignedIn } from '../../platform/web.ts'
import type { Keyring } from '../../platform/keys.ts'
import type { WorkingTime } from '../../platform/working-time.ts'
import type { Files } from '../../integrations/files/index.ts'
import type { Scanner } from '../../integrations/scan/index.ts'
import type { Approvals } from '../approvals/index.ts'
import type { Identity } from '../identity/index.ts'
import type { Messages } from '../messages/index.ts'
import type { Catalogue } from './catalogue.ts'
import type { Versions } from './versions.ts'

export type Deps = {
  database: Pick<Database, 'db' | 'write'>
  clock: Clock
  workingTime: Pick<WorkingTime, 'add' | 'addDays' | 'between' | 'isWorkday'>
  approvals: Approvals
  files: Pick<Files, 'put' | 'open' | 'get' | 'remove'>
  /** null: the hall has none, and what is uploaded is not looked at */
  scanner: Scanner | null
  messages: Pick<Messages, 'tell'>
  identity: Pick<Identity, 'peopleByIds' | 'searchPeople' | 'listUnits' | 'factsOf' | 'contactOf'>
  keyring: Pick<Keyring, 'seal' | 'open'>
  /** how the events of every feature read */
  labels(): ReadonlyMap<string, EventLabel>
  /** folder of the service files; the product's own where none is named */
  folder?: string
}

/** Somebody who may be chosen, as far as the chooser says it. */
export type Colleague = { id: string; name: string; unit_name: string }

/** What verbs and pages close over. */
export type Context = Deps & { catalogue: Catalogue; versions: Versions }

/** Who acts, as far as an application is concerned. */
export type Person = Pick<SignedIn, 'person_id' | 'number' | 'name' | 'standing' | 'kind'>

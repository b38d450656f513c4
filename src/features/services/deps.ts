import type { Clock } from '../../platform/clock.ts'
import type { Database, Db } from '../../platform/db.ts'
import type { EventLabel } from '../../platform/feature.ts'
import type { T } from '../../platform/text.ts'
import type { SignedIn } from '../../platform/web.ts'
import type { Keyring } from '../../platform/keys.ts'
import type { WorkingTime } from '../../platform/working-time.ts'
import type { Files } from '../../integrations/files/index.ts'
import type { Scanner } from '../../integrations/scan/index.ts'
import type { Approvals } from '../approvals/index.ts'
import type { Identity } from '../identity/index.ts'
import type { Messages } from '../messages/index.ts'
import type { FlowFaults } from './catalogue.ts'
import type { Offering } from './offering.ts'
import type { Status } from './rules/application.ts'
import type { Versions } from './versions.ts'

export type Deps = {
  database: Pick<Database, 'db' | 'write'>
  clock: Clock
  workingTime: Pick<WorkingTime, 'add' | 'addDays' | 'between' | 'isWorkday'>
  approvals: Approvals
  files: Pick<Files, 'put' | 'open' | 'get' | 'remove'>
  /** null: the hall has none, and what is uploaded is not looked at */
  scanner: Scanner | null
  messages: Pick<Messages, 'tell' | 'forget'>
  identity: Pick<Identity, 'peopleByIds' | 'personByNumber' | 'searchPeople' | 'listUnits' | 'factsOf' | 'contactOf' | 'directory'>
  keyring: Pick<Keyring, 'seal' | 'open'>
  /** how the events of every feature read */
  labels(): ReadonlyMap<string, EventLabel>
  /** what later features offer on the page of an application */
  offers?(): readonly Offers[]
  /** keys of the documents that an approval may lead to */
  documentKinds(): readonly string[]
  /** folder of the service files; the product's own where none is named */
  folder?: string
}

/** What a later feature offers whoever looks at an application; words are in the reader's language. */
export type Offer = { title: string; text?: string; links: readonly { label: string; href: string; icon?: string }[] }
export type Offers = (db: Db, t: T, application: Offered, viewer: SignedIn) => Promise<Offer | null>
export type Offered = { id: string; status: Status; person_id: string; ended_at: number | null; forgotten_at: number | null }

/** Somebody who may be chosen, as far as the chooser says it. */
export type Colleague = { id: string; name: string; unit_name: string }

/** What verbs and pages close over. */
export type Context = Deps & { catalogue: Offering; versions: Versions; flowFaults: FlowFaults }

/** Who acts, as far as an application is concerned. */
export type Person = Pick<SignedIn, 'person_id' | 'number' | 'name' | 'standing' | 'kind'>

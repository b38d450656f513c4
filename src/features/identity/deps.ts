import type { Mailer } from '../../integrations/mail/index.ts'
import type { CampusAuth } from '../../integrations/campus-auth/index.ts'
import type { Scanner } from '../../integrations/scan/index.ts'
import type { SmsSender } from '../../integrations/sms/index.ts'
import type { Sources } from '../../integrations/sources/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Db, Tx } from '../../platform/db.ts'
import type { Keyring } from '../../platform/keys.ts'
import type { Language } from '../../platform/text.ts'
import type { Campus } from './campus.ts'
import type { Confirm } from './confirm.ts'
import type { Callbacks } from '../callbacks/index.ts'
import type { ContactSettings, ContactsPort } from './jobs/push-member.ts'
import type { KnownDevices } from './known-device.ts'
import type { FirstUseProof } from './rules/first-use.ts'
import type { Codes } from './verbs/codes.ts'
import type { GrantRules } from './verbs/roles.ts'
import type { Vault } from './vault.ts'
import type { createVisits } from './visits.ts'

/** The code that joins the corporation: its picture, and until when it can be scanned (ms). */
export type JoinPort = { joinCode(): Promise<{ picture: Buffer; type: string; until: number }>; joinCodeUntil(): Promise<number> }

/** What signing in asks of WeCom. */
export type WecomSignIn = {
  authorizeUrl(to: { redirectUri: string; state: string }): string
  loginUrl(to: { redirectUri: string; state: string; language?: 'zh' | 'en' }): string
  /** exchanges a code, once; throws `invalid` with code `wecom:40029` and its like where the code is no good */
  visitor(code: string): Promise<{ userid: string | null }>
}

/** What the law wants people asked about separately (个人信息保护法 23, 29), by the feature that keeps consents; `name` is a notice of the catalogue. */
export type SeparateConsents = {
  /** the text as it is today, trusted markup, and the hash that it is agreed to by */
  noticeFor(name: string, language: Language): { html: string; hash: string }
  /** to the text as it is today, and not withdrawn */
  agreed(db: Db, person_id: string, name: string): Promise<boolean>
  agreedAmong(db: Db, person_ids: readonly string[], name: string): Promise<ReadonlySet<string>>
  /** `conflict` (`privacy:other-text`) where the text is another one by now */
  agree(tx: Tx, holder: { person_id: string; number: string }, name: string, hash: string): Promise<void>
  /** for one occasion, which `about` names */
  agreeOnce(tx: Tx, holder: { person_id: string; number: string }, name: string, hash: string, about: string): Promise<void>
}

export type Deps = {
  database: Database
  clock: Clock
  keyring: Keyring
  wecom: WecomSignIn
  callbacks: Pick<Callbacks, 'bodyOf'>
  /** WeCom's address book */
  contacts: ContactsPort & JoinPort
  contactSettings: ContactSettings
  sources: Sources
  /** null: the hall has none, and rosters are read unseen */
  scanner: Scanner | null
  sms: SmsSender
  mailer: Mailer
  /** sender of all mail, an address or `name <address>` */
  mailFrom: string
  /** origin that browsers and WeCom use */
  publicUrl: string
  /** the school's server for accounts; null where the hall keeps them */
  campusAuth: CampusAuth | null
  /** where the school has its passwords changed */
  campusPasswordUrl?: string | undefined
  /** 6 or 8 */
  initialPasswordDigits: number
  /** days for which the initial password opens an account; 0: for ever */
  initialPasswordDays: number
  firstUseProof: FirstUseProof
  /** codes by SMS that one network address may ask for in an hour before it is slowed down */
  smsPerAddressPerHour: number
  /** are numbers outside the mainland taken? */
  phonesAbroad: boolean
  /** where the school has phone numbers looked after, for who has none on file */
  phoneMaintenanceUrl?: string | undefined
  /** unbinding also deletes the member from WeCom's address book */
  unbindDeletesMember: boolean
  /** networks of the campus, as 10.0.0.0/8 */
  campusNetworks: readonly string[]
  /** nobody holds two of the administrators' roles, nor gives a role to themselves; true where left out */
  separateAdmins?: boolean
  /** is a second factor asked before the console opens? */
  secondFactor?: boolean
  /** who the entry in an authenticator app is from: the university's name */
  issuer?: string
  consents(): SeparateConsents
  /** what a role may be granted for besides departments, as later features know it */
  places?(): readonly ScopePlace[]
  /** where a group is called by its word, as later features know it */
  groupUses?: GroupUses
}

/** A service or a clearance item. */
export type ScopePlace = { kind: 'item' | 'service'; id: string; name: string }

/** A service whose steps (their labels) call a group: as it is offered, in its draft, or in an older version on which `running` applications are under way. */
export type GroupUse = { service_key: string; title: string; steps: readonly string[]; in: 'present' | 'draft' | 'older'; running: number }
export type GroupUses = (db: Db, word: string) => Promise<readonly GroupUse[]>

/** What routes and jobs close over. */
export type Context = Deps & { vault: Vault; campus: Campus; confirm: Confirm; devices: KnownDevices; codes: Codes; grantRules: GrantRules; visitOf: ReturnType<typeof createVisits> }

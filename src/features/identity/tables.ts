import type { Language } from '../../platform/text.ts'
import type { ContactTables } from './contact-tables.ts'
import type { ImportTables } from './import-tables.ts'
import type { MailboxTables } from './mailbox-tables.ts'
import type { PasswordTables } from './password-tables.ts'
import type { PhoneTables } from './phone-tables.ts'
import type { Place } from './rules/place.ts'
import type { FactorTables } from './factor-tables.ts'
import type { GrantTables } from './grant-tables.ts'
import type { GroupTables } from './group-tables.ts'

export type { ImportKind, ImportStatus } from './import-tables.ts'

export type Kind = 'student' | 'staff'
export type Gender = 'male' | 'female'
/** 居民身份证 and the residence permits with the same 18 characters, or a passport */
export type DocumentType = 'id-card' | 'passport'
/** as the registrar keeps it; rules/standing.ts says what follows from it */
export type Standing = 'enrolled' | 'suspended' | 'graduated' | 'withdrawn' | 'employed' | 'left'
export type UnitKind = 'school' | 'office'
/** How a session came to be: inside WeCom, by its QR on a desk, or with the campus account. */
export type SignInWay = 'wecom' | 'scan' | 'campus'

export interface UnitsTable {
  id: string
  code: string
  name: string
  name_en: string | null
  kind: UnitKind
  parent_id: string | null
  /** a number, not a person: units come before the staff in every import */
  head_number: string | null
  /** 副职, by comma; numbers too */
  deputy_numbers: string | null
  created_at: number
  updated_at: number
}

export interface PeopleTable {
  id: string
  /** the leading one of the person's numbers */
  number: string
  name: string
  name_en: string
  /** `zhangwei`, for search and order */
  name_pinyin: string
  /** `zw` */
  initials: string
  gender: Gender
  birth_on: string | null
  document_type: DocumentType
  document_sealed: string
  /** HMAC of the document's number: the same document is the same person, without reading it */
  document_index: string
  phone_sealed: string | null
  /** HMAC of the phone; several people may have the same while nobody has proved it */
  phone_index: string | null
  /** when an SMS proved that the person holds the phone; null for what a roster says */
  phone_proven_at: number | null
  /** as phone_index once proven, unique: a phone is one person's */
  proven_phone_index: string | null
  email: string | null
  /** when a mailed link was confirmed; null for what a roster says */
  email_proven_at: number | null
  language: Language | null
  created_at: number
  updated_at: number
}

/** A 学号 or 工号: what sessions, bindings and certificates belong to. A person may have several in a life. */
export interface NumbersTable {
  number: string
  person_id: string
  kind: Kind
  standing: Standing
  unit_id: string
  /** 岗位 of staff */
  title: string | null
  /** 直接上级 of staff: a number, for the superior may stand further down in the same roster */
  leader_number: string | null
  /** 培养层次 */
  level: string | null
  major: string | null
  major_en: string | null
  class_name: string | null
  /** 学制 */
  years: number | null
  entered_on: string
  ends_on: string | null
  tutor_id: string | null
  /** raised to end every session of this number at once */
  session_epoch: number
  created_at: number
  updated_at: number
}

/** There is a row once a password was set; until then the initial password holds, and again where the hash is '': an operator put it back. */
export interface AccountsTable {
  number: string
  password_hash: string
  must_change: number
  changed_at: number
}

/** Failed sign-ins by what was typed, known or not, so that being locked tells nobody whether an account exists. */
export interface AttemptsTable {
  subject: string
  failures: number
  last_at: number
  locked_until: number
}

export interface BindingsTable {
  id: string
  person_id: string
  number: string
  /** as WeCom spells it */
  userid: string
  /** lower case while the binding lasts, then null */
  current_userid: string | null
  current_number: string | null
  began_at: number
  ended_at: number | null
}

export interface SessionsTable {
  /** SHA-256 of the session id: whoever reads the table cannot ride on it */
  id: string
  data: string
  person_id: string | null
  number: string | null
  epoch: number | null
  way: SignInWay | null
  device: string | null
  place: Place | null
  /** SHA-256 of what the school calls this sign-in by (the CAS ticket), so that its end there is the session's end here */
  campus_handle: string | null
  /** SHA-256 of what the school calls the account by, where it may end all sign-ins of one at once */
  campus_subject: string | null
  created_at: number
  seen_at: number
  expires_at: number
  /** kept when ended, so that a request still under way cannot write it back to life */
  ended_at: number | null
}

/** What the school told of ended sign-ins (SHA-256 of each word's own id): said again, it counts no more. */
export interface EndingsTable {
  id: string
  at: number
}

export interface IdentityTables extends ContactTables, FactorTables, GrantTables, GroupTables, ImportTables, MailboxTables, PasswordTables, PhoneTables {
  identity_units: UnitsTable
  identity_people: PeopleTable
  identity_numbers: NumbersTable
  identity_accounts: AccountsTable
  identity_attempts: AttemptsTable
  identity_bindings: BindingsTable
  identity_sessions: SessionsTable
  identity_endings: EndingsTable
}

/** What the simulator is told at its start, and what tests and pages may read of it. */

import type { PayOptions } from './pay/index.ts'

export type Department = { id: number; name: string; parentid: number; order?: number; name_en?: string; department_leader?: string[] }

export type MemberSeed = {
  userid: string
  name: string
  department: number[]
  mobile?: string
  email?: string
  gender?: string
  position?: string
  avatar?: string
  /** Heads the department of the same place in `department`; 0 for each by default. */
  is_leader_in_dept?: number[]
  direct_leader?: string[]
  /** Default 1. */
  status?: MemberStatus
  /** The platform made up the userid, so it may be changed once (301036). */
  generated?: boolean
  /** In the app's visible range; default true. */
  visible?: boolean
  /** Has a base-interface licence (基础接口许可); default true. */
  licensed?: boolean
  /** Shown in the picker, for example 学生. */
  label?: string
  /** The phone stands on the page from the beginning. */
  shown?: boolean
}

/** 1 activated, 2 disabled, 4 not activated, 5 left: the platform's numbers. */
export type MemberStatus = 1 | 2 | 4 | 5

export type Member = {
  userid: string
  name: string
  department: number[]
  order: number[]
  is_leader_in_dept: number[]
  direct_leader: string[]
  main_department: number
  alias: string
  position: string
  mobile: string
  email: string
  biz_mail: string
  gender: string
  telephone: string
  address: string
  avatar: string
  extattr: unknown
  status: MemberStatus
  visible: boolean
  licensed: boolean
  label: string
  shown: boolean
  /** Has joined once: enabled again he is active at once. */
  joined: boolean
  generated: boolean
}

/** What the platform allows (§1.3, §3). Numbers that its pages do not tell are not limited unless a test says so. */
export type Limits = {
  /** Head-count cap of the corporation: 45024 beyond it. */
  accounts: number
  membersPerDepartment: number
  departments: number
  /** Per corporation and API. */
  callsPerMinute: number
  callsPerHour: number
  /** Per source address and API. */
  callsPerMinuteOfAddress: number
  callsPerHourOfAddress: number
  /** Calls of one API at the same time (45033); the platform does not say how many. */
  atOnce: number
  /** Members deleted in an hour before the protection stops it (45026); the platform does not say how many. */
  deletionsPerHour: number
}

export type PrintedCode = { name: string; url: string }

export type SimulatorOptions = {
  host?: '127.0.0.1'
  port?: number
  /** Epoch ms; a test hands in its own clock to pass 5 minutes, 72 hours or 3 days at once. */
  now?: () => number
  corpId: string
  agentId: number
  secret: string
  contactsSecret?: string
  token: string
  encodingAesKey: string
  contactsToken?: string
  contactsEncodingAesKey?: string
  /** The hall as browsers name it; the app's trusted domain. */
  hallOrigin: string
  /** Where the hall really listens; default hallOrigin. */
  hallAddress?: string
  callbackUrl?: string
  contactsCallbackUrl?: string
  appName?: string
  /** QR codes that the school has put up: what a phone may scan. */
  codes?: readonly PrintedCode[]
  departments: Department[]
  members: MemberSeed[]
  limits?: Partial<Limits>
  smtpPort?: number
  /** The school's merchant at WeChat Pay; without one there is no WeChat Pay. */
  pay?: PayOptions
}

/** One try to hand a callback over. */
export type Attempt = { at: number; ms: number; status: number | null; error: string | null }

/** One callback with all its attempts; a failed one stays and can be delivered again. */
export type Delivery = {
  id: string
  channel: 'app' | 'contacts'
  userid: string
  event: string
  key: string
  at: number
  xml: string
  state: 'waiting' | 'delivered' | 'failed'
  /** Switches that were on when it was sent. */
  trouble: string[]
  attempts: Attempt[]
  answer: string
  /** What became of a passive reply in the answer; empty without one. */
  reply: string
}

export type MailAttachment = { filename: string; mimeType: string; size: number; contentId: string; data: Buffer }
export type Mail = {
  id: string
  at: number
  from: string
  to: string[]
  subject: string
  text: string
  html: string
  headers: Record<string, string>
  attachments: MailAttachment[]
  raw: Buffer
}

export type Sms = { id: string; at: number; to: string; text: string }

export type Dropped = { userid: string; msgid: string; msgtype: string; at: number; limit: 'minute' | 'hour' }

/** One call of the server API, for tests that count and for the page's log. */
export type ApiCall = { at: number; path: string; who: string; errcode: number }

import type { CodePurpose } from './rules/codes.ts'

/** A code that was asked for. The code itself stands nowhere: it is an HMAC of purpose and id. */
export interface CodesTable {
  id: string
  purpose: CodePurpose
  /** SHA-256 of what the asker's session is known by */
  session: string
  phone_sealed: string
  phone_index: string
  /** 0: asked for a phone that nobody has; nothing is sent and no code is right */
  deliver: number
  tries: number
  asked_at: number
  expires_at: number
  /** from when on the SMS may have gone out; null again where it surely has not */
  started_at: number | null
  sent_at: number | null
  /** when the provider last put us off */
  troubled_at: number | null
  refused_at: number | null
  /** why not sent: number, template, refused, limited, away, settings, unconfigured, late; unknown: it may have gone out */
  reason: string | null
  used_at: number | null
  /** a newer one took its place */
  ended_at: number | null
}

/** How much was asked for by whom, for limits: phones with the last time, networks with the moment by which their asking is used up. */
export interface AsksTable {
  subject: string
  at: number
}

/** What is to be told to a phone that its person gave up; the number is forgotten once told. */
export interface PhoneNotesTable {
  id: string
  person_id: string
  phone_sealed: string | null
  at: number
  /** from when on the SMS may have gone out */
  started_at: number | null
  sent_at: number | null
  reason: string | null
}

export interface PhoneTables {
  identity_codes: CodesTable
  identity_asks: AsksTable
  identity_phone_notes: PhoneNotesTable
}

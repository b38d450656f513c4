/** Every text that somebody was shown, by its hash: what a consent was given to can be read for ever. */
export interface NoticesTable {
  hash: string
  name: string
  zh: string
  en: string
  kept_at: number
}

export interface ConsentsTable {
  id: string
  person_id: string
  /** the 学工号 under which it was given */
  number: string
  /** which notice: `privacy` for the hall itself, others for what the law wants asked separately */
  name: string
  hash: string
  agreed_at: number
  withdrawn_at: number | null
  /** `person:name` while it lasts, then null */
  lasting: string | null
  /** what a consent for one occasion was given for, as the number of a document; null for one that lasts */
  about: string | null
}

export interface PrivacyTables {
  privacy_notices: NoticesTable
  privacy_consents: ConsentsTable
}

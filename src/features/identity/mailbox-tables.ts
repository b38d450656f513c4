/** A mailbox that a person wants to be reached at, until the mailed link is confirmed. The link's token is an HMAC of the row. */
export interface MailboxesTable {
  id: string
  person_id: string
  /** the number they asked under */
  number: string
  email: string
  asked_at: number
  expires_at: number
  sent_at: number | null
  refused_at: number | null
  /** why not sent: the mailer's code without `mail:`, or late */
  reason: string | null
  used_at: number | null
  /** a newer one took its place */
  ended_at: number | null
}

export interface MailboxTables {
  identity_mailboxes: MailboxesTable
}

/** What happened on one day, counted by kind and unit. Written at night; a day with its mark in `documents_measured` is read from here. */
export interface FiguresTable {
  /** of the school, YYYY-MM-DD */
  day: string
  kind: string
  /** the owner's, as the roster had it that night; '' where it does not know the number */
  unit_id: string
  /**
   * asked, issued, failed, revoked: papers, on the day it happened. version: asked for, by the hash of the template in `about`. sent: files and mails begun, `about` as `mail:bounced`.
   * verified: by `code` or `file`. opened: by links, `opened`, `downloaded`, `refused`. paid, refunded: with the papers that were paid for.
   */
  figure: 'asked' | 'issued' | 'failed' | 'revoked' | 'version' | 'sent' | 'verified' | 'opened' | 'paid' | 'refunded'
  about: string
  number: number
  /** money, where the figure is one of money */
  fen: number
}

/** Days that are written. */
export interface MeasuredTable {
  day: string
  measured_at: number
}

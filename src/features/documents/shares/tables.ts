/** A link by which its owner shows a document to whoever has it. */
interface SharesTable {
  id: string
  document_id: string
  /** its owner, who shared it */
  person_id: string
  /** SHA-256 of what stands in the link: whoever reads the table cannot open it */
  token_hash: string
  /** 1: asked for before anything is shown; it is derived, never kept */
  passcode: number
  /** who it is for, where one was named */
  recipient: string | null
  /** where link and passcode were mailed to */
  address: string | null
  purpose: string | null
  /** how often it was opened */
  views: number
  /** null: as often as anyone likes */
  views_most: number | null
  status: 'open' | 'ended'
  created_at: number
  expires_at: number
  ended_at: number | null
}

/** When somebody came by a link; nothing of where from. */
interface ShareOpeningsTable {
  id: string
  share_id: string
  /** `refused`: after wrong passcodes; `verified`: what it certifies was read at 真伪认证 by its passcode */
  what: 'opened' | 'downloaded' | 'refused' | 'verified'
  at: number
}

export interface ShareTables {
  documents_shares: SharesTable
  documents_share_openings: ShareOpeningsTable
}

export type Share = SharesTable
export type ShareOpening = ShareOpeningsTable

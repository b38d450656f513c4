/** A file that was a document's before its seal was raised, or that stands at the beginning of its file: whoever has it has the document. */
interface RevisionsTable {
  sha256: string
  document_id: string
  /** PAdES level */
  level: string
  made_at: number
}

/** A certificate that papers were sealed with. */
interface SealsTable {
  /** SHA-256 of the certificate */
  fingerprint: string
  first_used_at: number
}

/** That the administrators were told of a certificate's end. */
interface SealWarningsTable {
  /** SHA-256 of the certificate */
  fingerprint: string
  /** so many days ahead, or fewer */
  days: number
  told_at: number
}

export interface SealingTables {
  documents_revisions: RevisionsTable
  documents_seals: SealsTable
  documents_seal_warnings: SealWarningsTable
}

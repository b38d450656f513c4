/** A document that an office's system asked for in a student's place. */
export interface OnBehalfTable {
  document_id: string
  client_id: string
  /** the caller's Idempotency-Key: unique with its client */
  request_key: string
  /** SHA-256 of what was asked under it */
  fingerprint: string
  /** the client's name, as it was then */
  office: string
  purpose: string
  /** the caller's own number for it */
  reference: string | null
  created_at: number
}

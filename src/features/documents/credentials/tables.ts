/** A document's digital credential: made when it is first asked for, the same ever after. */
export interface CredentialsTable {
  document_id: string
  /** random UUIDs: of the credential, and of who it is about. They say nothing, and nothing else has them */
  id: string
  subject: string
  /** which status list, from 0, and where in it: chosen at random, so that neighbours tell nothing */
  list: number
  place: number
  created_at: number
}

/** The public half of every key that has signed: what was signed with it stays verifiable when the key is changed. */
export interface CredentialKeysTable {
  /** its thumbprint (RFC 7638) */
  id: string
  jwk: string
  first_used_at: number
}

/** A person's second factor; there is a row once it was confirmed. */
export interface FactorsTable {
  person_id: string
  /** what app and hall share, base32, sealed */
  secret_sealed: string
  /** the last half minute whose code was taken: the same code is good once */
  last_step: number
  enrolled_at: number
}

export interface RecoveryCodesTable {
  id: string
  person_id: string
  /** SHA-256: 80 random bits need no more */
  code_hash: string
  used_at: number | null
}

export interface FactorTables {
  identity_factors: FactorsTable
  identity_recovery_codes: RecoveryCodesTable
}

/** Passwords that an account had before; kept so that a new one can be told from them. */
export interface PasswordsTable {
  id: string
  number: string
  password_hash: string
  ended_at: number
}

export interface PasswordTables {
  identity_passwords: PasswordsTable
}

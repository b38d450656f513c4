/** Another system of the school that asks the hall in the name of an office. */
export interface ClientsTable {
  id: string
  /** unique: what the trail calls it, and what students read */
  name: string
  /** the office it belongs to */
  unit_id: string
  /** whom to ask when something is wrong */
  contact: string
  /** what the office bases it on: a duty, an agreement signed by the students */
  ground: string
  /** JSON: what it may do */
  scopes: string
  /** JSON: kinds of documents it may do it with */
  kinds: string
  /** JSON: departments whose people it may do it for, those below included; empty: everybody */
  units: string
  per_minute: number
  per_day: number
  expires_at: number
  ended_at: number | null
  /** when its administrators were told that it ends soon */
  warned_at: number | null
  /** to the minute */
  last_used_at: number | null
  created_at: number
  updated_at: number
}

interface TokensTable {
  /** the part of a token that is no secret */
  id: string
  client_id: string
  /** SHA-256 of the secret part, hex: it has 256 random bits, so nobody guesses it from there */
  hash: string
  created_at: number
  /** null: as long as its client */
  ends_at: number | null
}

/** Calls of one client in one minute or day. */
interface UsesTable {
  client_id: string
  slot: string
  uses: number
  ends_at: number
}

export interface ApiTables {
  api_clients: ClientsTable
  api_tokens: TokensTable
  api_uses: UsesTable
}

export type Token = TokensTable

export interface ConnectionsTables {
  connections_connections: ConnectionsTable
}

/** Another system that flows may call; made and tested by an administrator. */
export interface ConnectionsTable {
  id: string
  /** unique: what flows call it by */
  name: string
  note: string
  /** scheme, host and port; a call never leaves it */
  origin: string
  /** JSON: the paths that may be called, the first where the flow says nothing */
  paths: string
  /** GET asks and sends nothing: what a form says belongs in no address */
  method: 'GET' | 'POST' | 'PUT' | 'PATCH'
  /** JSON: names of the headers, in their order */
  header_names: string
  /** sealed JSON: their values, by name; null for none */
  headers: string | null
  /** seconds */
  time_limit: number
  created_at: number
  updated_at: number
  /** when a test was asked for that has not been answered */
  test_asked_at: number | null
  tested_at: number | null
  /** JSON: what the last test brought, { status, error } */
  tested: string | null
}

import type { ScopeKind } from './rules/roles.ts'

export interface GrantsTable {
  id: string
  person_id: string
  role: string
  scope_kind: ScopeKind
  /** a department, a service's or a clearance item's key; '' for everything */
  scope_id: string
  /** what the roster gave, the roster may take */
  source: 'roster' | 'hand'
  /** null where the roster gave it */
  reason: string | null
  granted_by: string | null
  granted_at: number
  starts_at: number
  ends_at: number | null
  /** when holder and security administrators were told that it ends soon */
  noticed_at: number | null
  ended_at: number | null
  /** null where it ended by itself or the roster took it */
  ended_by: string | null
  end_reason: string | null
  /** person, role and scope while it has not ended, then null: nobody holds the same twice, and history may repeat */
  live_key: string | null
}

export interface GrantTables {
  identity_grants: GrantsTable
}

/** A 工作组: people by name, kept by an administrator, whom flows call by its word. */
export interface GroupsTable {
  id: string
  /** as flows write it; never changed */
  word: string
  name: string
  /** what it is for; '' where nobody wrote it */
  purpose: string
  created_at: number
  updated_at: number
}

export interface GroupMembersTable {
  group_id: string
  person_id: string
  /** from 1, in the order of joining: where a step asks one after another, it asks so */
  place: number
  added_at: number
}

export interface GroupTables {
  identity_groups: GroupsTable
  identity_group_members: GroupMembersTable
}

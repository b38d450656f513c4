/** A member of WeCom's address book: one that we want there, or one that was found there. */
export interface MembersTable {
  /** lower case: WeCom compares userids without regard to case (90195) */
  userid_key: string
  /** as WeCom spells it, or as we shall */
  userid: string
  /** the 学工号 whose member this is; null for one who is nobody here */
  number: string | null
  /** what somebody asked for; null where the roster and the settings decide */
  wish: 'present' | 'disabled' | 'gone' | null
  /** a phone given for this member alone, until it was sent */
  mobile_sealed: string | null
  /** since when there is something to write; null where there is not */
  due_at: number | null
  /** a creation was sent: should it have arrived without an answer, the member of this userid is ours */
  sent_at: number | null
  pushed_at: number | null
  /** what we last said of the member, or found agreed, by field, as JSON; a phone by its HMAC only */
  content: string | null
  /** why it could not be written, as `wecom:60104` */
  problem: string | null
  problem_at: number | null
  /** 1 activated, 2 disabled, 4 not activated, 5 left (90196); null where it was never read */
  wecom_status: number | null
  /** when the member was last known to be there */
  seen_at: number | null
  /** entered the app's range (subscribe) and did not leave it since */
  followed_at: number | null
  /** CreateTime (ms) and id of the newest event that was applied: an older one that comes late changes nothing */
  heard_at: number
  heard_id: string
  /** the userid before the platform's rename, for events that still name it */
  former_key: string | null
  created_at: number
  updated_at: number
}

/** A department of WeCom's address book. */
export interface DepartmentsTable {
  department_id: number
  /** the unit it stands for; null for one that is none of ours */
  unit_id: string | null
  name: string
  parent_department: number
  /** what we last said of it, or found agreed, as JSON */
  content: string | null
  /** its number was chosen for a creation whose answer is not known yet */
  reserved_at: number | null
  seen_at: number | null
  problem: string | null
  heard_at: number
  heard_id: string
  created_at: number
  updated_at: number
}

export interface ContactTables {
  identity_members: MembersTable
  identity_departments: DepartmentsTable
}

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

/** A walk through the address book: reading it (`pull`), writing it (`push`), or deciding many differences at once. One of each kind at a time. */
export interface ContactRunsTable {
  id: string
  kind: 'pull' | 'push' | 'decide'
  status: 'running' | 'done' | 'failed'
  /** its kind while it runs, then null: unique, so that two cannot run */
  current_kind: string | null
  /** where it is: the phase, the last key done in it, and how many slices there were */
  phase: string
  cursor_at: string
  position: number
  /** something changed behind it: it is to begin anew when it ends */
  again: number
  /** counts as JSON */
  totals: string
  problem: string | null
  /** the platform's limit was met: goes on then */
  waits_until: number | null
  /** who began it; null for the timetable and the roster */
  person_id: string | null
  started_at: number
  updated_at: number
  finished_at: number | null
}

/** What WeCom says otherwise than we do; one field of one subject. */
export interface DifferencesTable {
  id: string
  /** `m:` and a userid in lower case, `d:` and a department's number, `u:` and a unit's id */
  subject: string
  field: string
  /** the 学工号, where the member is somebody's */
  number: string | null
  /** whom or what it is about, as a reader knows it */
  name: string
  ours: string | null
  theirs: string | null
  /** why it could not be written */
  problem: string | null
  /** ours: waits to be written; ignore: for this field from now on */
  decision: 'open' | 'ours' | 'ignore'
  decided_by: string | null
  decided_at: number | null
  first_seen: number
  /** of the last run that found it */
  seen_at: number
}

export interface ContactTables {
  identity_members: MembersTable
  identity_departments: DepartmentsTable
  identity_contact_runs: ContactRunsTable
  identity_differences: DifferencesTable
}

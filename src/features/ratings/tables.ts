export interface RatingsTables {
  ratings_ratings: RatingsTable
  ratings_follow_ups: FollowUpsTable
}

/** 好差评 of one application. */
export interface RatingsTable {
  id: string
  /** unique: one matter, one rating */
  application_id: string
  service_key: string
  /** as the application was called and numbered, and who applied */
  number: string
  title: string
  person_id: string
  person_number: string
  person_name: string
  /** 5 非常满意 … 1 非常不满意 */
  step: number
  /** keys of rules.ts, by comma */
  aspects: string
  words: string
  created_at: number
  changed_at: number
}

export type FollowUpStatus = 'open' | 'answered' | 'closed'

/** What a department owes to who was not content. */
export interface FollowUpsTable {
  id: string
  /** unique */
  rating_id: string
  service_key: string
  /** the department that answers for the service; null where its file names none */
  unit_id: string | null
  status: FollowUpStatus
  due_at: number
  opened_at: number
  /** when those who owe the answer were told last that it is over its time */
  reminded_at: number | null
  /** what the person was told last, by whom and when */
  answer: string | null
  answered_by: string | null
  answered_at: number | null
  /** what was done, for colleagues */
  note: string | null
  closed_by: string | null
  closed_at: number | null
}

/** What keeps papers of a number from being issued. */
export interface HoldsTable {
  id: string
  number: string
  /** a file of catalogue/holds */
  type: string
  /** as the person reads it */
  reason: string
  source: 'console' | 'import' | 'api'
  /** days, both included */
  since: string
  until: string | null
  status: 'on' | 'lifted'
  /** number and type; one of a type at a time. null once it was lifted */
  open_key: string | null
  lifted_reason: string | null
  created_at: number
  ended_at: number | null
}

/** What a person says is wrong on the preview of a paper. */
export interface CorrectionsTable {
  id: string
  person_id: string
  person_number: string
  person_name: string
  /** the department of the number; null where it is in no roster any more */
  unit_id: string | null
  kind: string
  /** the line pointed at, see lines.ts */
  line: string
  /** the line as it was printed */
  printed: string
  said: string
  status: 'open' | 'mended' | 'kept' | 'withdrawn'
  /** number and line; nobody reports one line twice at a time. null once it has ended */
  open_key: string | null
  answer: string | null
  answered_by: string | null
  created_at: number
  ended_at: number | null
}

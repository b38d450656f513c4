/** One reading of the school's own grades (GRADES_SOURCE). */
export interface GradeRunsTable {
  id: string
  /** where it read */
  place: string
  /** 学工号 of who asked; null: the timetable */
  asked_by: string | null
  /** offered: read and not written, until somebody says whether it shall be; left: it was not */
  status: 'reading' | 'offered' | 'writing' | 'done' | 'failed' | 'left'
  /** 'now' while it reads or writes: unique, so that only one does */
  turn: string | null
  /** the day that the data is of, YYYY-MM-DD; null until it is known */
  data_on: string | null
  /** JSON of RunCounts */
  counts: string
  /** JSON: the first of what is wrong in the rows */
  errors: string
  /** JSON of a sentence with its parameters: why it failed, or what the last try met */
  why: string | null
  /** JSON: the first of what differs, where that is shown before it is written */
  differences: string | null
  began_at: number
  ended_at: number | null
}

/** All that the source says of a student who differs from what is known, as it was read; gone once it is written or left. */
export interface GradeProposalsTable {
  run_id: string
  number: string
  data_on: string
  /** JSON: columns that the source tells of */
  present: string
  /** JSON of GradeRow[] */
  grades: string
}

/** What a run came to. Of a run that was broken off and begun again, what it wrote before counts; what it read is read again. */
export type RunCounts = {
  rows: number
  created: number
  changed: number
  unchanged: number
  /** grades that the source no longer has */
  removed: number
  /** rows of numbers that are not in the roster */
  strangers: number
  /** things wrong in rows */
  wrong: number
  /** students left as they were because a row of theirs is wrong */
  left: number
}

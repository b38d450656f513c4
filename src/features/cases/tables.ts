export interface CasesTables {
  cases_moves: MovesTable
  cases_move_items: MoveItemsTable
  cases_figures: FiguresTable
  cases_measured: MeasuredTable
  cases_exports: ExportsTable
  cases_column_sets: ColumnSetsTable
}

/** 迁移: applications of one service that are to go on with another of its versions, by a job. */
export interface MovesTable {
  id: string
  service_key: string
  version_id: string
  version: number
  reason: string
  by_id: string
  by_number: string | null
  by_name: string
  total: number
  created_at: number
  ended_at: number | null
}

/** One of them, and what became of it; written with the move itself. */
export interface MoveItemsTable {
  id: string
  move_id: string
  application_id: string
  outcome: 'waiting' | 'moved' | 'kept'
  /** JSON: why it was kept, a phrase with its params */
  sentence: string | null
}

/** What happened on one day, counted: alike are those that took as long. Written once, at night; a day with its mark in `cases_measured` stays as it is. */
export interface FiguresTable {
  /** of the school, YYYY-MM-DD */
  day: string
  service_key: string
  /** received, returned: counts alone. approved, rejected, other: from the first sending to the end. step, person: from its beginning to its end. */
  figure: 'received' | 'returned' | 'approved' | 'rejected' | 'other' | 'step' | 'person'
  /** of a step its id, of a person theirs; else '' */
  about: string
  /** how long it took, rounded (rules/figures.ts); 0 for counts alone */
  minutes: number
  /** what a step was called; else '' */
  label: string
  number: number
  /** how many of them were over their time */
  late: number
}

/** Days that are written. */
export interface MeasuredTable {
  day: string
  measured_at: number
}

/** A list of applications as a workbook, made by a job and taken away again. */
export interface ExportsTable {
  id: string
  /** who asked for it, and alone may fetch it */
  person_id: string
  service_key: string
  language: 'zh' | 'en'
  /** JSON: the list's address, by name */
  query: string
  /** JSON: keys of columns, in their order */
  columns: string
  written: number
  /** as counted when it was asked for */
  total: number
  /** where the workbook is kept; null until it is whole */
  sha256: string | null
  created_at: number
  ended_at: number | null
  gone_at: number | null
}

/** Columns that somebody chose for the exports of a service. */
export interface ColumnSetsTable {
  id: string
  person_id: string
  service_key: string
  name: string
  /** JSON: keys of columns, in their order */
  columns: string
}

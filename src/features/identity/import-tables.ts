import type { Standing } from './tables.ts'

export type ImportKind = 'units' | 'staff' | 'students'
/** refused: the file itself could not be read; stopped: by somebody, or because a slice failed again and again */
export type ImportStatus = 'reading' | 'refused' | 'checked' | 'applying' | 'stopped' | 'done' | 'dropped'

export interface ImportsTable {
  id: string
  kind: ImportKind
  file_name: string
  status: ImportStatus
  person_id: string | null
  created_at: number
  finished_at: number | null
  /** what the file is and what would change, as JSON */
  preview: string
  /** why the file as a whole is not taken, as JSON */
  errors: string
}

/** What is known of an import's file, and how its work goes. */
export interface ImportFilesTable {
  import_id: string
  sha256: string
  /** bytes */
  size: number
  /** the one that somebody chose; null: as the bytes look */
  encoding: 'utf-8' | 'gb18030' | null
  /** taken while rows are written, by one import at a time */
  turn: 'roster' | null
  /** how often the work was begun, so that each beginning enqueues anew */
  runs: number
  applied_by: string | null
  applied_as: string | null
  /** when the present work began, and the rows that were done before it: what the rest will take follows from it */
  began_at: number | null
  began_rows: number
}

/** A piece of the uploaded bytes, kept until they are written or dropped. */
export interface ImportPartsTable {
  import_id: string
  position: number
  bytes_sealed: string
}

/** conflict: the person changed after the preview, so that the row was passed over; left: the import was stopped before it, for good */
export type RowOutcome = 'created' | 'changed' | 'unchanged' | 'refused' | 'conflict' | 'left'

/** What a row of the file comes to. */
export interface ImportRowsTable {
  import_id: string
  /** as the spreadsheet counts */
  line: number
  outcome: RowOutcome
  number: string | null
  name: string | null
  unit_id: string | null
  /** changes, faults and notes, masked, as JSON */
  told: string
}

/** A piece of an uploaded roster, written in a transaction of its own. */
export interface ImportSlicesTable {
  id: string
  import_id: string
  position: number
  row_count: number
  /** values, and for refused rows the cells as they came; after the writing the refused ones alone, and in the end nothing */
  rows_sealed: string
  outcome: string | null
  done_at: number | null
}

/** People who are not in the file, given another standing together. */
export interface ImportMarksTable {
  id: string
  import_id: string
  unit_id: string | null
  standing: Standing
  reason: string
  person_id: string
  number: string | null
  total: number
  done: number
  created_at: number
  finished_at: number | null
}

export interface ImportTables {
  identity_imports: ImportsTable
  identity_import_files: ImportFilesTable
  identity_import_parts: ImportPartsTable
  identity_import_rows: ImportRowsTable
  identity_import_slices: ImportSlicesTable
  identity_import_marks: ImportMarksTable
}

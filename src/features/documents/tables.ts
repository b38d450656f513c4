import type { BatchesTable, BatchItemsTable } from './batches/tables.ts'
import type { OnBehalfTable } from './api/tables.ts'
import type { CorrectionsTable } from './corrections/tables.ts'
import type { CredentialKeysTable, CredentialsTable } from './credentials/tables.ts'
import type { GradeProposalsTable, GradeRunsTable } from './grades/runs/tables.ts'
import type { HoldsTable } from './holds/tables.ts'
import type { RequestsTable } from './requests/tables.ts'
import type { SealingTables } from './sealing/tables.ts'
import type { ShareTables } from './shares/tables.ts'
import type { TerminalTables } from './terminals/tables.ts'
import type { FiguresTable, MeasuredTable } from './statistics/tables.ts'

/** A template text, kept by its hash: what a document was drawn from never changes under it. */
interface TemplatesTable {
  hash: string
  kind: string
  source: string
  kept_at: number
}

interface DocumentsTable {
  id: string
  kind: string
  title: string
  /** the number printed on it (文号) */
  number: string
  /** 16 characters, see platform/ids.ts */
  code: string
  person_id: string
  person_number: string
  application_id: string | null
  /** 办结单: of which application it tells; null for what an application brought */
  record_of: string | null
  /** what the record is of, with what of it; unique while it holds */
  record_key: string | null
  /** what it certifies, as it was when it was reserved */
  facts: string
  template_hash: string
  /** where it goes by mail; null: nowhere */
  mail_to: string | null
  status: 'reserved' | 'issued' | 'impossible' | 'revoked'
  /** why it is impossible, or why it was revoked */
  reason: string | null
  sha256: string | null
  /** SHA-256 of the certificate it was sealed with; null before that, and where that was not kept yet */
  sealed_by: string | null
  /** PAdES level reached */
  level: string | null
  /** until when its last time stamp over the whole proves it, epoch ms; null: it has none */
  archived_until: number | null
  created_at: number
  issued_at: number | null
  ended_at: number | null
}

interface VerificationsTable {
  id: string
  document_id: string
  at: number
  how: 'code' | 'file' | 'badge'
  /** for whom the asker asks, as they say */
  organisation: string | null
}

/** Wrong codes of one address in one window of time. */
interface GuessesTable {
  /** HMAC of the address, with the window */
  slot: string
  misses: number
  ends_at: number
}

interface SerialsTable {
  /** as 20261121 */
  day: string
  last: number
}

/** A course taken once; its retake is a row of its own. */
interface GradesTable {
  id: string
  number: string
  year: string
  term: string
  course_code: string
  course: string
  course_en: string | null
  nature: string | null
  credits: number
  /** a mark, or a word of a scale */
  mark: string
  /** 正常考试, 补考, 重修…; '' where not told */
  exam: string
  updated_at: number
}

/** As of which day the grades of a number are known. */
interface GradeDatesTable {
  number: string
  /** YYYY-MM-DD */
  data_on: string
}

/** A paper that another took the place of. */
interface ReplacementsTable {
  document_id: string
  replaced_by: string
  at: number
}

export interface DocumentsTables extends ShareTables, SealingTables, TerminalTables {
  documents_on_behalf: OnBehalfTable
  documents_credentials: CredentialsTable
  documents_credential_keys: CredentialKeysTable
  documents_batches: BatchesTable
  documents_batch_items: BatchItemsTable
  documents_replacements: ReplacementsTable
  documents_figures: FiguresTable
  documents_measured: MeasuredTable
  documents_grades: GradesTable
  documents_grade_dates: GradeDatesTable
  documents_grade_runs: GradeRunsTable
  documents_grade_proposals: GradeProposalsTable
  documents_corrections: CorrectionsTable
  documents_holds: HoldsTable
  documents_requests: RequestsTable
  documents_templates: TemplatesTable
  documents_documents: DocumentsTable
  documents_verifications: VerificationsTable
  documents_guesses: GuessesTable
  documents_serials: SerialsTable
}

export type DocumentRow = Omit<DocumentsTable, 'facts'> & { facts: Record<string, string> }

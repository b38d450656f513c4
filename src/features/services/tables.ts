import type { AttachmentType } from './fields/files.ts'
import type { Status } from './rules/application.ts'
import type { Reason } from './rules/corrections.ts'
import type { ScanStatus } from './rules/scan.ts'

export interface ServicesTables {
  services_versions: VersionsTable
  services_publications: PublicationsTable
  services_proposals: ProposalsTable
  services_applications: ApplicationsTable
  services_attachments: AttachmentsTable
  services_counters: CountersTable
  services_revisions: RevisionsTable
  services_secrets: SecretsTable
  services_corrections: CorrectionsTable
  services_reservations: ReservationsTable
  services_things: ThingsTable
  services_usual_times: UsualTimesTable
  services_passes: PassesTable
  services_closing_notes: ClosingNotesTable
}

/** What a service was when it was published; never changed. An application points to the one it was sent with. */
interface VersionsTable {
  id: string
  service_key: string
  /** from 1, per service */
  version: number
  /** JSON of the catalogue file */
  definition: string
  /** SHA-256 of `definition` */
  hash: string
  published_at: number
}

/** What was done with a service in the hall, in order; rows are only added, and the last of a service says how it stands. */
interface PublicationsTable {
  service_key: string
  /** from 1, per service */
  turn: number
  act: 'published' | 'withdrawn' | 'restored'
  /** the version that applications are sent with from then on */
  version_id: string
  /** 1: it takes applications; 0: it is withdrawn */
  offered: number
  /** 1: a file of `catalogue/services/` brought it */
  by_file: number
  /** what was changed, or why it was withdrawn */
  note: string
  person_id: string | null
  person_name: string | null
  at: number
}

/** What was uploaded for a service and is not published; nothing runs on it. One at a time. */
interface ProposalsTable {
  service_key: string
  /** JSON, as of a version */
  definition: string
  /** SHA-256 of `definition` */
  hash: string
  /** of the upload, as it was called */
  file_name: string
  person_id: string
  person_name: string
  created_at: number
}

interface ApplicationsTable {
  id: string
  /** as 20261121-0001, from the day it was sent; null for a draft */
  number: string | null
  service_key: string
  version_id: string
  /** the service's title then, so that lists need no definitions */
  title: string
  person_id: string
  /** the 学工号 that was signed in */
  person_number: string
  person_name: string
  status: Status
  /** person and service while it is a draft, then null: there is one draft of each */
  draft_key: string | null
  /** JSON: what the person has typed but not sent, as typed */
  draft: string | null
  /** JSON: what was accepted at the last submission */
  form: string | null
  /** JSON: of the fields that were filled in already at the last submission, where from and whether changed (prefill.ts) */
  sources: string | null
  instance_id: string | null
  /** how often it was sent */
  revision: number
  created_at: number
  /** when the person last typed something into the draft; null for a form that was only opened */
  saved_at: number | null
  /** when it was first sent */
  submitted_at: number | null
  /** by when an end was promised; what the applicant took for corrections is not counted */
  due_at: number | null
  ended_at: number | null
  /** when its content will be deleted; null until the night after it was last touched or ended */
  expires_at: number | null
  /** when its person was told of that */
  warned_at: number | null
  /** since when only the line is left: number, service, times, outcome */
  forgotten_at: number | null
  /** why an administrator keeps it from being deleted */
  hold_reason: string | null
}

interface AttachmentsTable {
  id: string
  application_id: string
  field: string
  /** where the bytes are kept, see integrations/files */
  sha256: string
  /** cleaned, with the extension of its content */
  name: string
  type: AttachmentType
  /** bytes */
  size: number
  /** 1: taken off what is being typed. The row stays, because a revision sent before may hold it. */
  removed: number
  /** what is known about viruses in it (rules/scan.ts) */
  status: ScanStatus
  /** person's id; null for what came before this was noted */
  uploaded_by: string | null
  created_at: number
}

interface CountersTable {
  /** as 20261121 */
  day: string
  last: number
}

/** The form of each submission: what an approver saw stays what was seen. */
interface RevisionsTable {
  id: string
  application_id: string
  /** from 1 */
  revision: number
  form: string
  submitted_at: number
}

/** What of a form rests sealed, as an ID number; the form itself holds its mask. */
interface SecretsTable {
  id: string
  application_id: string
  field: string
  /** from 1; 0 while it is typed */
  revision: number
  sealed: string
}

/** What an approver asked to be corrected, field by field, when a submission was returned. */
interface CorrectionsTable {
  id: string
  application_id: string
  /** of the submission that it is about */
  revision: number
  field: string
  reason: Reason
  note: string
  person_id: string
  person_name: string
  created_at: number
}

/** Who has a thing when. Two of one thing never share a minute; what is let go of is deleted. */
interface ReservationsTable {
  id: string
  /** service and the option chosen, as meeting-room/admin/a201 */
  thing: string
  /** as 2026-12-08T14:00, in the school's time; up to `ends`, which is free again */
  starts: string
  ends: string
  application_id: string
}

/** A row for each thing that was ever reserved, and for each service or person whose places are counted; held while somebody takes one. */
interface ThingsTable {
  thing: string
  turns: number
}

/** How long a service takes, measured every night. */
interface UsualTimesTable {
  service_key: string
  /** applications decided in the year before */
  finished: number
  /** nine of ten of them took no longer */
  minutes: number
  measured_at: number
}

/** Who may send one application past the limits of a service. */
interface PassesTable {
  id: string
  service_key: string
  person_id: string
  /** person and service until it is used, then null: nobody has two at once */
  open_key: string | null
  reason: string
  by_name: string
  created_at: number
  /** what it was used for */
  application_id: string | null
}

/** Which drafts their people were told to send before the end. */
interface ClosingNotesTable {
  application_id: string
  /** the end, as the definition said it then */
  closes: string
}

import type { ApiTables } from './features/api/tables.ts'
import type { ApprovalsTables } from './features/approvals/tables.ts'
import type { CallbacksTables } from './features/callbacks/tables.ts'
import type { CasesTables } from './features/cases/tables.ts'
import type { ConnectionsTables } from './features/connections/tables.ts'
import type { DocumentsTables } from './features/documents/tables.ts'
import type { HallTables } from './features/hall/tables.ts'
import type { HelpdeskTables } from './features/helpdesk/tables.ts'
import type { IdentityTables } from './features/identity/tables.ts'
import type { MessagesTables } from './features/messages/tables.ts'
import type { PaymentsTables } from './features/payments/tables.ts'
import type { PrivacyTables } from './features/privacy/tables.ts'
import type { RatingsTables } from './features/ratings/tables.ts'
import type { ServicesTables } from './features/services/tables.ts'
import type { EventsTable } from './platform/events.ts'
import type { JobsTable } from './platform/jobs.ts'
import type { LeasesTable } from './platform/lease.ts'

interface PlatformTables {
  events: EventsTable
  jobs: JobsTable
  leases: LeasesTable
}

/** The whole database as one type. */
export interface Tables extends
  PlatformTables, ApiTables, CallbacksTables, CasesTables, ConnectionsTables, IdentityTables, MessagesTables, PaymentsTables, ApprovalsTables, ServicesTables, HallTables, DocumentsTables, HelpdeskTables, PrivacyTables, RatingsTables {}

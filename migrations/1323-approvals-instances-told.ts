import { type Kysely, sql } from 'kysely'

// What services tells of its applications from now on, for those that were handed over before.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`update approvals_instances set
    reference = (select number from services_applications where services_applications.id = approvals_instances.subject),
    topic = (select service_key from services_applications where services_applications.id = approvals_instances.subject)
    where kind = 'services.application' and reference is null`.execute(db)
}

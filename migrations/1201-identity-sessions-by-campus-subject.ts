import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('identity_sessions_by_campus_subject').on('identity_sessions').column('campus_subject').execute()
}

import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('identity_roles_by_role').on('identity_roles').columns(['role']).execute()
}

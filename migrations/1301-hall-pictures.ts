import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('hall_pictures').ifNotExists()
    .addColumn('sha256', 'varchar(64)', column => column.primaryKey())
    .addColumn('type', 'varchar(10)', column => column.notNull())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .execute()
}

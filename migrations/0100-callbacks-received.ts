import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('callbacks_received').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('source', 'varchar(20)', column => column.notNull())
    .addColumn('event', 'varchar(64)', column => column.notNull())
    .addColumn('sha256', 'varchar(64)', column => column.notNull().unique())
    .addColumn('body', sql`longtext`, column => column.notNull())
    .addColumn('received_at', 'bigint', column => column.notNull())
    .execute()
}

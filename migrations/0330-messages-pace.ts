import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('messages_pace').ifNotExists()
    .addColumn('userid', 'varchar(255)', column => column.primaryKey())
    .addColumn('at', 'bigint', column => column.notNull())
    .execute()
}

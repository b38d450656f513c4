import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('messages_cards').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('task_id', 'varchar(100)', column => column.notNull())
    .addColumn('wecom_task_id', 'varchar(128)', column => column.notNull().unique())
    .addColumn('person_id', 'varchar(26)', column => column.notNull())
    .addColumn('delivery_id', 'varchar(26)', column => column.notNull())
    .addColumn('status', 'varchar(10)', column => column.notNull())
    .addColumn('text', 'varchar(500)')
    .addColumn('response_code', 'varchar(600)')
    .addColumn('code_expires_at', 'bigint')
    .addColumn('tries', 'integer', column => column.notNull())
    .addColumn('created_at', 'bigint', column => column.notNull())
    .addColumn('changed_at', 'bigint', column => column.notNull())
    .addUniqueConstraint('messages_cards_task_person', ['task_id', 'person_id'])
    .execute()
}

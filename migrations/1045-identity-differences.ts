import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('identity_differences').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('subject', 'varchar(70)', column => column.notNull())
    .addColumn('field', 'varchar(30)', column => column.notNull())
    .addColumn('number', 'varchar(32)')
    .addColumn('name', 'varchar(100)', column => column.notNull())
    .addColumn('ours', 'varchar(400)')
    .addColumn('theirs', 'varchar(400)')
    .addColumn('problem', 'varchar(40)')
    .addColumn('decision', 'varchar(10)', column => column.notNull())
    .addColumn('decided_by', 'varchar(26)')
    .addColumn('decided_at', 'bigint')
    .addColumn('first_seen', 'bigint', column => column.notNull())
    .addColumn('seen_at', 'bigint', column => column.notNull())
    .addUniqueConstraint('identity_differences_field', ['subject', 'field'])
    .execute()
}

import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('identity_recovery_codes').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('person_id', 'varchar(26)', column => column.notNull())
    .addColumn('code_hash', 'varchar(64)', column => column.notNull())
    .addColumn('used_at', 'bigint')
    .addUniqueConstraint('identity_recovery_codes_once', ['person_id', 'code_hash'])
    .execute()
}

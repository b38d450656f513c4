import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('documents_grades').ifNotExists()
    .addColumn('id', 'varchar(26)', column => column.primaryKey())
    .addColumn('number', 'varchar(40)', column => column.notNull())
    .addColumn('year', 'varchar(20)', column => column.notNull())
    .addColumn('term', 'varchar(10)', column => column.notNull())
    .addColumn('course_code', 'varchar(32)', column => column.notNull())
    .addColumn('course', 'varchar(100)', column => column.notNull())
    .addColumn('course_en', 'varchar(200)')
    .addColumn('nature', 'varchar(20)')
    .addColumn('credits', 'double precision', column => column.notNull())
    .addColumn('mark', 'varchar(20)', column => column.notNull())
    .addColumn('exam', 'varchar(20)', column => column.notNull())
    .addColumn('updated_at', 'bigint', column => column.notNull())
    .addUniqueConstraint('documents_grades_once', ['number', 'year', 'term', 'course_code', 'exam'])
    .execute()
}

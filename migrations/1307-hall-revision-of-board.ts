import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql`select name from hall_revisions where name = 'board'`.execute(db)
  if (rows.length === 0) await sql`insert into hall_revisions (name, revision) values ('board', 1)`.execute(db)
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { App } from '../../../src/app.ts'
import { databaseUrl, type Cleaner } from '../../support/database.ts'

/** Another database with the same rows. Returns its address. */
export async function copyDatabase(t: Cleaner, { config, database: { db, dialect } }: App): Promise<string> {
  if (dialect === 'sqlite') {
    const folder = mkdtempSync(join(tmpdir(), 'hall-copy-'))
    t.after(() => rmSync(folder, { recursive: true, force: true }))
    const path = join(folder, 'hall.db')
    await sql`vacuum into ${path}`.execute(db)
    return `sqlite:${path}`
  }
  const url = await databaseUrl(t)
  const [from, to] = [config.databaseUrl, url].map(each => new URL(each).pathname.slice(1))
  const { rows } = await sql<{ name: string }>`select table_name as name from information_schema.tables where table_schema = ${from}`.execute(db)
  for (const { name } of rows) {
    const [source, target] = [sql.table(`${from}.${name}`), sql.table(`${to}.${name}`)]
    await sql`create table ${target} like ${source}`.execute(db)
    await sql`insert into ${target} select * from ${source}`.execute(db)
  }
  return url
}

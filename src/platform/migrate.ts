import { promises as fs } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import { FileMigrationProvider, type Migration, Migrator } from 'kysely/migration'
import { type Database, isMadeAlready } from './db.ts'

const folder = path.join(import.meta.dirname, '../../migrations')

/** Brings the database up; several nodes may start it at once. Returns the names of what it ran. */
export async function migrate(database: Database): Promise<string[]> {
  // Under the default collations 'A' = 'a' and a unique key would take two codes for one; SQLite compares bytes.
  if (database.dialect === 'mysql') await sql`alter database character set utf8mb4 collate utf8mb4_bin`.execute(database.db)
  const { error, results = [] } = await migratorOf(database).migrateToLatest()
  if (error) throw error
  return results.filter(result => result.status === 'Success').map(result => result.migrationName)
}

/** Names of migrations that have not run yet. */
export async function pendingMigrations(database: Database): Promise<string[]> {
  const all = await migratorOf(database).getMigrations()
  return all.filter(migration => migration.executedAt === undefined).map(migration => migration.name)
}

function migratorOf({ db, dialect }: Database): Migrator {
  const files = new FileMigrationProvider({ fs, path, migrationFolder: folder })
  return new Migrator({ db, provider: dialect === 'sqlite' ? files : { getMigrations: async () => repeatable(await files.getMigrations()) } })
}

/**
 * MySQL commits each change of a table by itself, so a process may end between the change and its record. A migration is one change:
 * found made, it is done.
 */
function repeatable(migrations: Record<string, Migration>): Record<string, Migration> {
  return Object.fromEntries(Object.entries(migrations).map(([name, { up }]) => [name, {
    up: db => up(db).catch((error: unknown) => { if (!isMadeAlready(error)) throw error }),
  }]))
}

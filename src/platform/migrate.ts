import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
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
  return new Migrator({ db, provider: { getMigrations: () => migrations(dialect === 'mysql' ? repeatable : async up => up()) } })
}

/** All of the folder by their names. Each is loaded when it runs: at a start, which only counts them, they are hundreds. */
async function migrations(run: (up: () => Promise<void>) => Promise<void>): Promise<Record<string, Migration>> {
  const files = (await readdir(folder)).filter(name => name.endsWith('.ts'))
  return Object.fromEntries(files.map(file => [path.basename(file, '.ts'), {
    async up(db) {
      const migration: Migration = await import(path.join(folder, file))
      await run(() => migration.up(db))
    },
  }]))
}

/**
 * MySQL commits each change of a table by itself, so a process may end between the change and its record. A migration is one change:
 * found made, it is done.
 */
async function repeatable(up: () => Promise<void>): Promise<void> {
  await up().catch((error: unknown) => { if (!isMadeAlready(error)) throw error })
}

import { copyFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Clock, testClock } from '../../src/platform/clock.ts'
import { type Database, openDatabase } from '../../src/platform/db.ts'
import type { Reaction } from '../../src/platform/events.ts'
import type { Job } from '../../src/platform/jobs.ts'
import { createLog } from '../../src/platform/log.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { scratch } from './scratch.ts'
import { startMariadb } from './servers.ts'

export type Store = 'sqlite' | 'mariadb'

/** A test, or a file whose tests share what is started: `{ after }` of node:test. */
export type Cleaner = { after(clean: () => unknown): void }

/** Which database this run of the tests is on; `npm test` runs them on both. */
export const store: Store = process.env.HALL_TEST_STORE === 'mariadb' ? 'mariadb' : 'sqlite'

/** Nothing below an error is worth a line in a test run. */
export const quietLog = createLog(process.env.LOG_LEVEL ?? 'silent')

/**
 * The address of a database that holds what `fill` writes into an empty one, gone after the test. Filled once for each
 * `name` in a run and copied from then on: a tenth of the time.
 */
export async function filledDatabaseUrl(t: Cleaner, name: string, fill: (url: string) => Promise<void>): Promise<string> {
  return store === 'mariadb' ? copyOnMariadb(t, name, fill) : copyOnSqlite(t, name, fill)
}

async function copyOnSqlite(t: Cleaner, name: string, fill: (url: string) => Promise<void>): Promise<string> {
  const template = join(scratch, `${name}.db`)
  if (!existsSync(template)) {
    const draft = join(scratch, `${name}-${process.pid}.db`)
    await fill(`sqlite:${draft}`)
    // Whoever else fills one at this moment fills it with the same.
    renameSync(draft, template)
  }
  const url = await databaseUrl(t)
  copyFileSync(template, url.slice('sqlite:'.length))
  return url
}

async function copyOnMariadb(t: Cleaner, name: string, fill: (url: string) => Promise<void>): Promise<string> {
  const server = await startMariadb()
  t.after(() => server.stop())
  const known = join(scratch, `${name}.mariadb`)
  if (!existsSync(known)) {
    const draft = `template_${name}_${process.pid}`
    await fill(await server.createTemplate(draft))
    writeFileSync(`${known}-${process.pid}`, draft)
    renameSync(`${known}-${process.pid}`, known)
  }
  return server.copyDatabase(readFileSync(known, 'utf8'))
}

/** The address of an empty database of this run's kind, gone after the test. */
export async function databaseUrl(t: Cleaner): Promise<string> {
  if (store === 'mariadb') {
    const server = await startMariadb()
    t.after(() => server.stop())
    return server.createDatabase()
  }
  const directory = mkdtempSync(join(scratch, 'db-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  return `sqlite:${join(directory, 'hall.db')}`
}

type Listening = { clock?: Clock; reactions?: readonly Reaction[]; jobs?: readonly Job[] }

/** A migrated database of its own for one test. */
export async function openTestDatabase(t: Cleaner, { clock = testClock(), reactions = [], jobs = [] }: Listening = {}): Promise<Database> {
  const listeners = {
    reactions: Map.groupBy(reactions, reaction => reaction.event),
    jobs: Map.groupBy(jobs.filter(job => job.on !== undefined), job => job.on ?? ''),
  }
  const url = await filledDatabaseUrl(t, 'empty', async template => {
    const database = openDatabase({ url: template, clock, listeners })
    await migrate(database)
    await database.close()
  })
  const database = openDatabase({ url, clock, listeners })
  t.after(() => database.close())
  return database
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, testClock } from '../../src/platform/clock.ts'
import { type Database, openDatabase } from '../../src/platform/db.ts'
import type { Reaction } from '../../src/platform/events.ts'
import type { Job } from '../../src/platform/jobs.ts'
import { createLog } from '../../src/platform/log.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { startMariadb } from './servers.ts'

export type Store = 'sqlite' | 'mariadb'

/** A test, or a file whose tests share what is started: `{ after }` of node:test. */
export type Cleaner = { after(clean: () => unknown): void }

/** Which database this run of the tests is on; `npm test` runs them on both. */
export const store: Store = process.env.HALL_TEST_STORE === 'mariadb' ? 'mariadb' : 'sqlite'

/** Nothing below an error is worth a line in a test run. */
export const quietLog = createLog(process.env.LOG_LEVEL ?? 'silent')

/** The address of an empty database of this run's kind, gone after the test. */
export async function databaseUrl(t: Cleaner): Promise<string> {
  if (store === 'mariadb') {
    const server = await startMariadb()
    t.after(() => server.stop())
    return server.createDatabase()
  }
  const directory = mkdtempSync(join(tmpdir(), 'hall-db-'))
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
  const url = await databaseUrl(t)
  const database = openDatabase({ url, clock, listeners })
  await migrate(database)
  t.after(() => database.close())
  return database
}

import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import { createVault } from '../../src/features/identity/vault.ts'
import { queueSlice } from '../../src/features/identity/verbs/import/apply.ts'
import { beginImport } from '../../src/features/identity/verbs/import/decide.ts'
import { receiveImport } from '../../src/features/identity/verbs/import/receive.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { openDatabase } from '../../src/platform/db.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { type Cleaner, databaseUrl } from '../support/database.ts'
import { student, xlsxOf } from '../support/roster.ts'
import { openByHand, type Statement } from './support/by-hand.ts'
import type { Figure, Row } from './support/figure.ts'

const ROWS = 40_000
const SLICE = 200

/**
 * A roster of new students as a workbook, from its bytes to the last person: read, checked row by row, kept as a preview, then written, all by
 * jobs. The limit: the rows that this leaves behind, put into an empty database by the bare driver, as many to a transaction. And whether the
 * memory it takes grows with the file: what is told is the most of the last quarter of a phase against the most of its first. On SQLite a part
 * of the growth is the page cache (64 MB) filling up.
 */
export const roster: Figure = {
  stores: ['sqlite', 'mariadb'],
  async measure(t, { share }) {
    const rows = Math.max(2000, Math.round(ROWS * share))
    const hall = await startTestApp(t)
    const file = await xlsxOf(students(rows))
    const began = performance.now()
    const [id, reading] = await read(hall, file, rows)
    const writing = await write(hall, id, rows)
    const ours = rows / (performance.now() - began) * 1000
    const limit = await byHand(t, hall, rows)
    const named = `roster, ${rows.toLocaleString('en')} rows`
    return [
      told(`${named} (limit: bare inserts)`, `${ours.toFixed(0)} rows/s`, `${limit.toFixed(0)} rows/s`, ours / limit, null),
      told(`${named}, memory read (limit: at first)`, mb(reading.last), mb(reading.first), reading.last / reading.first, 1.25),
      told(`${named}, memory written (limit: at first)`, mb(writing.last), mb(writing.first), writing.last / writing.first, 1.25),
    ]
  },
}

function* students(count: number) {
  for (let at = 0; at < count; at++) yield student(at)
}

function told(name: string, ours: string, limit: string, ratio: number, atMost: number | null): Row {
  return { name, ours, limit, ratio, spread: '', reach: atMost === null ? 'told' : `≤ ${atMost}`, reached: atMost === null ? null : ratio <= atMost }
}

function mb(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MB`
}

type Peaks = { first: number; last: number }

async function read({ app: { database, keyring } }: TestApp, bytes: Buffer, rows: number): Promise<[string, Peaks]> {
  const id = await database.write(tx => receiveImport(tx, createVault(keyring), null, { kind: 'students', file_name: 'students.xlsx', bytes }))
  const peaks = await watch(async () => {
    const { status, preview } = await database.db.selectFrom('identity_imports').select(['status', 'preview']).where('id', '=', id).executeTakeFirstOrThrow()
    if (status === 'refused') throw new Error(preview)
    const { rows: done }: { rows: number } = JSON.parse(preview)
    return status === 'checked' ? 1 : Math.min(done / rows, 0.999)
  })
  return [id, peaks]
}

async function write({ app: { database } }: TestApp, id: string, rows: number): Promise<Peaks> {
  await database.write(async tx => await queueSlice(tx, id, await beginImport(tx, null, id, { goodRows: false })))
  return await watch(async () => {
    const { status } = await database.db.selectFrom('identity_imports').select('status').where('id', '=', id).executeTakeFirstOrThrow()
    const { done } = await database.db.selectFrom('identity_import_slices').select(each => each.fn.countAll<number>().as('done')).where('import_id', '=', id).where('done_at', 'is not', null).executeTakeFirstOrThrow()
    if (status === 'stopped') throw new Error('the import was stopped')
    return status === 'done' ? 1 : Math.min(Number(done) * SLICE / rows, 0.999)
  })
}

/** Looks at the memory until the work is done; `progress` goes from 0 to 1. */
async function watch(progress: () => Promise<number>): Promise<Peaks> {
  const peaks: Peaks = { first: 0, last: 0 }
  for (;;) {
    const [at, { rss }] = [await progress(), process.memoryUsage()]
    if (at < 0.25) peaks.first = Math.max(peaks.first, rss)
    if (at >= 0.75) peaks.last = Math.max(peaks.last, rss)
    if (at === 1) return peaks
    await setTimeout(20)
  }
}

const TABLES = ['identity_people', 'identity_numbers', 'identity_bindings', 'events', 'identity_import_rows', 'identity_import_slices'] as const

/** Rows of the roster per second: everything it left in the tables, a two-hundredth part of them to a transaction of 200. */
async function byHand(t: Cleaner, { app: { database: { db } } }: TestApp, rows: number): Promise<number> {
  const url = await databaseUrl(t)
  const empty = openDatabase({ url, clock: systemClock, listeners: { reactions: new Map(), jobs: new Map() } })
  await migrate(empty)
  await empty.close()
  const driver = await openByHand(url)
  t.after(() => driver.close())
  let spent = 0
  for (let from = 0; from < rows; from += SLICE) {
    const statements: Statement[] = []
    for (const table of TABLES) {
      const portion = table === 'identity_import_slices' ? 1 : SLICE
      const found = await sql<Record<string, unknown>>`select * from ${sql.table(table)} order by 1, 2 limit ${portion} offset ${from / SLICE * portion}`.execute(db)
      statements.push(insert(table, found.rows))
    }
    const began = performance.now()
    await driver.transaction(statements.filter(each => each.parameters.length > 0))
    spent += performance.now() - began
  }
  return rows / spent * 1000
}

function insert(table: string, rows: readonly Record<string, unknown>[]): Statement {
  const columns = Object.keys(rows[0] ?? {})
  const places = `(${columns.map(() => '?').join(', ')})`
  return { sql: `insert into ${table} (${columns.map(column => `\`${column}\``).join(', ')}) values ${rows.map(() => places).join(', ')}`, parameters: rows.flatMap(row => Object.values(row)) }
}

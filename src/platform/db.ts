import { CompiledQuery, Kysely, MysqlDialect, type QueryResult, type Transaction } from 'kysely'
import type { Tables } from '../tables.ts'
import type { Clock } from './clock.ts'
import { AppError } from './errors.ts'
import type { Bus, Listeners } from './events.ts'
import type { Enqueued } from './jobs.ts'
import { type Embedded, openSqlite } from './sqlite.ts'

export type Dialect = 'sqlite' | 'mysql'

/** Runs what is compiled already, past Kysely's layers of promises: they cost more than SQLite does. */
type Run = <Row>(query: CompiledQuery<Row>) => Promise<QueryResult<Row>>

/** For reading. */
export type Db = Kysely<Tables> & { readonly run: Run }

/** For deciding and writing; only `write()` makes one, so a verb cannot forget the transaction. */
export type Tx = Transaction<Tables> & { readonly run: Run; readonly bus: Bus }

export type Database = {
  db: Db
  dialect: Dialect
  /** Runs `work` in one transaction, again from the start where the database asks for it, and wakes what it enqueued after the commit. */
  write<R>(work: (tx: Tx) => Promise<R>): Promise<R>
  /** Called after each commit that enqueued something. */
  onEnqueued(wake: (jobs: readonly Enqueued[]) => void): void
  /** Bytes left on the disk where the embedded database lies; null where only the database's own server knows. */
  room(): Promise<number | null>
  close(): Promise<void>
}

type Options = {
  /** `sqlite:PATH`, `sqlite::memory:` or `mysql://USER:PASS@HOST:PORT/DB` */
  url: string
  clock: Clock
  listeners: Listeners
  /** hears of every statement that was run, with its values; for measuring */
  onQuery?: ((query: CompiledQuery) => void) | undefined
}

export function openDatabase({ url, clock, listeners, onQuery }: Options): Database {
  const dialect: Dialect = url.startsWith('sqlite:') ? 'sqlite' : 'mysql'
  const embedded = dialect === 'sqlite' ? openSqlite(url.slice('sqlite:'.length)) : undefined
  const kysely = new Kysely<Tables>({ dialect: embedded?.dialect ?? mysql(url), ...(onQuery && { log: event => onQuery(event.query) }) })
  const db: Db = Object.assign(kysely, { run: reading(kysely, embedded, onQuery) })
  let wake: ((jobs: readonly Enqueued[]) => void) | undefined

  async function once<R>(work: (tx: Tx) => Promise<R>): Promise<R> {
    const bus: Bus = { clock, listeners, enqueued: [] }
    const result = await db.transaction().execute(async tx => {
      const connection = await tx.getExecutor().provideConnection(async own => own)
      let over = false
      // Kysely refuses what comes after the end.
      const run: Run = query => over ? tx.executeQuery(query) : connection.executeQuery(query)
      try {
        return await work(Object.assign(tx, { bus, run }))
      } finally {
        over = true
      }
    })
    if (bus.enqueued.length > 0) wake?.(bus.enqueued)
    return result
  }

  return {
    db,
    dialect,
    onEnqueued(listener) { wake = listener },
    room: async () => await embedded?.room?.() ?? null,
    close: () => db.destroy(),
    async write(work) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await once(work)
        } catch (error) {
          if (!wantsRetry(error)) throw error
          if (attempt === 10) throw new AppError('upstream', '系统正忙，请稍后再试', { cause: error })
          await pause(attempt)
        }
      }
    },
  }
}

function reading(kysely: Kysely<Tables>, embedded: Embedded | undefined, onQuery: Options['onQuery']): Run {
  const read = embedded?.read
  if (!read) return query => kysely.executeQuery(query)
  return async query => {
    const rows = read(query)
    onQuery?.(query)
    return { rows }
  }
}

/** Was a unique key already taken? */
export function isDuplicate(error: unknown): boolean {
  return [2067, 1555, 1062].includes(numberOf(error))
}

/** Is the table, column or index of this name there already (MySQL, MariaDB)? */
export function isMadeAlready(error: unknown): boolean {
  return [1050, 1060, 1061].includes(numberOf(error))
}

const AWAY = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN',
  'PROTOCOL_CONNECTION_LOST', 'ER_SERVER_SHUTDOWN', 'ER_CONNECTION_KILLED', 'ER_CON_COUNT_ERROR',
])

/** Was the database not reached, or lost in the middle? What was asked may have been done. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  // A connection that is gone refuses further commands without a code of its own.
  return ('code' in error && AWAY.has(String(error.code))) || /connection is in closed state/.test(error.message)
}

/** Was there no room left on the database's disk? Nothing was written then. SQLITE_FULL; ER_DISK_FULL, ER_RECORD_FILE_FULL */
export function isFull(error: unknown): boolean {
  return [13, 1021, 1114].includes(numberOf(error))
}

// SQLITE_BUSY, SQLITE_BUSY_SNAPSHOT; deadlock, lock wait timeout, record has changed (newer MariaDB)
function wantsRetry(error: unknown): boolean {
  return [5, 517, 1213, 1205, 1020].includes(numberOf(error))
}

function numberOf(error: unknown): number {
  if (typeof error !== 'object' || error === null) return 0
  if ('errcode' in error && typeof error.errcode === 'number') return error.errcode
  return 'errno' in error && typeof error.errno === 'number' ? error.errno : 0
}

function pause(attempt: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, Math.random() * 10 * 2 ** Math.min(attempt, 5)))
}

function mysql(url: string): MysqlDialect {
  const at = new URL(url)
  // Loaded where it is used: a hall on SQLite is up earlier.
  const pool = async () => (await import('mysql2')).createPool({
    host: at.hostname, port: Number(at.port || 3306), database: at.pathname.slice(1),
    user: decodeURIComponent(at.username), password: decodeURIComponent(at.password),
    timezone: 'Z', charset: 'utf8mb4', connectionLimit: 10, enableKeepAlive: true,
  })
  return new MysqlDialect({
    pool,
    // Under REPEATABLE READ, claims and counters deadlock with each other and reads after a lock see old rows.
    onCreateConnection: async connection => {
      await connection.executeQuery(CompiledQuery.raw('set session transaction isolation level read committed'))
    },
  })
}

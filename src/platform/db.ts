import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import {
  CompiledQuery, type DatabaseConnection, type Driver, Kysely, type LimitNode, MysqlDialect, type QueryCompiler, type QueryResult, SqliteAdapter, SqliteDialect,
  SqliteDriver, SqliteQueryCompiler, type SqliteStatement, type Transaction, type TransactionSettings, ValueNode,
} from 'kysely'
import { createPool } from 'mysql2'
import type { Tables } from '../tables.ts'
import type { Clock } from './clock.ts'
import { AppError } from './errors.ts'
import type { Bus, Listeners } from './events.ts'
import type { Enqueued } from './jobs.ts'

export type Dialect = 'sqlite' | 'mysql'

/** For reading. */
export type Db = Kysely<Tables>

/** For deciding and writing; only `write()` makes one, so a verb cannot forget the transaction. */
export type Tx = Transaction<Tables> & {
  readonly bus: Bus
  /** Runs what is compiled already on this transaction's own connection: Kysely's layers of promises cost more than SQLite does. */
  readonly run: <Row>(query: CompiledQuery<Row>) => Promise<QueryResult<Row>>
}

export type Database = {
  db: Db
  dialect: Dialect
  /** Runs `work` in one transaction, again from the start where the database asks for it, and wakes what it enqueued after the commit. */
  write<R>(work: (tx: Tx) => Promise<R>): Promise<R>
  /** Called after each commit that enqueued something. */
  onEnqueued(wake: (jobs: readonly Enqueued[]) => void): void
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
  const db = new Kysely<Tables>({ dialect: dialect === 'sqlite' ? sqlite(url.slice('sqlite:'.length)) : mysql(url), ...(onQuery && { log: event => onQuery(event.query) }) })
  let wake: ((jobs: readonly Enqueued[]) => void) | undefined

  async function once<R>(work: (tx: Tx) => Promise<R>): Promise<R> {
    const bus: Bus = { clock, listeners, enqueued: [] }
    const result = await db.transaction().execute(async tx => {
      const connection = await tx.getExecutor().provideConnection(async own => own)
      let over = false
      // Kysely refuses what comes after the end.
      const run: Tx['run'] = query => over ? tx.executeQuery(query) : connection.executeQuery(query)
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
  const pool = createPool({
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

function sqlite(path: string): SqliteDialect {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const database = new DatabaseSync(path, { timeout: 5000 })
  // 64 MB of pages: with them a list among a million rows takes as long as among a thousand, with the default 2 MB a third longer.
  database.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on; pragma cache_size = -65536')
  const config = { database: { close: () => database.close(), prepare: cachedStatements(database) } }
  return new ImmediateSqliteDialect(config)
}

type SqliteConfig = ConstructorParameters<typeof SqliteDialect>[0]

class ImmediateSqliteDialect extends SqliteDialect {
  readonly #config: SqliteConfig
  constructor(config: SqliteConfig) {
    super(config)
    this.#config = config
  }
  override createDriver(): Driver {
    return new ImmediateSqliteDriver(this.#config)
  }
  override createAdapter(): SqliteAdapter {
    return new TransactionalSqliteAdapter()
  }
  override createQueryCompiler(): QueryCompiler {
    return new WrittenLimits()
  }
}

// SQLite looks at a bound limit when it plans, and therefore plans again each time one is bound: thrice the time of most reads.
class WrittenLimits extends SqliteQueryCompiler {
  protected override visitLimit(node: LimitNode): void {
    super.visitLimit(ValueNode.is(node.limit) ? { ...node, limit: ValueNode.createImmediate(node.limit.value) } : node)
  }
}

// SQLite takes back a change of a table with its transaction: all migrations run in one, which keeps a second node waiting
// and leaves nothing half done where the process ends.
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

// A deferred transaction that reads and then writes fails at once when somebody wrote in between; busy_timeout does not help there.
class ImmediateSqliteDriver extends SqliteDriver {
  async beginTransaction(connection: DatabaseConnection, _settings?: TransactionSettings): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
}

const STATEMENTS_KEPT = 500

/** node:sqlite in the shape Kysely asks for; preparing costs more than most queries, so statements are kept. */
function cachedStatements(database: DatabaseSync): (sql: string) => SqliteStatement {
  const kept = new Map<string, SqliteStatement>()
  return sql => {
    const known = kept.get(sql)
    if (known) return known
    if (kept.size >= STATEMENTS_KEPT) kept.delete(kept.keys().next().value ?? '')
    const made = statement(database.prepare(sql))
    if (!/^\s*(alter|create|drop|pragma)/i.test(sql)) kept.set(sql, made)
    return made
  }
}

function statement(prepared: StatementSync): SqliteStatement {
  return {
    reader: prepared.columns().length > 0,
    all: values => prepared.all(...bindable(values)),
    run: values => prepared.run(...bindable(values)),
    iterate: values => prepared.iterate(...bindable(values)),
  }
}

function bindable(values: readonly unknown[]): SQLInputValue[] {
  return values.map(value => {
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value
    if (value instanceof Uint8Array) return value
    throw new TypeError(`a ${typeof value} cannot be bound; flags are 0 and 1, times are numbers`)
  })
}

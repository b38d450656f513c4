import { mkdirSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import {
  CompiledQuery, type DatabaseConnection, type Driver, type LimitNode, type QueryCompiler, SqliteAdapter, SqliteDialect, SqliteDriver, SqliteQueryCompiler,
  type SqliteStatement, type TransactionSettings, ValueNode,
} from 'kysely'

export type Embedded = {
  dialect: SqliteDialect
  /** Reads at once, beside whatever transaction is open, what was committed last; absent where the database is no file. */
  read?: <Row>(query: CompiledQuery<Row>) => Row[]
  /** Bytes left on its disk; absent as well. */
  room?: () => Promise<number>
}

/** The embedded database: a connection for Kysely, on which transactions stand in line, and one that only reads. */
export function openSqlite(path: string): Embedded {
  const file = path !== ':memory:'
  if (file) mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const writer = connect(path)
  const written = cachedStatements(writer)
  if (!file) return { dialect: new ImmediateSqliteDialect({ database: { close: () => writer.close(), prepare: written } }) }
  const { read, renew, close } = readingFrom(connect(path, { readOnly: true }))
  const prepare = (text: string) => {
    renew()
    return written(text)
  }
  return {
    dialect: new ImmediateSqliteDialect({ database: { close() { close(); writer.close() }, prepare } }),
    read,
    async room() {
      const { bavail, bsize } = await statfs(dirname(path))
      return bavail * bsize
    },
  }
}

function connect(path: string, { readOnly = false } = {}): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 5000, readOnly })
  if (!readOnly) database.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on')
  // 64 MB of pages: with them a list among a million rows takes as long as among a thousand, with the default 2 MB a third longer.
  database.exec('pragma cache_size = -65536')
  return database
}

// What is read in one turn of the event loop is read as of one moment, unless this process writes in between: beginning to read costs as much as reading a row.
function readingFrom(reader: DatabaseSync) {
  const prepare = cachedStatements(reader)
  const [begin, commit] = [reader.prepare('begin'), reader.prepare('commit')]
  let begun = false
  function renew(): void {
    if (!begun) return
    begun = false
    if (reader.isOpen && reader.isTransaction) commit.run()
  }
  return {
    read<Row>(query: CompiledQuery<Row>): Row[] {
      if (!begun) {
        begin.run()
        begun = true
        setImmediate(renew)
      }
      const rows = prepare(query.sql).all(query.parameters)
      if (!areOf(rows, query)) throw new TypeError('rows come as a list')
      return rows
    },
    renew,
    close: () => reader.close(),
  }
}

// What a query's rows are like is known to who compiled it.
function areOf<Row>(rows: unknown, _query: CompiledQuery<Row>): rows is Row[] {
  return Array.isArray(rows)
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

  // After some errors, a full disk among them, SQLite has taken it back by itself; what is to be heard of is that error.
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await super.rollbackTransaction(connection)
    } catch (error) {
      if (!(error instanceof Error && error.message.includes('no transaction is active'))) throw error
    }
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
  // As objects, node:sqlite gives rows in the slow shape of a dictionary: reading and copying them costs more than making our own.
  prepared.setReturnArrays(true)
  let names = columnNames(prepared)
  const row = (values: unknown): Record<string, unknown> => {
    if (!Array.isArray(values)) throw new TypeError('a row that is no list')
    // Another process has migrated, and `*` means more columns than before.
    if (values.length !== names.length) names = columnNames(prepared)
    const made: Record<string, unknown> = {}
    for (let place = 0; place < names.length; place++) made[names[place] ?? ''] = values[place]
    return made
  }
  return {
    reader: names.length > 0,
    all: values => prepared.all(...bindable(values)).map(row),
    run: values => prepared.run(...bindable(values)),
    iterate: values => prepared.iterate(...bindable(values)).map(row),
  }
}

function columnNames(prepared: StatementSync): string[] {
  return prepared.columns().map(({ name }) => name)
}

function bindable(values: readonly unknown[]): SQLInputValue[] {
  return values.map(value => {
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value
    if (value instanceof Uint8Array) return value
    throw new TypeError(`a ${typeof value} cannot be bound; flags are 0 and 1, times are numbers`)
  })
}

import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { createConnection } from 'mysql2/promise'

export type Statement = { sql: string; parameters: readonly unknown[] }

/** The driver and nothing above it, with the settings the hall uses. */
export type ByHand = { transaction(statements: readonly Statement[]): Promise<void>; close(): Promise<void> }

/** What a database does for a request, without what only says where a transaction begins and ends. */
export function isWork({ sql }: Statement): boolean {
  return !/^(begin|commit|set session)/i.test(sql)
}

export async function openByHand(url: string): Promise<ByHand> {
  return url.startsWith('sqlite:') ? sqliteByHand(url.slice('sqlite:'.length)) : await mysqlByHand(url)
}

function sqliteByHand(path: string): ByHand {
  const database = new DatabaseSync(path)
  database.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on; pragma cache_size = -65536')
  const kept = new Map<string, StatementSync>()
  const prepared = (sql: string): StatementSync => {
    const statement = kept.get(sql) ?? database.prepare(sql)
    kept.set(sql, statement)
    return statement
  }
  return {
    async transaction(statements) {
      prepared('begin immediate').run()
      for (const { sql, parameters } of statements) {
        if (sql.startsWith('select')) prepared(sql).all(...parameters.filter(isBindable))
        else prepared(sql).run(...parameters.filter(isBindable))
      }
      prepared('commit').run()
    },
    close: async () => database.close(),
  }
}

async function mysqlByHand(url: string): Promise<ByHand> {
  const connection = await createConnection({ uri: url, timezone: 'Z', charset: 'utf8mb4' })
  await connection.query('set session transaction isolation level read committed')
  return {
    async transaction(statements) {
      await connection.query('begin')
      for (const { sql, parameters } of statements) await connection.query(sql, [...parameters])
      await connection.query('commit')
    },
    close: () => connection.end(),
  }
}

// Everything the hall binds is; a filter because the types cannot know.
function isBindable(value: unknown): value is SQLInputValue {
  return value === null || ['string', 'number', 'bigint'].includes(typeof value) || value instanceof Uint8Array
}

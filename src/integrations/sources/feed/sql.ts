import type { Connection } from 'mysql2'
import { AppError } from '../../../platform/errors.ts'
import type { Cell } from '../cells.ts'
import type { RawRow } from '../rows.ts'
import { type Feed, SILENCE } from './port.ts'

const BATCH = 500

/** A view of a MySQL or MariaDB database, as it is at one moment; the hall only reads, whatever its account may do. `?tls=on` in the address: encrypted, the certificate checked. */
export function sqlFeed(url: URL, view: string): Feed {
  return {
    place: `${url.hostname}${url.pathname} ${view}`,
    async *read({ together, signal }) {
      // Loaded where it is used: few schools hand their grades over in this way.
      const mysql = await import('mysql2')
      const connection = connect(mysql, url)
      const watch = watchOver(signal)
      try {
        await watch.over(connection.promise().query('start transaction with consistent snapshot, read only'))
        const [, fields] = await watch.over(connection.promise().query(`select * from ${mysql.escapeId(view)} limit 0`))
        const heads = fields.map(({ name }) => name)
        const by = heads.find(head => together.includes(head))
        let rows: RawRow[] = [{ row: 1, cells: heads }]
        let count = 1
        const found = rowsOf(connection, `select * from ${mysql.escapeId(view)}${by === undefined ? '' : ` order by ${mysql.escapeId(by)}`}`)
        for (let step = await watch.over(found.next()); !step.done; step = await watch.over(found.next())) {
          rows.push({ row: ++count, cells: step.value.map(cellOf) })
          if (rows.length < BATCH) continue
          yield { rows, as_of: null }
          rows = []
        }
        yield { rows, as_of: null }
      } catch (error) {
        throw translated(error, view)
      } finally {
        watch.end()
        connection.destroy()
      }
    },
  }
}

function connect({ createConnection }: typeof import('mysql2'), url: URL): Connection {
  const connection = createConnection({
    host: url.hostname, port: Number(url.port || 3306), database: url.pathname.slice(1), user: decodeURIComponent(url.username), password: decodeURIComponent(url.password),
    // A number longer than JavaScript's, a mark of 90.50 and a date stay as they are written.
    charset: 'utf8mb4', dateStrings: true, supportBigNumbers: true, bigNumberStrings: true, connectTimeout: 10_000, ...url.searchParams.get('tls') === 'on' && { ssl: { rejectUnauthorized: true } },
  })
  // Told by the query that waits; without a listener it would end the process.
  connection.on('error', () => undefined)
  return connection
}

async function* rowsOf(connection: Connection, sql: string): AsyncGenerator<unknown[], undefined> {
  for await (const row of connection.query({ sql, rowsAsArray: true }).stream({ highWaterMark: BATCH })) if (Array.isArray(row)) yield row
}

/** A destroyed connection answers nobody: who waits for it is told here, when its time is over or the job's. */
function watchOver(signal: AbortSignal) {
  const { promise, reject } = Promise.withResolvers<never>()
  promise.catch(() => undefined)
  const late = () => reject(new AppError('upstream', '对方没有在时限内应答'))
  signal.addEventListener('abort', late)
  return {
    async over<R>(work: Promise<R>): Promise<R> {
      const timer = setTimeout(late, SILENCE)
      try {
        return await Promise.race([work, promise])
      } finally {
        clearTimeout(timer)
      }
    },
    end: () => signal.removeEventListener('abort', late),
  }
}

function cellOf(value: unknown): Cell | null {
  if (value === null || value === undefined || value === '') return null
  if (typeof value === 'number') return { number: String(value) }
  return Buffer.isBuffer(value) ? value.toString('utf8') : String(value)
}

const NOT_LET_IN = new Set(['ER_ACCESS_DENIED_ERROR', 'ER_DBACCESS_DENIED_ERROR', 'ER_TABLEACCESS_DENIED_ERROR', 'ER_SPECIFIC_ACCESS_DENIED_ERROR'])

function translated(error: unknown, view: string): AppError {
  if (error instanceof AppError) return error
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
  if (NOT_LET_IN.has(code)) return new AppError('forbidden', '数据库不让大厅的账号读取（{code}）', { cause: error, params: { code } })
  if (code === 'ER_NO_SUCH_TABLE' || code === 'ER_BAD_DB_ERROR') return new AppError('not-found', '数据库里没有视图 {view}', { cause: error, params: { view } })
  return new AppError('upstream', '没有读到学校的数据库（{code}）', { cause: error, params: { code } })
}

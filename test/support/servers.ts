import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { startServer, type PrivateServer } from './private-server.ts'

/** `own`: a server of its own, which the test may kill and restart. Else one server serves the whole run of the tests. */
type Choice = { own?: boolean }

type Power = {
  /** Ends what this call made: the server when it is its own, else what it created on the common one. */
  stop(): Promise<void>
  /** SIGKILL; own servers only. */
  kill(): Promise<void>
  /** Comes back on the same port (MariaDB with its data, Redis empty), also after kill(); own servers only. */
  restart(): Promise<void>
}

export type Mariadb = Power & {
  /** mysql://…/database on this server. */
  url(database: string): string
  /** Makes an empty database (utf8mb4_bin, as the hall needs it) under this or a fresh name; returns its address. */
  createDatabase(name?: string): Promise<string>
  /** The same, kept for as long as the server runs. */
  createTemplate(name: string): Promise<string>
  /** A database with the tables and rows of `template` on this server; returns its address. */
  copyDatabase(template: string): Promise<string>
}

export type RedisServer = Power & {
  /** redis://…/N: a database of the server that nobody else uses, so no key prefix is needed. */
  url: string
  /** Empties that database alone. */
  flush(): Promise<void>
}

// The address has a password because the product's setting asks for one.
const account = { user: 'hall', password: 'hall' }

/** A MariaDB for tests: that of TEST_MARIADB_URL when npm test started one, else one for this process. */
export async function startMariadb({ own = false }: Choice = {}): Promise<Mariadb> {
  const server = own ? await ownMariadb() : null
  const origin = server?.url ?? process.env.TEST_MARIADB_URL ?? (await commonMariadb()).url
  const created: string[] = []
  const url = (database: string) => new URL(`/${database}`, origin).href
  const createTemplate = async (name: string) => {
    await execute(url(''), [`create database \`${name}\` character set utf8mb4 collate utf8mb4_bin`])
    return url(name)
  }
  const createDatabase = (name = `hall_${randomUUID().replaceAll('-', '')}`) => {
    created.push(name)
    return createTemplate(name)
  }
  return {
    ...power(server, async () => void await dropDatabases(url(''), created)),
    url, createDatabase, createTemplate,
    async copyDatabase(template) {
      const copy = await createDatabase()
      const tables = (await execute(url(template), ['show tables'])).map(row => String(Object.values(row)[0]))
      await execute(copy, tables.flatMap(table => [`create table \`${table}\` like \`${template}\`.\`${table}\``, `insert into \`${table}\` select * from \`${template}\`.\`${table}\``]))
      return copy
    },
  }
}

/** A Redis for tests: that of TEST_REDIS_URL when npm test started one, else one for this process. */
export async function startRedis({ own = false }: Choice = {}): Promise<RedisServer> {
  const server = own ? await ownRedis() : null
  const origin = server?.url ?? process.env.TEST_REDIS_URL ?? (await commonRedis()).url
  // Database 0 of the common server only counts which of the others are taken.
  const number = server ? 0 : await withRedis(origin, redis => redis.incr('taken'))
  const url = new URL(`/${number}`, origin).href
  const flush = () => withRedis(url, async redis => void await redis.flushdb())
  return { ...power(server, flush), url, flush }
}

function power(server: PrivateServer | null, cleanUp: () => Promise<void>): Power {
  const refuse = async () => { throw new Error('this server is everybody\'s: start one with { own: true } to kill or restart it') }
  return server
    ? { stop: server.stop, kill: server.kill, restart: server.restart }
    : { stop: cleanUp, kill: refuse, restart: refuse }
}

let mariadbOfProcess: Promise<PrivateServer> | undefined
let redisOfProcess: Promise<PrivateServer> | undefined
const commonMariadb = () => mariadbOfProcess ??= ownMariadb()
const commonRedis = () => redisOfProcess ??= ownRedis()

function ownMariadb(): Promise<PrivateServer> {
  return startServer({
    name: 'mariadb',
    ready: /ready for connections/,
    prepare: folder => [[
      'mariadb-install-db', '--no-defaults', `--datadir=${join(folder, 'data')}`, '--auth-root-authentication-method=normal',
      '--skip-test-db', `--user=${currentUser()}`,
    ]],
    command: (folder, port) => [
      'mariadbd', '--no-defaults', `--datadir=${join(folder, 'data')}`, `--socket=${join(folder, 'socket')}`,
      `--pid-file=${join(folder, 'pid')}`, `--port=${port}`, '--bind-address=127.0.0.1', `--user=${currentUser()}`,
      '--innodb-buffer-pool-size=64M', '--innodb-flush-log-at-trx-commit=2', '--skip-name-resolve', '--max-connections=500',
      '--character-set-server=utf8mb4', '--collation-server=utf8mb4_bin',
    ],
    url: port => `mysql://${account.user}:${account.password}@127.0.0.1:${port}/`,
    firstStart: folder => createAccount(join(folder, 'socket')),
  })
}

function ownRedis(): Promise<PrivateServer> {
  return startServer({
    name: 'redis',
    ready: /Ready to accept connections/,
    prepare: async folder => {
      await mkdir(join(folder, 'data'), { recursive: true })
      await writeFile(join(folder, 'redis.conf'), `bind 127.0.0.1\nsave ""\ndir ${join(folder, 'data')}\ndatabases 10000\nmaxmemory-policy noeviction\n`)
      return []
    },
    command: (folder, port) => ['redis-server', join(folder, 'redis.conf'), '--port', String(port)],
    url: port => `redis://127.0.0.1:${port}/`,
  })
}

async function createAccount(socketPath: string): Promise<void> {
  const connection = await createConnection({ socketPath, user: 'root' })
  await connection.query(`create user '${account.user}'@'%' identified by '${account.password}'`)
  await connection.query(`grant all privileges on *.* to '${account.user}'@'%'`)
  await connection.end()
}

const dropDatabases = (url: string, names: string[]) => execute(url, names.splice(0).map(name => `drop database if exists \`${name}\``))

/** Runs them one after the other; returns the rows of a single one. */
async function execute(url: string, statements: string[]): Promise<RowDataPacket[]> {
  if (statements.length === 0) return []
  const connection = await createConnection({ uri: url, multipleStatements: true })
  try {
    const [answer] = await connection.query<RowDataPacket[]>(statements.join(';'))
    return answer
  } finally {
    await connection.end()
  }
}

async function withRedis<R>(url: string, work: (redis: Redis) => Promise<R>): Promise<R> {
  const redis = new Redis(url, { maxRetriesPerRequest: 1 })
  try {
    return await work(redis)
  } finally {
    redis.disconnect()
  }
}

const currentUser = () => userInfo().username

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { Redis } from 'ioredis'
import { createConnection } from 'mysql2/promise'
import { startMariadb, startRedis } from '../support/servers.ts'

test('two callers get databases that do not see each other', async () => {
  const [one, other] = await Promise.all([startMariadb(), startMariadb()])
  const [mine, theirs] = await Promise.all([one.createDatabase(), other.createDatabase()])
  assert.notEqual(mine, theirs)
  await run(mine, 'create table names (name varchar(9) unique)')
  await run(mine, "insert into names values ('A'), ('a'), ('😀'), ('😁')")
  await assert.rejects(run(theirs, 'select * from names'), /doesn't exist/)
  await assert.rejects(one.kill(), /everybody/)
  await Promise.all([one.stop(), other.stop()])
  await assert.rejects(createConnection(theirs), /Unknown database/)
})

test('an own MariaDB keeps its rows over SIGKILL and comes back at the same address', async t => {
  const server = await startMariadb({ own: true })
  t.after(() => server.stop())
  const url = await server.createDatabase('kept')
  await run(url, 'create table rows_of (n int)')
  await run(url, 'insert into rows_of values (7)')
  await server.kill()
  await assert.rejects(createConnection(url), /ECONNREFUSED/)
  await server.restart()
  assert.deepEqual(await run(url, 'select n from rows_of'), [{ n: 7 }])
})

test('two callers of Redis do not see each other, and emptying one leaves the other', async t => {
  const [one, other] = await Promise.all([startRedis(), startRedis()])
  const clients = [new Redis(one.url), new Redis(other.url)]
  t.after(() => clients.forEach(client => client.disconnect()))
  const [mine, theirs] = clients
  await Promise.all([mine?.set('key', 'mine'), theirs?.set('key', 'theirs')])
  await one.flush()
  assert.equal(await mine?.get('key'), null)
  assert.equal(await theirs?.get('key'), 'theirs')
})

test('an own Redis comes back empty', async t => {
  const server = await startRedis({ own: true })
  t.after(() => server.stop())
  const client = new Redis(server.url)
  client.on('error', () => {})
  t.after(() => client.disconnect())
  await client.set('key', 'value')
  await server.kill()
  await server.restart()
  assert.equal(await client.get('key'), null)
})

test('a server is gone, with its folder, when the process that started it was killed', async () => {
  const script = `
    const { startRedis } = await import(${JSON.stringify(new URL('../support/servers.ts', import.meta.url).href)})
    const { Redis } = await import('ioredis')
    const { url } = await startRedis({ own: true })
    const [, folder] = await new Redis(url).config('GET', 'dir')
    console.log(JSON.stringify({ url, folder }))
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: new URL('../..', import.meta.url), stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(child.stdout, 'data')
  const { url, folder } = JSON.parse(String(line))
  const client = new Redis(url, { retryStrategy: () => null })
  client.on('error', () => {})
  await client.ping()
  child.kill('SIGKILL')
  await once(client, 'end')
  while (existsSync(folder)) await new Promise(resolve => setImmediate(resolve))
})

async function run(url: string, statement: string): Promise<unknown> {
  const connection = await createConnection(url)
  const [rows] = await connection.query(statement).finally(() => connection.end())
  return rows
}

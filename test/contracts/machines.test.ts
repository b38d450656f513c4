import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { test } from 'node:test'
import { type TObject, type TSchema } from 'typebox'
import { createApp } from '../../src/app.ts'
import type { Database } from '../../src/platform/db.ts'
import { AppError } from '../../src/platform/errors.ts'
import { newId } from '../../src/platform/ids.ts'
import { type Machine, move } from '../../src/platform/machine.ts'
import { openTestDatabase, quietLog } from '../support/database.ts'
import { configFor } from './configured.ts'

const WRONG_STATUS = '状态已经变了，请看最新的情况'

test('every machine: legal pairs of status and verb move, the others conflict with the sentence of the status', async t => {
  const app = await createApp(configFor(t), { log: quietLog })
  t.after(() => app.close())
  const machines = app.features.flatMap(feature => feature.machines ?? [])
  assert.ok(machines.length >= 8, machines.map(machine => machine.name).join())
  assert.equal(new Set(machines.map(machine => machine.name)).size, machines.length)
  // Of its own, so that what other features do when something moves is not asked for here.
  const database = await openTestDatabase(t)
  for (const machine of machines) {
    const statuses = statusesOf(machine)
    for (const verb of Object.keys(machine.edges)) for (const status of statuses) await tryPair(database, machine, status, verb)
  }
})

function statusesOf(machine: Machine): string[] {
  return [...new Set(Object.values(machine.edges).flatMap(({ from, to }) => [...from, to]))]
}

async function tryPair(database: Database, machine: Machine, status: string, verb: string): Promise<void> {
  const edge = machine.edges[verb]
  const pair = `${machine.name}: ${verb} from ${status}`
  assert.ok(edge, pair)
  const id = await insertRow(database, machine.table, status)
  const data = sampleOf(edge.emits?.schema)
  const outcome = await database.write(tx => move(tx, machine, { id }, verb, { actor: null, data })).catch((error: unknown) => error)
  const events = await database.db.selectFrom('events').select('name').where('subject', '=', id).execute()
  if (edge.from.includes(status)) {
    assert.equal(outcome, edge.to, `${pair}: ${String(outcome)}`)
    assert.equal(await statusOf(database, machine.table, id), edge.to, pair)
    assert.deepEqual(events.map(event => event.name), edge.emits ? [edge.emits.name] : [], pair)
    return
  }
  assert.ok(outcome instanceof AppError, `${pair} moved to ${String(outcome)}`)
  assert.deepEqual([outcome.kind, outcome.message, outcome.code], ['conflict', machine.sentences?.[status] ?? WRONG_STATUS, `status:${status}`], pair)
  assert.equal(await statusOf(database, machine.table, id), status, pair)
  assert.deepEqual(events, [], pair)
}

async function statusOf({ db }: Database, table: string, id: string): Promise<string | undefined> {
  return (await sql<{ status: string }>`select status from ${sql.table(table)} where id = ${id}`.execute(db)).rows[0]?.status
}

/** A row that the table takes: something of the right type in every column that must not be empty. */
async function insertRow({ db }: Database, table: string, status: string): Promise<string> {
  const found = (await db.introspection.getTables()).find(each => each.name === table)
  assert.ok(found, table)
  const id = newId()
  const values = found.columns.filter(column => !column.isNullable || ['id', 'status'].includes(column.name))
    .map(({ name, dataType }) => [name, name === 'id' ? id : name === 'status' ? status : somethingOf(dataType)] as const)
  const columns = values.map(([name]) => sql.ref(name))
  await sql`insert into ${sql.table(table)} (${sql.join(columns)}) values (${sql.join(values.map(([, value]) => value))})`.execute(db)
  return id
}

// Short enough for the narrowest column, and different each time for those that must be.
let count = 0
function somethingOf(type: string): string | number {
  count += 1
  return /int|double|real|decimal|float/i.test(type) ? count : String(count)
}

/** Data that an event's own schema takes. */
function sampleOf(schema: TObject | undefined): Record<string, unknown> {
  return Object.fromEntries(Object.entries(schema?.properties ?? {}).map(([name, property]) => [name, sampleValue(property)]))
}

function sampleValue(schema: TSchema): unknown {
  const kinds = new Map<string, unknown>(Object.entries(schema))
  const [first] = Array.isArray(kinds.get('anyOf')) ? Object(kinds.get('anyOf')) : []
  if (first) return sampleValue(first)
  if (kinds.has('const')) return kinds.get('const')
  return kinds.get('type') === 'string' ? 'x' : 1
}

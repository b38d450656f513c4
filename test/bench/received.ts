import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import type { App } from '../../src/app.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { type Cleaner, store } from '../support/database.ts'
import { compareCalls } from './support/compare.ts'
import { type Figure, rowOf } from './support/figure.ts'

const FEW = 1000
const PEOPLE = 50

/** As it is opened, narrowed by a filter, by words, and what has been done; each with how many tasks it shows. */
const LISTS = [
  { name: '我收到的', url: '/received', shows: 12 },
  { name: '我收到的 of a service', url: '/received?service=enrolment-certificate', shows: 12 },
  { name: '我收到的 with a search', url: `/received?q=${encodeURIComponent('思远')}`, shows: 12 },
  { name: '我收到的 over time', url: '/received?late=1&q=2026', shows: 12 },
  { name: '已办 with a search', url: `/received?state=done&service=enrolment-certificate&q=${encodeURIComponent('在读')}`, shows: 8 },
]

/** 我收到的 of people with twenty tasks each, twelve of them open: alone in the table, and among a million of other people's. */
export const received: Figure = {
  stores: ['sqlite', 'mariadb'],
  async measure(t, { rounds, share }) {
    const many = Math.max(FEW * 100, FEW * 1000 * share)
    const [few, crowd] = [await filled(t, FEW), await filled(t, many)]
    const rows = []
    for (const { name, ...list } of LISTS) {
      const comparison = await compareCalls(rounds, 4 * PEOPLE, { ours: number => read(crowd, number, list), limit: number => read(few, number, list) })
      rows.push(rowOf(comparison, { name: `${name}, ${many.toLocaleString('en')} tasks (limit: ${FEW.toLocaleString('en')})`, unit: 'ms', digits: 2, atMost: 1.2 }))
    }
    return rows
  },
}

type Readable = { http: Awaited<ReturnType<App['http']>>; cookies: string[] }

async function read({ http, cookies }: Readable, number: number, { url, shows }: { url: string; shows: number }): Promise<void> {
  const { statusCode, body } = await http.inject({ url, headers: { cookie: cookies[number % cookies.length], accept: 'text/html' } })
  if (statusCode !== 200 || body.split('class="cell"').length !== shows + 1) throw new Error(`not the page with ${shows} tasks: ${statusCode} ${url}`)
}

async function filled(t: Cleaner, tasks: number): Promise<Readable> {
  const hall = await startTestApp(t)
  const { app, phone } = hall
  const readers = await app.database.db.selectFrom('identity_bindings as binding').innerJoin('identity_numbers as number', 'number.number', 'binding.number')
    .select(['binding.userid', 'binding.person_id']).where('number.standing', '=', 'enrolled').orderBy('binding.userid').limit(PEOPLE).execute()
  await fill(hall, readers.map(reader => reader.person_id), tasks)
  await settle(hall)
  const cookies: string[] = []
  for (const { userid } of readers) cookies.push([...(await phone(userid)).cookies].map(pair => pair.join('=')).join('; '))
  return { http: await app.http(), cookies }
}

/** Instances of two nodes with a task each. Every (tasks / FEW)th task is a reader's, the rest belong to 5,000 others; twelve of twenty are open. */
async function fill({ app: { database: { db } } }: TestApp, readers: readonly string[], tasks: number): Promise<void> {
  const sqlite = store === 'sqlite'
  const every = tasks / FEW
  const run = (text: string) => sql.raw(text).execute(db)
  const padded = (number: string) => sqlite ? `printf('%024d', ${number})` : `lpad(${number}, 24, '0')`
  const whole = (number: string) => sqlite ? `(${number})` : `floor(${number})`
  const numbers = (count: number) => sqlite ? `(with recursive c(n) as (select 1 union all select n + 1 from c where n < ${count}) select n from c)` : `(select seq as n from seq_1_to_${count})`
  const id = (prefix: string, number: string) => sqlite ? `'${prefix}' || ${padded(number)}` : `concat('${prefix}', ${padded(number)})`
  const choice = (of: string) => `(select person_id from bench_readers where place = ${of})`
  await run('create table bench_readers (place integer primary key, person_id varchar(26))')
  await run(`insert into bench_readers values ${readers.map((person_id, place) => `(${place}, '${person_id}')`).join(', ')}`)
  const long = JSON.stringify('在读证明的流程和表单，与真的一样长。'.repeat(12)).replaceAll("'", '')
  await run(`insert into approvals_instances (id, kind, subject, reference, topic, title, url, summary, form, flow, version, status, applicant_id, applicant_number, applicant_name, started_at, due_at)
    select ${id('I0', 'n')}, 'services.application', ${id('S0', 'n')}, ${id('20261121-', 'n')}, 'enrolment-certificate', '在读证明', '/applications/1', '[]', '${long}', '${long}', 1, 'running', 'A', '2026000000', '陈思远', 1700000000000 + n, 1700000000000 + n from ${numbers(tasks / 2)} as t`)
  await run(`insert into approvals_nodes (id, instance_id, number, step, kind, label, status, started_at)
    select ${id('N0', 'n')}, ${id('I0', whole('(n + 1) / 2'))}, 1 + n % 2, 'tutor', 'approval', '辅导员审批', 'open', 1700000000000 + n from ${numbers(tasks)} as t`)
  const place = `(${whole(`n / ${every}`)} % ${PEOPLE})`
  const turn = `(${whole(`n / ${every * PEOPLE}`)} % 20)`
  const open = `case when ${turn} < 12 then`
  await run(`insert into approvals_tasks (id, instance_id, node_id, person_id, person_name, rule, reason, status, created_at, ended_at, ended_by, ended_as)
    select ${id('T0', 'n')}, ${id('I0', whole('(n + 1) / 2'))}, ${id('N0', 'n')}, case when n % ${every} = 0 then ${choice(place)} else ${id('P0', 'n % 5000')} end, '李敏', 'tutor', 'rule',
      ${open} 'open' else 'done' end, 1700000000000 + n, ${open} null else 1700000000000 + n end, ${open} null else 'X' end, ${open} null else 'approve' end from ${numbers(tasks)} as t`)
  await run('drop table bench_readers')
}

/** A table filled at one stroke leaves a log of its own size and pages still to be written, which a table that grew has not. */
async function settle({ app: { database: { db } } }: TestApp): Promise<void> {
  if (store === 'sqlite') {
    await sql`pragma wal_checkpoint(truncate)`.execute(db)
    return
  }
  await sql`analyze table approvals_instances, approvals_nodes, approvals_tasks`.execute(db)
  await sql`set global innodb_max_dirty_pages_pct = 0`.execute(db)
  const busy = async () => {
    const { rows } = await sql<{ Value: string }>`show global status where variable_name in ('Innodb_buffer_pool_pages_dirty', 'Innodb_history_list_length')`.execute(db)
    return rows.some(row => Number(row.Value) > 50)
  }
  for (let looks = 0; looks < 120 && await busy(); looks++) await setTimeout(500)
}

import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import type { App } from '../../../src/app.ts'
import type { TestApp } from '../../support/app.ts'
import { store } from '../../support/database.ts'

/** Tasks of the small side, and readers of both. */
export const FEW = 1000
export const PEOPLE = 50

/** Instances of two nodes with a task each. Every (tasks / FEW)th task is a reader's, the rest belong to 5,000 others; twelve of twenty are open. */
export async function fill({ app: { database: { db } } }: TestApp, readers: readonly string[], tasks: number): Promise<void> {
  const every = tasks / FEW
  const run = (text: string) => sql.raw(text).execute(db)
  await nameReaders(run, readers)
  const long = JSON.stringify('在读证明的流程和表单，与真的一样长。'.repeat(12)).replaceAll("'", '')
  await run(`insert into approvals_instances (id, kind, subject, reference, topic, title, url, summary, form, flow, version, status, applicant_id, applicant_number, applicant_name, started_at, due_at)
    select ${id('I0', 'n')}, 'services.application', ${id('S0', 'n')}, ${id('20261121-', 'n')}, 'enrolment-certificate', '在读证明', '/applications/1', '[]', '${long}', '${long}', 1, 'running', 'A', '2026000000', '陈思远', 1700000000000 + n, 1700000000000 + n from ${numbers(tasks / 2)} as t`)
  await run(`insert into approvals_nodes (id, instance_id, number, step, kind, label, status, started_at)
    select ${id('N0', 'n')}, ${id('I0', whole('(n + 1) / 2'))}, 1 + n % 2, 'tutor', 'approval', '辅导员审批', 'open', 1700000000000 + n from ${numbers(tasks)} as t`)
  const place = `(${whole(`n / ${every}`)} % ${PEOPLE})`
  const turn = `(${whole(`n / ${every * PEOPLE}`)} % 20)`
  const open = `case when ${turn} < 12 then`
  await run(`insert into approvals_tasks (id, instance_id, node_id, label, person_id, person_name, rule, reason, status, created_at, ended_at, ended_by, ended_as)
    select ${id('T0', 'n')}, ${id('I0', whole('(n + 1) / 2'))}, ${id('N0', 'n')}, '辅导员审批', case when n % ${every} = 0 then ${choice(place)} else ${id('P0', 'n % 5000')} end, '李敏', 'tutor', 'rule',
      ${open} 'open' else 'done' end, 1700000000000 + n, ${open} null else 1700000000000 + n end, ${open} null else 'X' end, ${open} null else 'approve' end from ${numbers(tasks)} as t`)
  await run('drop table bench_readers')
}

/** Applications, of which each reader sent sixteen and began four, the rest by 5,000 others; and what the hall remembers of as many people as would send them. */
export async function fillApplications({ app: { database: { db } } }: TestApp, readers: readonly string[], applications: number): Promise<void> {
  const every = applications / FEW
  const run = (text: string) => sql.raw(text).execute(db)
  await nameReaders(run, readers)
  const place = `(${whole(`n / ${every}`)} % ${PEOPLE})`
  const sent = `(${whole(`n / ${every * PEOPLE}`)} % 20) < 16`
  const when = (then: string, otherwise: string) => `case when ${sent} then ${then} else ${otherwise} end`
  await run(`insert into services_applications (id, service_key, version_id, title, person_id, person_number, person_name, status, draft, form, revision, created_at, saved_at, submitted_at)
    select ${id('A0', 'n')}, 'enrolment-certificate', 'V', '在读证明', case when n % ${every} = 0 then ${choice(place)} else ${id('P0', 'n % 5000')} end, '2026000000', '陈思远',
      ${when("'running'", "'draft'")}, '{}', '{}', 1, 1700000000000 + n, ${when('null', '1700000000000 + n')}, ${when('1700000000000 + n', 'null')} from ${numbers(applications)} as t`)
  await run(`insert into hall_readers (person_id, favourites, seen) select person_id, '["enrolment-certificate"]', '[]' from bench_readers`)
  await run(`insert into hall_readers (person_id, favourites, seen) select ${id('R0', 'n')}, '["enrolment-certificate"]', '[]' from ${numbers(applications / 20)} as t`)
  await run('drop table bench_readers')
}

const sqlite = store === 'sqlite'
const padded = (number: string) => sqlite ? `printf('%024d', ${number})` : `lpad(${number}, 24, '0')`
const whole = (number: string) => sqlite ? `(${number})` : `floor(${number})`
const numbers = (count: number) => sqlite ? `(with recursive c(n) as (select 1 union all select n + 1 from c where n < ${count}) select n from c)` : `(select seq as n from seq_1_to_${count})`
const id = (prefix: string, number: string) => sqlite ? `'${prefix}' || ${padded(number)}` : `concat('${prefix}', ${padded(number)})`
const choice = (of: string) => `(select person_id from bench_readers where place = ${of})`

async function nameReaders(run: (text: string) => Promise<unknown>, readers: readonly string[]): Promise<void> {
  await run('create table bench_readers (place integer primary key, person_id varchar(26))')
  await run(`insert into bench_readers values ${readers.map((person_id, place) => `(${place}, '${person_id}')`).join(', ')}`)
}

/** Students of the sample university who read. */
export async function readersOf({ app }: TestApp): Promise<{ userid: string; person_id: string }[]> {
  return app.database.db.selectFrom('identity_bindings as binding').innerJoin('identity_numbers as number', 'number.number', 'binding.number')
    .select(['binding.userid', 'binding.person_id']).where('number.standing', '=', 'enrolled').orderBy('binding.userid').limit(PEOPLE).execute()
}

/** A hall whose tables are full, and its readers signed in. */
export type Readable = { http: Awaited<ReturnType<App['http']>>; cookies: string[] }

export async function signIn({ app, phone }: TestApp, readers: readonly { userid: string }[]): Promise<Readable> {
  const cookies: string[] = []
  for (const { userid } of readers) cookies.push([...(await phone(userid)).cookies].map(pair => pair.join('=')).join('; '))
  return { http: await app.http(), cookies }
}

/** A table filled at one stroke leaves a log of its own size and pages still to be written, which a table that grew has not. */
export async function settle({ app: { database: { db } } }: TestApp): Promise<void> {
  if (store === 'sqlite') {
    await sql`pragma wal_checkpoint(truncate)`.execute(db)
    return
  }
  await sql`analyze table approvals_instances, approvals_nodes, approvals_tasks, services_applications, hall_readers`.execute(db)
  await sql`set global innodb_max_dirty_pages_pct = 0`.execute(db)
  const busy = async () => {
    const { rows } = await sql<{ Value: string }>`show global status where variable_name in ('Innodb_buffer_pool_pages_dirty', 'Innodb_history_list_length')`.execute(db)
    return rows.some(row => Number(row.Value) > 50)
  }
  for (let looks = 0; looks < 120 && await busy(); looks++) await setTimeout(500)
}

import { sql } from 'kysely'
import type { Db } from '../../../platform/db.ts'
import { ENDED, type Status } from '../rules/application.ts'

/** Instants (epoch ms); `until` is not in it. */
type Span = { from: number; until: number }

/** When the first application was sent; null where none was. */
export async function firstSentAt(db: Db): Promise<number | null> {
  const row = await db.selectFrom('services_applications').select('submitted_at').where('submitted_at', 'is not', null).orderBy('submitted_at').orderBy('id').limit(1).executeTakeFirst()
  return row?.submitted_at ?? null
}

/** How many were sent for the first time in this time, by service. */
export async function sentBetween(db: Db, { from, until }: Span): Promise<{ service_key: string; number: number }[]> {
  const rows = await db.selectFrom('services_applications').select(['service_key', sql<number | string>`count(*)`.as('number')])
    .where('submitted_at', '>=', from).where('submitted_at', '<', until).groupBy('service_key').execute()
  return rows.map(row => ({ ...row, number: Number(row.number) }))
}

export type EndedCase = { service_key: string; status: Status; submitted_at: number; ended_at: number; due_at: number | null }

/** What ended in this time and stands so today. `services`: all there are, for the index is by service. */
export async function endedBetween(db: Db, services: readonly string[], { from, until }: Span): Promise<EndedCase[]> {
  const rows = await db.selectFrom('services_applications').select(['service_key', 'status', 'submitted_at', 'ended_at', 'due_at'])
    .where('service_key', 'in', ['', ...services]).where('status', 'in', ENDED).where('ended_at', '>=', from).where('ended_at', '<', until).execute()
  return rows.flatMap(({ submitted_at, ended_at, ...row }) => submitted_at === null || ended_at === null ? [] : [{ ...row, submitted_at, ended_at }])
}

/** Of what is under way: how many run, wait for their applicant, are over what was promised; and how many were sent within each of these ages (ms, rising), the last being those that are older. */
export type Backlog = { service_key: string; running: number; returned: number; overdue: number; ages: number[] }

export async function backlogOf(db: Db, { services, now, ages }: { services: readonly string[] | undefined; now: number; ages: readonly number[] }): Promise<Backlog[]> {
  const rows = await db.selectFrom('services_applications').select(['service_key', 'status', sql<number | string>`count(*)`.as('number'),
    sql<number | string>`sum(case when due_at < ${now} then 1 else 0 end)`.as('overdue'),
    ...ages.map((age, at) => sql<number | string>`sum(case when submitted_at > ${now - age} then 1 else 0 end)`.as(`within_${at}`))])
    .where('status', 'in', ['running', 'returned']).where('submitted_at', 'is not', null)
    .$if(services !== undefined, query => query.where('service_key', 'in', ['', ...services ?? []])).groupBy(['service_key', 'status']).execute()
  return [...Map.groupBy(rows, row => row.service_key)].map(([service_key, both]) => {
    const running = both.find(row => row.status === 'running')
    const within = ages.map((_, at) => Number(new Map(Object.entries(running ?? {})).get(`within_${at}`) ?? 0))
    const number = Number(running?.number ?? 0)
    return {
      service_key, running: number, returned: Number(both.find(row => row.status === 'returned')?.number ?? 0), overdue: Number(running?.overdue ?? 0),
      ages: [...within, number].map((upTo, at, all) => upTo - (all[at - 1] ?? 0)),
    }
  })
}

import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/db.ts'
import type { ServicesTables } from '../tables.ts'

export type UsualTime = ServicesTables['services_usual_times']

/** Applications that somebody decided on; what was withdrawn or ended by an administrator says nothing about how long it takes. */
const DECIDED = ['approved', 'rejected'] as const

/** How many applications of the service ended since then (epoch ms), and within how many minutes nine of ten of them. */
export async function measureUsualTime(db: Db, service_key: string, since: number): Promise<Pick<UsualTime, 'finished' | 'minutes'>> {
  const ended = db.selectFrom('services_applications').where('service_key', '=', service_key).where('status', 'in', DECIDED).where('ended_at', '>=', since)
  const { number } = await ended.select(sql<number | string>`count(*)`.as('number')).executeTakeFirstOrThrow()
  const finished = Number(number)
  if (finished === 0) return { finished, minutes: 0 }
  const { ms } = await ended.select(sql<number | string>`ended_at - submitted_at`.as('ms')).orderBy('ms').offset(Math.ceil(finished * 0.9) - 1).limit(1).executeTakeFirstOrThrow()
  return { finished, minutes: Math.ceil(Number(ms) / 60_000) }
}

export async function usualTimeOf(db: Db, service_key: string): Promise<UsualTime | undefined> {
  return db.selectFrom('services_usual_times').selectAll().where('service_key', '=', service_key).executeTakeFirst()
}

export async function keepUsualTime(tx: Tx, row: UsualTime): Promise<void> {
  await tx.deleteFrom('services_usual_times').where('service_key', '=', row.service_key).execute()
  await tx.insertInto('services_usual_times').values(row).execute()
}

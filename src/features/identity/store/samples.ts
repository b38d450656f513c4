import { sql } from 'kysely'
import type { Db } from '../../../platform/db.ts'
import { currentStandings } from '../rules/standing.ts'
import type { Kind, Standing } from '../tables.ts'

/** People of one department who look alike to a rule; `number`: one of them. */
export type SampleRow = { number: string; unit_name: string; kind: Kind; people: number }

/**
 * One number for each kind of applicant in each department: with a tutor who is here or without, with a superior named or without, the head and
 * the rest. Grouped by the database, so 40,000 people come to a few rows a department.
 */
export async function selectSamples(db: Db, standings: readonly Standing[]): Promise<SampleRow[]> {
  if (standings.length === 0) return []
  const rows = await db.selectFrom('identity_numbers as n').innerJoin('identity_units as u', 'u.id', 'n.unit_id')
    .leftJoin('identity_people as t', 't.id', 'n.tutor_id').leftJoin('identity_numbers as tn', join => join.onRef('tn.number', '=', 't.number').on('tn.standing', 'in', currentStandings))
    .select(['n.unit_id', 'u.name as unit_name', 'n.kind'])
    .select(({ fn }) => [
      sql<number>`case when tn.number is null then 0 else 1 end`.as('tutored'), sql<number>`case when n.leader_number is null then 0 else 1 end`.as('led'),
      sql<number>`case when u.head_number = n.number then 1 else 0 end`.as('heads'), fn.min('n.number').as('number'), fn.countAll<number>().as('people'),
    ])
    .where('n.standing', 'in', standings)
    .groupBy(['n.unit_id', 'u.name', 'n.kind', sql`tutored`, sql`led`, sql`heads`]).orderBy('u.name').orderBy('number').execute()
  return rows.map(({ number, unit_name, kind, people }) => ({ number, unit_name, kind, people: Number(people) }))
}

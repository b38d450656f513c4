import type { Expression } from 'kysely'
import type { Db } from '../../platform/db.ts'

/** Of which subjects one of these people holds an open task; a query to be asked within another. */
export function subjectsHeldBy(db: Db, people: readonly string[]): Expression<string> {
  return db.selectFrom('approvals_tasks as task').innerJoin('approvals_instances as instance', 'instance.id', 'task.instance_id').select('instance.subject')
    .where('task.person_id', 'in', people.length > 0 ? people : ['']).where('task.status', '=', 'open').$asScalar()
}

/** Of which subjects a step is open beyond its limit; likewise. What is suspended is late for nobody. */
export function subjectsOverdue(db: Db, now: number): Expression<string> {
  return db.selectFrom('approvals_nodes as node').innerJoin('approvals_instances as instance', 'instance.id', 'node.instance_id').select('instance.subject')
    .where('node.status', '=', 'open').where('node.kind', '=', 'approval').where('node.due_at', '<', now).where('instance.suspended_at', 'is', null).$asScalar()
}

/** How many open tasks each person holds, by their id. */
export async function loads(db: Db): Promise<Map<string, number>> {
  const rows = await db.selectFrom('approvals_tasks').select(['person_id', ({ fn }) => fn.countAll<number | string>().as('number')]).where('status', '=', 'open').groupBy('person_id').execute()
  return new Map(rows.map(row => [row.person_id, Number(row.number)]))
}

export type Place = { instance_id: string; label: string; person_name: string; due_at: number | null }

/** Who holds these instances, and where: a row for each open task. */
export async function placesOf(db: Db, instances: readonly string[]): Promise<Place[]> {
  if (instances.length === 0) return []
  return await db.selectFrom('approvals_tasks').select(['instance_id', 'person_name', 'label', 'due_at'])
    .where('instance_id', 'in', instances).where('status', '=', 'open').orderBy('id').execute()
}

import type { Db } from '../../platform/db.ts'
import type { TaskStatus } from './rules/state.ts'
import type { NodesTable } from './tables.ts'

/** Instants (epoch ms); `until` is not in it. */
type Span = { from: number; until: number }

/** What people did with one step or one task. `topic`: the owner's word for what it was about; times are epoch ms. */
export type StepEnded = Pick<NodesTable, 'step' | 'label' | 'status'> & { topic: string; started_at: number; ended_at: number; due_at: number | null }
export type TaskDecided = { topic: string; person_id: string; started_at: number; ended_at: number; due_at: number | null }

const DONE: TaskStatus = 'done'

/** Steps that people ended in this time; what was passed over or taken away is nobody's work. */
export async function stepsEnded(db: Db, { from, until }: Span): Promise<StepEnded[]> {
  const rows = await db.selectFrom('approvals_nodes as node').innerJoin('approvals_instances as instance', 'instance.id', 'node.instance_id')
    .select(['instance.topic', 'node.step', 'node.label', 'node.status', 'node.started_at', 'node.ended_at', 'node.due_at'])
    .where('node.kind', '=', 'approval').where('node.ended_at', '>=', from).where('node.ended_at', '<', until)
    .where('node.status', 'in', ['passed', 'rejected', 'returned']).where('node.note', 'is', null).execute()
  return rows.flatMap(({ topic, ended_at, ...row }) => topic === null || ended_at === null ? [] : [{ ...row, topic, ended_at }])
}

/** Tasks that their own people decided in this time. */
export async function tasksDecided(db: Db, { from, until }: Span): Promise<TaskDecided[]> {
  const rows = await db.selectFrom('approvals_tasks as task').innerJoin('approvals_instances as instance', 'instance.id', 'task.instance_id')
    .select(['instance.topic', 'task.person_id', 'task.created_at as started_at', 'task.ended_at', 'task.due_at'])
    .where('task.status', '=', DONE).where('task.ended_at', '>=', from).where('task.ended_at', '<', until).where('task.ended_as', 'in', ['approve', 'reject', 'return']).execute()
  return rows.flatMap(({ topic, ended_at, ...row }) => topic === null || ended_at === null ? [] : [{ ...row, topic, ended_at }])
}

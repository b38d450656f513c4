import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/db.ts'
import { insertRows, prepared, preparedChange, type Value } from '../../platform/prepared.ts'
import type { Flow } from './define.ts'
import type { Entry } from './rules/history.ts'
import type { DecisionsTable, InstancesTable, NodesTable, TasksTable } from './tables.ts'

export type Line = { label: string; value: string }
/** `last_absence`: when the last of all standing delegations ends; null for none. */
export type Instance = Omit<InstancesTable, 'flow' | 'form' | 'summary'> & { flow: Flow; form: Record<string, unknown>; summary: Line[]; last_absence: number | null }

/** Puts this transaction in line for the instance; false when there is none. First statement of every verb. */
export async function lockInstance(tx: Tx, instance_id: string): Promise<boolean> {
  return await locked(tx, { instance_id }) === 1
}

const locked = preparedChange((db: Db, value: Value<{ instance_id: string }>) =>
  db.updateTable('approvals_instances').set({ version: sql`version + 1` }).where('id', '=', value('instance_id')))

/** The same from one of its tasks, without a read before it that could see an older state. */
export async function lockInstanceOfTask(tx: Tx, task_id: string): Promise<boolean> {
  return await lockedByTask(tx, { task_id }) === 1
}

const lockedByTask = preparedChange((db: Db, value: Value<{ task_id: string }>) =>
  db.updateTable('approvals_instances').set({ version: sql`version + 1` })
    .where('id', '=', db.selectFrom('approvals_tasks').select('instance_id').where('id', '=', value('task_id'))))

export async function instanceOf(db: Db, instance_id: string): Promise<Instance | null> {
  const [row] = await instanceById(db, { instance_id })
  return row ? readInstance(row) : null
}

const instanceById = prepared((db: Db, value: Value<{ instance_id: string }>) =>
  db.selectFrom('approvals_instances').selectAll().select(lastAbsence).where('id', '=', value('instance_id')))

// With the instance, so that a decision asks for delegations only where there are any.
const lastAbsence = sql<number | null>`(select max(ends_at) from approvals_delegations)`.as('last_absence')

export async function instanceOfTask(db: Db, task_id: string): Promise<Instance | null> {
  const [row] = await instanceByTask(db, { task_id })
  return row ? readInstance(row) : null
}

const instanceByTask = prepared((db: Db, value: Value<{ task_id: string }>) =>
  db.selectFrom('approvals_tasks').innerJoin('approvals_instances', 'approvals_instances.id', 'approvals_tasks.instance_id')
    .selectAll('approvals_instances').select(lastAbsence).where('approvals_tasks.id', '=', value('task_id')))

function readInstance(row: InstancesTable & { last_absence: number | null }): Instance {
  return { ...row, flow: readFlow(row.flow), form: JSON.parse(row.form), summary: JSON.parse(row.summary) }
}

// Instances share the flow of their service's version, and nobody changes one: read once, kept by its text.
const flows = new Map<string, Flow>()
const FLOWS_KEPT = 200

function readFlow(text: string): Flow {
  const known = flows.get(text)
  if (known) return known
  if (flows.size === FLOWS_KEPT) flows.clear()
  const flow: Flow = JSON.parse(text)
  flows.set(text, flow)
  return flow
}

export async function historyOf(db: Db, instance_id: string): Promise<Entry[]> {
  return (await entriesOf(db, { instance_id })).map(row => JSON.parse(row.entry))
}

const entriesOf = prepared((db: Db, value: Value<{ instance_id: string }>) =>
  db.selectFrom('approvals_history').select('entry').where('instance_id', '=', value('instance_id')).orderBy('seq'))

/** `from`: how many entries are there already. */
export function appendHistory(tx: Tx, instance_id: string, from: number, entries: readonly Entry[]): Promise<void> {
  return insertRows(tx, 'approvals_history', entries.map((entry, index) => ({ instance_id, seq: from + index + 1, entry: JSON.stringify(entry) })))
}

export async function insertInstance(tx: Tx, instance: Instance): Promise<void> {
  const { flow, form, summary, last_absence: _, ...row } = instance
  await insertRows(tx, 'approvals_instances', [{ ...row, flow: JSON.stringify(flow), form: JSON.stringify(form), summary: JSON.stringify(summary) }])
}

export async function updateForm(tx: Tx, instance_id: string, { form, summary, title, due_at }: Pick<Instance, 'form' | 'summary' | 'title' | 'due_at'>): Promise<void> {
  await tx.updateTable('approvals_instances').set({ title, due_at, form: JSON.stringify(form), summary: JSON.stringify(summary) }).where('id', '=', instance_id).execute()
}

/** The flow that it goes on by, with what the form says under it. */
export async function updateFlow(tx: Tx, instance_id: string, { flow, form, summary, title }: Pick<Instance, 'flow' | 'form' | 'summary' | 'title'>): Promise<void> {
  await tx.updateTable('approvals_instances').set({ title, flow: JSON.stringify(flow), form: JSON.stringify(form), summary: JSON.stringify(summary) }).where('id', '=', instance_id).execute()
}

export async function setDue(tx: Tx, { instance_id, number, due_at }: Pick<NodesTable, 'instance_id' | 'number' | 'due_at'>): Promise<void> {
  const node = tx.selectFrom('approvals_nodes').select('id').where('instance_id', '=', instance_id).where('number', '=', number)
  await tx.updateTable('approvals_tasks').set({ due_at }).where('instance_id', '=', instance_id).where('node_id', '=', node).execute()
  await tx.updateTable('approvals_nodes').set({ due_at }).where('instance_id', '=', instance_id).where('number', '=', number).execute()
}

export function insertNodes(tx: Tx, rows: NodesTable[]): Promise<void> {
  return insertRows(tx, 'approvals_nodes', rows)
}

export function insertTasks(tx: Tx, rows: TasksTable[]): Promise<void> {
  return insertRows(tx, 'approvals_tasks', rows)
}

export function insertDecision(tx: Tx, row: DecisionsTable): Promise<void> {
  return insertRows(tx, 'approvals_decisions', [row])
}

/** A node's row, as far as what belongs to it repeats it. */
export type NodeRow = Pick<NodesTable, 'id' | 'number' | 'label' | 'due_at'>

/** By number. */
export async function nodeRowsOf(db: Db, instance_id: string): Promise<Map<number, NodeRow>> {
  return new Map((await nodeRows(db, { instance_id })).map(row => [row.number, row]))
}

const nodeRows = prepared((db: Db, value: Value<{ instance_id: string }>) =>
  db.selectFrom('approvals_nodes').select(['id', 'number', 'label', 'due_at']).where('instance_id', '=', value('instance_id')))

/** 审批意见 in the order given. */
export async function decisionsOf(db: Db, instance_id: string): Promise<(Omit<DecisionsTable, 'instance_id'> & { label: string })[]> {
  return await db.selectFrom('approvals_decisions as decision').innerJoin('approvals_nodes as node', 'node.id', 'decision.node_id')
    .select(['decision.id', 'decision.node_id', 'decision.task_id', 'decision.person_id', 'decision.person_name', 'decision.decision',
      'decision.comment', 'decision.via', 'decision.signature', 'decision.created_at', 'node.label'])
    .where('decision.instance_id', '=', instance_id).orderBy('decision.id').execute()
}

type PictureTask = Pick<TasksTable, 'id' | 'node_id' | 'person_id' | 'person_name' | 'rule' | 'reason' | 'why' | 'wants' | 'for_name' | 'status' | 'created_at' | 'ended_at' | 'ended_as' | 'ended_by_name'>
export type PictureNode = Omit<NodesTable, 'instance_id'> & { tasks: PictureTask[] }

/** Every visit to a step so far, each with who held or holds it and since when: what the picture of the flow shows. */
export async function nodesOf(db: Db, instance_id: string): Promise<PictureNode[]> {
  const nodes = await db.selectFrom('approvals_nodes').select(['id', 'number', 'step', 'kind', 'label', 'status', 'note', 'started_at', 'ended_at', 'due_at'])
    .where('instance_id', '=', instance_id).orderBy('number').execute()
  const tasks = await db.selectFrom('approvals_tasks')
    .select(['id', 'node_id', 'person_id', 'person_name', 'rule', 'reason', 'why', 'wants', 'for_name', 'status', 'created_at', 'ended_at', 'ended_as', 'ended_by_name'])
    .where('instance_id', '=', instance_id).orderBy('id').execute()
  const byNode = Map.groupBy(tasks, task => task.node_id)
  return nodes.map(node => ({ ...node, tasks: byNode.get(node.id) ?? [] }))
}

export async function setSuspended(tx: Tx, instance_id: string, suspended_at: number | null): Promise<void> {
  await tx.updateTable('approvals_instances').set({ suspended_at }).where('id', '=', instance_id).execute()
}

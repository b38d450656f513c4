import { emitAll } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import { move } from '../../../platform/machine.ts'
import type { VerbDeps } from '../deps.ts'
import { taskClosed, taskOpened } from '../events.ts'
import type { InstanceStatus, Node, NodeStatus, State, Task } from '../rules/history.ts'
import { instanceMachine, nodeMachine, taskMachine } from '../rules/machines.ts'
import { stepsOf } from '../rules/walk.ts'
import { insertNodes, insertTasks } from '../store.ts'
import type { NodesTable, TasksTable } from '../tables.ts'
import { applicantTold, assigneeTold, tellCard } from './tell.ts'
import type { Turn, Word } from './turn.ts'

/**
 * Brings rows, events and messages from the turn's state to the next. Only the difference is written, so a further kind of entry
 * needs nothing here.
 */
export async function record(deps: VerbDeps, turn: Turn, after: State, word: Word): Promise<void> {
  const nodeIds = await recordNodes(turn, after)
  await endTasks(deps, turn, after.tasks.filter((task, index) => turn.state.tasks[index]?.status === 'open' && task.status !== 'open'))
  const begun = after.tasks.slice(turn.state.tasks.length)
  await insertTasks(turn.tx, begun.map(task => taskRow(turn, task, nodeIds.get(task.node) ?? '')))
  // A task may be over before it was told: a parallel branch that refuses ends those that began with it.
  const open = begun.filter(task => task.status === 'open')
  await emitAll(turn.tx, taskOpened, open.map(task => taskData(turn, task)), aboutOf(turn))
  await moveInstance(turn, after)
  const applicant = applicantTold(turn, after, word)
  await deps.messages.tellAll(turn.tx, [...open.map(task => assigneeTold(turn, nodeOf(after, task), task)), ...applicant ? [applicant] : []])
}

async function recordNodes({ tx, actor, instance, state, nodeIds }: Turn, after: State): Promise<Map<number, string>> {
  const ids = new Map(nodeIds)
  for (const [index, node] of state.nodes.entries()) {
    const status = after.nodes[index]?.status
    const verb = status && node.status === 'open' ? NODE_VERBS[status] : null
    if (verb) await move(tx, nodeMachine, { id: ids.get(node.number) ?? '' }, verb, { actor, set: { ended_at: after.nodes[index]?.ended_at ?? null } })
  }
  const steps = stepsOf(instance.flow)
  const rows = after.nodes.slice(state.nodes.length).map((node): NodesTable => {
    const step = steps.get(node.step)
    if (!step || node.status === 'asked') throw new Error('approvals: only steps of the flow that were answered are recorded')
    const { number, status, note, started_at, ended_at } = node
    return { id: newId(), instance_id: instance.id, number, step: step.id, kind: step.kind, label: step.label, status, note, started_at, ended_at }
  })
  await insertNodes(tx, rows)
  for (const row of rows) ids.set(row.number, row.id)
  return ids
}

const NODE_VERBS: Record<NodeStatus, 'pass' | 'reject' | 'return' | 'cancel' | null> = {
  asked: null, open: null, passed: 'pass', skipped: null, rejected: 'reject', returned: 'return', cancelled: 'cancel',
}

async function endTasks(deps: VerbDeps, turn: Turn, ended: readonly Task[]): Promise<void> {
  const { tx, actor } = turn
  for (const task of ended) await move(tx, taskMachine, task, task.status === 'done' ? 'decide' : 'close', { actor, set: endingColumns(task) })
  await emitAll(tx, taskClosed, ended.map(task => taskData(turn, task)), aboutOf(turn))
  for (const task of ended) await tellCard(deps, tx, task)
}

function taskData({ instance }: Turn, { id: task_id, person_id }: Task) {
  return { task_id, instance_id: instance.id, person_id }
}

function aboutOf({ instance, actor }: Turn) {
  return { subject: instance.subject, actor }
}

function nodeOf(state: State, task: Task): Node {
  const node = state.nodes[task.node - 1]
  if (!node) throw new Error('approvals: every task belongs to a node')
  return node
}

async function moveInstance({ tx, actor, instance, state }: Turn, after: State): Promise<void> {
  const { status, ended_at } = after
  if (state.status === 'returned' && status !== 'withdrawn') await move(tx, instanceMachine, instance, 'resubmit', { actor })
  if (status === 'running') return
  const { id: instance_id, subject, kind } = instance
  await move(tx, instanceMachine, instance, OUTCOMES[status], { actor, subject, data: { instance_id, subject, kind }, set: { ended_at } })
}

const OUTCOMES: Record<Exclude<InstanceStatus, 'running'>, 'approve' | 'reject' | 'return' | 'withdraw'> = {
  approved: 'approve', rejected: 'reject', returned: 'return', withdrawn: 'withdraw',
}

function taskRow({ instance }: Turn, task: Task, node_id: string): TasksTable {
  const { id, person_id, person_name, rule, reason, why, status, created_at } = task
  return { id, instance_id: instance.id, node_id, person_id, person_name, rule, reason, why: why ? JSON.stringify(why) : null, status, created_at, ...endingColumns(task) }
}

function endingColumns({ ending }: Task) {
  return { ended_at: ending?.at ?? null, ended_by: ending?.by ?? null, ended_by_name: ending?.by_name ?? null, ended_as: ending?.as ?? null }
}

import { emitAll } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import { enqueue } from '../../../platform/jobs.ts'
import { move } from '../../../platform/machine.ts'
import type { VerbDeps } from '../deps.ts'
import { taskClosed, taskOpened } from '../events.ts'
import { dueAt, dueOf } from '../rules/clock.ts'
import { instanceMachine, nodeMachine, taskMachine } from '../rules/machines.ts'
import { isLive } from '../rules/run.ts'
import type { InstanceStatus, NodeStatus, State, Task } from '../rules/state.ts'
import { stepsOf } from '../rules/tree.ts'
import { insertNodes, insertTasks, type NodeRow } from '../store.ts'
import { insertCopies } from '../store-remarks.ts'
import type { NodesTable, TasksTable } from '../tables.ts'
import { callOut, tick } from '../work.ts'
import { cardOf } from './card.ts'
import { applicantTold, assigneeTold, copiedTold, tellCard } from './tell.ts'
import type { Turn, Word } from './turn.ts'

/**
 * Brings rows, events, messages and what time will bring from the turn's state to the next. Only the difference is written, so a further
 * kind of entry needs nothing here.
 */
export async function record(deps: VerbDeps, turn: Turn, after: State, word: Word): Promise<void> {
  const nodes = await recordNodes(deps, turn, after)
  await endTasks(deps, turn, after.tasks.filter((task, index) => turn.state.tasks[index]?.status === 'open' && task.status !== 'open'))
  const begun = after.tasks.slice(turn.state.tasks.length)
  await insertTasks(turn.tx, begun.map(task => taskRow(turn, task, nodes.get(task.node))))
  // A task may be over before it was told: a parallel branch that refuses ends those that began with it.
  const open = begun.filter(task => task.status === 'open')
  await emitAll(turn.tx, taskOpened, open.map(task => taskData(turn, task)), aboutOf(turn))
  const copies = after.copied.slice(turn.state.copied.length)
  await insertCopies(turn.tx, copies.map(({ node, ...copy }) => (
    { id: newId(), instance_id: turn.instance.id, node_id: node === null ? null : nodes.get(node)?.id ?? null, ...copy, created_at: deps.clock.now() })))
  await moveInstance(turn, after)
  const applicant = applicantTold(turn, after, word)
  await deps.messages.tellAll(turn.tx, [
    ...await Promise.all(open.map(async task => assigneeTold(turn, after, task, { card: await cardOf(deps, turn, after, task), ...word }))), ...copies.map(copy => copiedTold(turn, copy)), ...applicant ? [applicant] : [],
  ])
}

async function recordNodes(deps: VerbDeps, turn: Turn, after: State): Promise<Map<number, NodeRow>> {
  const { tx, actor, instance, state } = turn
  const known = new Map(turn.nodes)
  for (const [index, node] of state.nodes.entries()) {
    const now = after.nodes[index]
    const verb = now && node.status === 'open' ? NODE_VERBS[now.status] : null
    if (now && verb) await move(tx, nodeMachine, { id: known.get(node.number)?.id ?? '' }, verb, { actor, set: { ended_at: now.ended_at, ...(now.note !== node.note && { note: now.note }) } })
  }
  const steps = stepsOf(instance.flow)
  const rows = after.nodes.slice(state.nodes.length).map((node): NodesTable => {
    const step = steps.get(node.step)
    if (!step || node.status === 'asked') throw new Error('approvals: only steps of the flow that were answered are recorded')
    const { number, status, note, started_at, ended_at } = node
    return { id: newId(), instance_id: instance.id, number, step: step.id, kind: step.kind, label: step.label, status, note, started_at, ended_at, due_at: dueAt(deps.workingTime, step, node) }
  })
  await insertNodes(tx, rows)
  for (const row of rows) {
    known.set(row.number, row)
    await awaken(turn, after, row)
  }
  return known
}

/** What a node that waits for time or a machine needs besides people. */
async function awaken({ tx, instance }: Turn, after: State, { number, due_at }: NodesTable): Promise<void> {
  const node = after.nodes[number - 1]
  const step = stepsOf(instance.flow).get(node?.step ?? '')
  if (!node || !step || !isLive(node)) return
  if (due_at !== null && dueOf(step, node, after)) await enqueue(tx, tick, { instance_id: instance.id, node: number }, { at: due_at, subject: instance.subject })
  if (step.kind === 'trigger') await enqueue(tx, callOut, { instance_id: instance.id, node: number }, { subject: instance.subject })
}

const NODE_VERBS: Record<NodeStatus, 'pass' | 'skip' | 'reject' | 'return' | 'cancel' | null> = {
  asked: null, open: null, passed: 'pass', skipped: 'skip', rejected: 'reject', returned: 'return', cancelled: 'cancel',
}

async function endTasks(deps: VerbDeps, turn: Turn, ended: readonly Task[]): Promise<void> {
  const { tx, actor } = turn
  for (const task of ended) await move(tx, taskMachine, task, task.status === 'done' ? 'decide' : 'close', { actor, set: { ...endingColumns(task), draft: null } })
  await emitAll(tx, taskClosed, ended.map(task => taskData(turn, task)), aboutOf(turn))
  for (const task of ended) await tellCard(deps, tx, task)
}

function taskData({ instance }: Turn, { id: task_id, person_id }: Task) {
  return { task_id, instance_id: instance.id, person_id }
}

function aboutOf({ instance, actor }: Turn) {
  return { subject: instance.subject, actor }
}

async function moveInstance({ tx, actor, instance, state }: Turn, after: State): Promise<void> {
  const { status, ended_at } = after
  if (status === state.status && instance.status === status) return
  if (state.status === 'returned' && status !== 'withdrawn' && status !== 'ended') await move(tx, instanceMachine, instance, 'resubmit', { actor })
  if (status === 'running') return
  const { id: instance_id, subject, kind } = instance
  await move(tx, instanceMachine, instance, OUTCOMES[status], { actor, subject, data: { instance_id, subject, kind }, set: { ended_at } })
}

const OUTCOMES: Record<Exclude<InstanceStatus, 'running'>, 'approve' | 'reject' | 'return' | 'withdraw' | 'revoke' | 'end'> = {
  approved: 'approve', rejected: 'reject', returned: 'return', withdrawn: 'withdraw', revoked: 'revoke', ended: 'end',
}

function taskRow({ instance }: Turn, task: Task, node: NodeRow | undefined): TasksTable {
  if (!node) throw new Error('approvals: every task belongs to a node')
  const { id, person_id, person_name, rule, reason, why, wants, status, created_at } = task
  return {
    id, instance_id: instance.id, node_id: node.id, label: node.label, due_at: node.due_at, person_id, person_name, rule, reason, why: why ? JSON.stringify(why) : null, status, created_at, ...endingColumns(task),
    wants, for_id: task.for_id ?? null, for_name: task.for_name ?? null, draft: null,
  }
}

function endingColumns({ ending }: Task) {
  return { ended_at: ending?.at ?? null, ended_by: ending?.by ?? null, ended_by_name: ending?.by_name ?? null, ended_as: ending?.as ?? null }
}


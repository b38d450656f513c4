import type { Flow } from '../define.ts'
import type { Ending, Entry, Node, State, Task } from './history.ts'
import { isSettled } from './tally.ts'
import { beginRun, endNode, isLive, openAsk, type Run, walk } from './walk.ts'

/**
 * What a history amounts to. Pure: the same flow and history always give the same state.
 * While `ask` is set, nothing but its answer may follow: the caller asks the rule, appends the answer and advances again.
 * An entry that cannot follow (a decision on a closed task, or by another person) is a bug of the caller and throws.
 */
export function advance(flow: Flow, history: readonly Entry[]): State {
  const run = beginRun(flow)
  const { state } = run
  history.forEach((entry, index) => {
    must((entry.kind === 'started') === (index === 0), 'an instance starts once')
    apply(run, entry)
    if (state.status === 'running' && walk(run, flow.nodes, entry.at)) end(state, 'approved', entry.at)
    state.ask = state.status === 'running' ? openAsk(run) : null
  })
  return state
}

function apply(run: Run, entry: Entry): void {
  const { state } = run
  switch (entry.kind) {
    case 'started': return
    case 'assigned': return assign(askedNode(state, entry.node), entry, state)
    case 'skipped': return skip(askedNode(state, entry.node), entry)
    case 'refused': return refuse(askedNode(state, entry.node), entry, state)
    case 'decided': return entry.decision === 'approve' ? approve(run, entry) : stop(state, entry, 'rejected')
    case 'returned': return stop(state, entry, 'returned')
    case 'resubmitted': return resubmit(run)
    case 'withdrawn': return withdraw(state, entry.at)
    case 'urged': return urge(state, entry.at)
  }
}

function assign(node: Node, entry: Extract<Entry, { kind: 'assigned' }>, state: State): void {
  must(entry.tasks.length > 0, 'a node is assigned to somebody')
  node.status = 'open'
  for (const task of entry.tasks) {
    must(!state.tasks.some(one => one.id === task.id), 'a task is handed out once')
    state.tasks.push({ ...task, node: node.number, status: 'open', created_at: entry.at, ending: null })
  }
}

function skip(node: Node, entry: Extract<Entry, { kind: 'skipped' }>): void {
  node.note = entry.why
  endNode(node, 'skipped', entry.at)
}

function refuse(node: Node, entry: Extract<Entry, { kind: 'refused' }>, state: State): void {
  node.note = entry.why
  endNode(node, 'rejected', entry.at)
  closeLive(state, { at: entry.at, by: null, by_name: null, as: 'reject' })
  end(state, 'rejected', entry.at)
}

function approve({ steps, state }: Run, entry: Extract<Entry, { kind: 'decided' }>): void {
  const ending = finish(state, entry, 'approve')
  const node = nodeOfTask(state, entry.task)
  const step = steps.get(node.step)
  must(step?.kind === 'approval', 'only approval steps hold tasks')
  const tasks = state.tasks.filter(task => task.node === node.number)
  if (!isSettled(step.mode, tasks)) return
  endNode(node, 'passed', entry.at)
  closeTasks(tasks, ending)
}

/** A rejection or a return ends the round: whatever else is open, in this node or beside it, ends with it. */
function stop(state: State, entry: Extract<Entry, { kind: 'decided' | 'returned' }>, status: 'rejected' | 'returned'): void {
  const ending = finish(state, entry, status === 'rejected' ? 'reject' : 'return')
  endNode(nodeOfTask(state, entry.task), status, entry.at)
  closeLive(state, ending)
  end(state, status, entry.at)
}

function resubmit(run: Run): void {
  must(run.state.status === 'returned', 'only what was returned is sent again')
  run.state.standing.clear()
  run.state.status = 'running'
  run.state.ended_at = null
}

function withdraw(state: State, at: number): void {
  must(state.status === 'running' || state.status === 'returned', 'only what has not ended is withdrawn')
  must(!state.ask, 'an ask is answered first')
  closeLive(state, { at, by: null, by_name: null, as: 'withdraw' })
  end(state, 'withdrawn', at)
}

function urge(state: State, at: number): void {
  must(state.status === 'running' && !state.ask, 'only a waiting instance is urged')
  state.urged_at = at
}

/** The person's own act on the person's own open task. */
function finish(state: State, entry: { task: string; by: string; at: number }, as: Ending['as']): Ending {
  const task = state.tasks.find(one => one.id === entry.task)
  must(task?.status === 'open' && !state.ask, 'only an open task is decided')
  must(task.person_id === entry.by, 'a task is decided by its own person')
  const ending = { at: entry.at, by: task.person_id, by_name: task.person_name, as }
  task.status = 'done'
  task.ending = ending
  return ending
}

function closeLive(state: State, ending: Ending): void {
  for (const node of state.nodes.filter(isLive)) endNode(node, 'cancelled', ending.at)
  closeTasks(state.tasks, ending)
}

function closeTasks(tasks: Task[], ending: Ending): void {
  for (const task of tasks.filter(one => one.status === 'open')) Object.assign(task, { status: 'closed', ending })
}

function end(state: State, status: State['status'], at: number): void {
  state.status = status
  // What was returned waits for its applicant; it has not ended.
  state.ended_at = status === 'returned' ? null : at
}

function askedNode(state: State, number: number): Node {
  const node = state.nodes[number - 1]
  must(state.ask?.node === number && node, 'an answer follows its ask')
  return node
}

function nodeOfTask(state: State, task_id: string): Node {
  const task = state.tasks.find(one => one.id === task_id)
  const node = task && state.nodes[task.node - 1]
  must(node, 'every task belongs to a node')
  return node
}

function must(truth: unknown, law: string): asserts truth {
  if (!truth) throw new Error(`approvals: history does not fit its flow: ${law}`)
}

import type { Flow, Step } from '../schema.ts'
import type { Seated } from './history.ts'
import type { Ending, Group, Node, Seat, State, Task } from './state.ts'
import { stepsOf } from './tree.ts'

/**
 * `state.standing` is all there is to going back: what is forgotten there is entered anew, what still stands as passed is stepped over.
 * So every way of returning is a choice of what to forget. `ending`: the act that is being applied, for what ends by it.
 * `turns`: of the nodes that were just walked and wait for people, whose turn it is.
 */
export type Run = { flow: Flow; steps: ReadonlyMap<string, Step>; state: State; ending: Ending | null; turns: Map<number, readonly Seat[]>; /** the flow it is being moved to */ next: Flow }

export function beginRun(flow: Flow, from?: State): Run {
  return { flow, steps: stepsOf(flow), state: from ? copyOf(from) : unborn(), ending: null, turns: new Map(), next: flow }
}

/** A run writes into everything that is copied here, and into nothing else. */
function copyOf(state: State): State {
  const { nodes, tasks, seats, groups, standing, choices, copied, reminded, overdue } = state
  return {
    ...state,
    nodes: nodes.map(node => ({ ...node })), tasks: tasks.map(task => ({ ...task })), seats: seats.map(seat => ({ ...seat })), groups: groups.map(group => ({ ...group })),
    standing: new Map(standing), choices: new Map(choices), copied: [...copied], reminded: new Map(reminded), overdue: [...overdue],
  }
}

/** The state of what has no history yet. */
export function unborn(): State {
  return {
    status: 'running', nodes: [], tasks: [], seats: [], groups: [], standing: new Map(), choices: new Map(), copied: [], chosen: {}, reminded: new Map(), overdue: [],
    ask: null, straight: false, suspended: false, urged_at: null, ended_at: null,
  }
}

export function isLive(node: Node): boolean {
  return node.status === 'asked' || node.status === 'open'
}

/** Does anybody hold one of these? */
export function isHeld(tasks: readonly Task[]): boolean {
  return tasks.some(task => task.status === 'open')
}

export function endNode(node: Node, status: Exclude<Node['status'], 'asked' | 'open'>, at: number): void {
  node.status = status
  node.ended_at = at
}

/** With whatever is still open in it. */
export function closeNode(state: State, node: Node, status: Exclude<Node['status'], 'asked' | 'open'>, ending: Ending): void {
  endNode(node, status, ending.at)
  closeTasks(state, state.tasks.filter(task => task.node === node.number), ending)
}

export function closeTasks(state: State, tasks: readonly Task[], ending: Ending): void {
  for (const task of tasks) if (task.status === 'open') endTask(state, task, 'closed', ending)
}

export function endTask(state: State, task: Task, status: 'done' | 'closed', ending: Ending): void {
  task.status = status
  task.ending = ending
  seatOf(state, task.seat).task = null
}

export function closeLive(state: State, ending: Ending): void {
  for (const node of state.nodes) if (isLive(node)) closeNode(state, node, 'cancelled', ending)
}

/** The instance is over, or rests with its applicant. */
export function endRun(state: State, status: State['status'], at: number): void {
  state.status = status
  // What was returned waits for its applicant; it has not ended.
  state.ended_at = status === 'returned' ? null : at
}

export function addGroup(state: State, group: Omit<Group, 'number' | 'claimed'>): Group {
  const added = { ...group, number: state.groups.length + 1, claimed: null }
  state.groups.push(added)
  return added
}

export function addSeat(state: State, { number: group, node }: Group, { person_id, person_name, rule, reason, why, weight }: Seated): Seat {
  const seat: Seat = {
    person_id, person_name, rule, reason, ...(why && { why }), ...(weight !== undefined && { weight }), number: state.seats.length + 1, node, group, verdict: null, task: null, gone: false,
  }
  state.seats.push(seat)
  return seat
}

/** The node's own. */
export function groupOf(state: State, { number }: Pick<Node, 'number'>): Group {
  const group = state.groups.find(one => one.node === number && one.place === 'node')
  must(group, 'an open node was handed to somebody')
  return group
}

export function groupAt(state: State, number: number): Group {
  const group = state.groups[number - 1]
  must(group, 'every seat belongs to a group')
  return group
}

export function seatOf(state: State, number: number): Seat {
  const seat = state.seats[number - 1]
  must(seat, 'every task belongs to a seat')
  return seat
}

export function nodeAt(state: State, number: number): Node {
  const node = state.nodes[number - 1]
  must(node, 'a node is there before anything happens to it')
  return node
}

export function taskOf(state: State, id: string): Task {
  const task = state.tasks.find(one => one.id === id)
  must(task, 'a task is there before anything happens to it')
  return task
}

export function must(truth: unknown, law: string): asserts truth {
  if (!truth) throw new Error(`approvals: history does not fit its flow: ${law}`)
}

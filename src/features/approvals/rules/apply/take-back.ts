import type { Flow } from '../../schema.ts'
import { goTo } from '../go-to.ts'
import { groupAt, must, nodeAt, type Run, seatOf, taskOf } from '../run.ts'
import type { Group, Node, Seat, State, Task } from '../state.ts'
import { stepsAfter, stepsOf } from '../tree.ts'

/** 拿回 an own approval: all is as it was before it. A step that was passed by it is entered anew, with what the others have said. */
export function takeBack(run: Run, { task: id, by, at }: { task: string; by: string; at: number }): void {
  const { state } = run
  const task = taskOf(state, id)
  must(task.person_id === by && state.status === 'running' && !state.suspended && canBeTakenBack(run.flow, state, task), 'an approval is taken back while the next has not acted')
  const ending = { at, by, by_name: task.person_name, as: 'take-back' as const }
  run.ending = ending
  const node = nodeAt(state, task.node)
  if (node.status === 'open') {
    seatOf(state, task.seat).verdict = null
    return
  }
  goTo(run, node.step, ending, true)
  seatOf(state, enterAgain(state, node, task.seat, at)).verdict = null
}

/** Nobody has acted on it, and nothing has been done about it, since it was approved. */
export function canBeTakenBack(flow: Flow, state: State, task: Task): boolean {
  const node = nodeAt(state, task.node)
  if (task.status !== 'done' || task.ending?.as !== 'approve' || state.standing.get(node.step) !== node.number) return false
  const isLast = state.tasks.findLast(one => one.seat === task.seat) === task
  if (!isLast || hasActedAfter(state, seatOf(state, task.seat))) return false
  if (node.status === 'open') return true
  return node.status === 'passed' && stepsAfter(flow, node.step).every(step => isUntouched(flow, state, step, node))
}

/** In the same node: those called in to come after, and those whose turn is after. */
function hasActedAfter({ groups, seats }: State, seat: Seat): boolean {
  const { mode, number } = groups[seat.group - 1] ?? {}
  const next = mode === 'in-turn' ? seats.filter(one => one.group === number && one.number > seat.number) : []
  const after = groups.filter(group => group.seat === seat.number && group.place === 'after').flatMap(group => seats.filter(one => one.group === group.number))
  return [...next, ...after].some(one => one.verdict !== null)
}

function isUntouched(flow: Flow, state: State, step: string, since: Node): boolean {
  const number = state.standing.get(step) ?? 0
  if (number < since.number) return true
  const isDone = stepsOf(flow).get(step)?.kind === 'trigger' || state.tasks.some(task => task.node === number && task.status === 'done')
  return !isDone
}

/** A further node of the same step, seats and all; returns the number that the seat has there. */
function enterAgain(state: State, before: Node, seat: number, at: number): number {
  const node: Node = { number: state.nodes.length + 1, step: before.step, status: 'open', note: null, started_at: at, ended_at: null }
  state.nodes.push(node)
  state.standing.set(node.step, node.number)
  const groups = state.groups.filter(group => group.node === before.number)
  const seats = state.seats.filter(one => one.node === before.number)
  const groupNow = (number: number) => state.groups.length + 1 + groups.findIndex(group => group.number === number)
  const seatNow = (number: number) => state.seats.length + 1 + seats.findIndex(one => one.number === number)
  const moved = {
    groups: groups.map((group): Group => ({
      ...group, number: groupNow(group.number), node: node.number, seat: group.seat && seatNow(group.seat), claimed: group.claimed && seatNow(group.claimed),
    })),
    seats: seats.map((one): Seat => ({ ...one, number: seatNow(one.number), node: node.number, group: groupNow(one.group), task: null })),
  }
  const now = seatNow(seat)
  state.groups.push(...moved.groups)
  state.seats.push(...moved.seats)
  must(groupAt(state, seatOf(state, now).group).node === node.number, 'a say stays in its node')
  return now
}

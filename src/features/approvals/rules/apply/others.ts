import { goTo } from '../go-to.ts'
import type { Happening, Intervention } from '../history.ts'
import { addSeat, closeLive, closeNode, endNode, endRun, endTask, groupOf, isLive, must, nodeAt, type Run, seatOf, taskOf } from '../run.ts'
import type { EndedAs, Ending, Node } from '../state.ts'
import { moveTo } from './move.ts'

/** What an administrator does. */
export function applyIntervention(run: Run, entry: Intervention): void {
  const { state } = run
  const ending = (as: EndedAs): Ending => run.ending = { at: entry.at, by: entry.by, by_name: entry.by_name, as }
  must(state.status === 'running' || (state.status === 'returned' && (entry.kind === 'ended' || entry.kind === 'moved')), 'what has ended is left alone')
  must(!state.suspended || entry.kind === 'resumed' || entry.kind === 'ended', 'what is suspended waits')
  switch (entry.kind) {
    case 'reassigned': return reassign(run, entry, ending('reassign'))
    case 'jumped':
      must(run.steps.has(entry.to), 'what is jumped to is a step')
      return goTo(run, entry.to, ending('jump'))
    case 'ended':
      closeLive(state, ending('end'))
      state.suspended = false
      return endRun(state, 'ended', entry.at)
    case 'suspended':
      state.suspended = true
      return
    case 'resumed':
      must(state.suspended, 'only what is suspended is resumed')
      state.suspended = false
      return
    case 'moved': return moveTo(run, ending('move'))
  }
}

function reassign({ state }: Run, { task: id, to }: Extract<Intervention, { kind: 'reassigned' }>, ending: Ending): void {
  const task = taskOf(state, id)
  must(task.status === 'open', 'only an open task is reassigned')
  const seat = seatOf(state, task.seat)
  must(!state.seats.some(one => one !== seat && one.group === seat.group && !one.gone && one.person_id === to.person_id), 'nobody has two says in one group')
  endTask(state, task, 'closed', ending)
  Object.assign(seat, { person_id: to.person_id, person_name: to.person_name, reason: to.reason })
}

/** What time and machines do. */
export function applyHappening(run: Run, entry: Happening): void {
  const { state } = run
  const node = nodeAt(state, entry.node)
  const kind = run.steps.get(node.step)?.kind
  must(state.status === 'running' && node.status === 'open', 'time passes for what is open')
  switch (entry.kind) {
    case 'elapsed':
      must(kind === 'delay', 'only a delay elapses')
      return endNode(node, 'passed', entry.at)
    case 'called': return call(run, node, entry)
    case 'reminded':
      state.reminded.set(node.number, (state.reminded.get(node.number) ?? 0) + 1)
      return
    case 'overdue':
      must(kind === 'approval' && !state.overdue.includes(node.number), 'the time of a node is up once')
      return overdue(run, node, entry)
  }
}

function call(run: Run, node: Node, { ok, at }: Extract<Happening, { kind: 'called' }>): void {
  const step = run.steps.get(node.step)
  must(step?.kind === 'trigger' && isLive(node), 'only a trigger calls')
  const rejects = !ok && step.failed === 'reject'
  if (rejects) run.ending = { at, by: null, by_name: null, as: 'failed' }
  if (!ok) node.note = 'failed'
  endNode(node, rejects ? 'rejected' : 'passed', at)
}

function overdue(run: Run, node: Node, entry: Extract<Happening, { kind: 'overdue' }>): void {
  const { state } = run
  const ending: Ending = { at: entry.at, by: null, by_name: null, as: 'overdue' }
  run.ending = ending
  state.overdue.push(node.number)
  node.note = 'overdue'
  if (entry.as !== 'transfer') return closeNode(state, node, entry.as === 'approve' ? 'passed' : 'rejected', ending)
  const group = groupOf(state, node)
  must(entry.people.length > 0, 'what is overdue is handed to somebody')
  group.claimed = null
  for (const seat of state.seats) if (seat.group === group.number && seat.verdict === null) seat.gone = true
  for (const person of entry.people) addSeat(state, group, person)
}

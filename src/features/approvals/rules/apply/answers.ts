import { goTo } from '../go-to.ts'
import type { Answer, Assignment } from '../history.ts'
import { addGroup, addSeat, endNode, groupAt, must, nodeAt, type Run, seatOf } from '../run.ts'
import type { Node, Seat, State, Wants } from '../state.ts'

/** Each answers the open ask, and only that. */
export function applyAnswer(run: Run, entry: Answer): void {
  const { state } = run
  must(state.ask?.node === entry.node && (entry.kind === 'handed') === (state.ask.seats !== undefined), 'an answer follows its ask')
  const node = nodeAt(state, entry.node)
  switch (entry.kind) {
    case 'assigned': return assign(run, node, entry)
    case 'skipped': return pass(node, 'skipped', entry)
    case 'refused': return pass(node, 'rejected', entry)
    case 'handed': return entry.tasks.forEach(task => open(state, seatOf(state, task.seat), task, entry.at))
    case 'chose': return choose(run, node, entry)
    case 'copied': return copy(state, node, entry)
    case 'filled': return endNode(node, 'passed', entry.at)
    case 'timed': return wait(node, entry)
  }
}

function assign({ steps, state }: Run, node: Node, { tasks, later = [], agreed = [], at }: Extract<Answer, { kind: 'assigned' }>): void {
  must(tasks.length > 0, 'a node is assigned to somebody')
  const step = steps.get(node.step)
  must(step?.kind === 'approval', 'only approval steps hold tasks')
  const group = addGroup(state, { node: node.number, seat: 0, place: 'node', mode: step.mode, over: step.vote?.over ?? HALF })
  for (const person of agreed) addSeat(state, group, person).verdict = 'approve'
  for (const task of tasks) open(state, addSeat(state, group, seated(task)), task, at)
  for (const person of later) addSeat(state, group, person)
  node.status = 'open'
}

const HALF = 50

/** Whom the rule chose has the say, whoever stands in. */
function seated({ for_id, for_name, person_id, person_name, ...task }: Assignment): Assignment {
  return { ...task, person_id: for_id ?? person_id, person_name: for_name ?? person_name }
}

function open(state: State, seat: Seat, { id, person_id, person_name, rule, reason, why, weight, for_id, for_name }: Assignment, at: number): void {
  must(!state.tasks.some(one => one.id === id), 'a task is handed out once')
  must(seat.task === null, 'a say has one task at a time')
  seat.task = id
  state.tasks.push({
    id, person_id, person_name, rule, reason, ...(why && { why }), ...(weight !== undefined && { weight }), ...(for_id !== undefined && { for_id, for_name: for_name ?? '' }),
    seat: seat.number, node: seat.node, wants: wantsOf(state, seat), status: 'open', created_at: at, ending: null,
  })
}

function wantsOf(state: State, seat: Seat): Wants {
  const { place, mode, claimed } = groupAt(state, seat.group)
  if (place === 'delegate' || place === 'consult') return 'reply'
  return mode === 'pool' && claimed === null ? 'claim' : 'decide'
}

function pass(node: Node, status: 'skipped' | 'rejected', { why, at }: { why: Node['note']; at: number }): void {
  node.note = why
  endNode(node, status, at)
}

function choose(run: Run, node: Node, { branches, at }: Extract<Answer, { kind: 'chose' }>): void {
  const step = run.steps.get(node.step)
  if (step?.kind !== 'route') {
    node.status = 'open'
    run.state.choices.set(node.step, branches)
    return
  }
  endNode(node, 'passed', at)
  if (branches.length === 0) return
  node.note = 'jumped'
  goTo(run, step.to, { at, by: null, by_name: null, as: 'jump' })
}

function wait(node: Node, { until, at }: Extract<Answer, { kind: 'timed' }>): void {
  if (until === null || until <= at) return endNode(node, 'passed', at)
  node.status = 'open'
  node.until = until
}

function copy(state: State, node: Node, { people, at }: Extract<Answer, { kind: 'copied' }>): void {
  state.copied.push(...people.map(person => ({ ...person, node: node.number, by_name: null })))
  endNode(node, 'passed', at)
}


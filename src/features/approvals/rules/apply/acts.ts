import { goTo } from '../go-to.ts'
import type { Act, Seated } from '../history.ts'
import { addGroup, addSeat, closeLive, closeNode, endRun, endTask, groupAt, isLive, must, nodeAt, type Run, seatOf, taskOf } from '../run.ts'
import type { EndedAs, Ending, Group, Node, Seat, State, Task } from '../state.ts'
import { pathTo } from '../tree.ts'
import { takeBack } from './take-back.ts'

type OnTask = Extract<Act, { task: string }>
type Own = Exclude<Act, { task: string }>

/** What people do with the tasks they hold. */
export function applyAct(run: Run, entry: OnTask): void {
  const { state } = run
  if (entry.kind === 'taken-back') return takeBack(run, entry)
  const task = held(state, entry)
  const seat = seatOf(state, task.seat)
  const done = (as: EndedAs) => finish(run, task, as, entry.at)
  switch (entry.kind) {
    case 'decided':
      state.chosen = { ...state.chosen, ...entry.chosen }
      return decide(seat, task, entry.decision, done)
    case 'returned': return giveBack(run, task, entry, done(entry.to === 'applicant' ? 'return' : 'send-back'))
    case 'replied':
      must(task.wants === 'reply', 'only a question is answered')
      seat.verdict = 'approve'
      return void done('reply')
    case 'transferred':
      mustDecide(task)
      done('transfer')
      return reseat(state, seat, entry.to)
    case 'delegated':
      mustDecide(task)
      done('delegate')
      return callIn(state, seat, 'delegate', 'all', [entry.to])
    case 'consulted':
      mustDecide(task)
      return callIn(state, seat, 'consult', 'all', [entry.to])
    case 'signers-added': return addSigners(state, seat, task, entry, done)
    case 'claimed': return claim(state, seat, task, done)
    case 'given-back': return unclaim(state, seat, task, done)
  }
}

/** The person's own open task. */
function held(state: State, { task: id, by }: { task: string; by: string }): Task {
  const task = taskOf(state, id)
  must(task.status === 'open' && state.status === 'running' && !state.suspended, 'only an open task is acted on')
  must(task.person_id === by, 'a task is acted on by its own person')
  return task
}

function finish(run: Run, task: Task, as: EndedAs, at: number): Ending {
  const ending = { at, by: task.person_id, by_name: task.person_name, as }
  endTask(run.state, task, 'done', ending)
  run.ending = ending
  return ending
}

function mustDecide(task: Task): void {
  must(task.wants === 'decide', 'only who is to decide may')
}

function decide(seat: Seat, task: Task, decision: 'approve' | 'reject', done: (as: EndedAs) => void): void {
  mustDecide(task)
  done(decision)
  seat.verdict = decision
}

/** To the applicant, everything stops and rests there; to a step, that and what follows is walked again. */
function giveBack(run: Run, task: Task, { to, straight = false, at }: Extract<Act, { kind: 'returned' }>, ending: Ending): void {
  const { state } = run
  mustDecide(task)
  closeNode(state, nodeAt(state, task.node), 'returned', ending)
  if (to !== 'applicant') {
    must(run.steps.get(to)?.kind === 'approval', 'what is returned to is a step')
    return goTo(run, to, ending, straight)
  }
  state.straight = straight
  closeLive(state, ending)
  endRun(state, 'returned', at)
}

/** Another has the say from now on. */
function reseat(state: State, seat: Seat, { person_id, person_name, reason }: Seated): void {
  Object.assign(seat, { person_id, person_name, reason })
  must(!state.seats.some(one => one !== seat && one.group === seat.group && !one.gone && one.person_id === person_id), 'nobody has two says in one group')
}

function callIn(state: State, { number: seat, node }: Seat, place: Group['place'], mode: Group['mode'], people: readonly Seated[]): void {
  must(people.length > 0, 'somebody is called in')
  const group = addGroup(state, { node, seat, place, mode, over: 0 })
  for (const person of people) addSeat(state, group, person)
}

/** Who calls others in before the own say gets a further task when they are done. */
function addSigners(state: State, seat: Seat, task: Task, { place, mode, people }: Extract<Act, { kind: 'signers-added' }>, done: (as: EndedAs) => void): void {
  mustDecide(task)
  callIn(state, seat, place, mode, people)
  if (place === 'before') done('add')
}

/** 减签: somebody whom the person called in, and who has not signed. */
function removeSigner(state: State, { seat: number, by, at }: Extract<Act, { kind: 'signer-removed' }>): Ending {
  const removed = seatOf(state, number)
  const { seat, place } = groupAt(state, removed.group)
  must(place !== 'node' && removed.verdict === null && !removed.gone && isLive(nodeAt(state, removed.node)), 'only who was called in and has not signed is taken away')
  const caller = state.tasks.find(task => task.seat === seat && task.person_id === by)
  must(caller && state.status === 'running' && !state.suspended, 'whoever called somebody in may take that back')
  removed.gone = true
  return { at, by, by_name: caller.person_name, as: 'remove' }
}

function claim(state: State, seat: Seat, task: Task, done: (as: EndedAs) => void): void {
  must(task.wants === 'claim', 'only what is in a pool is claimed')
  done('claim')
  groupAt(state, seat.group).claimed = seat.number
}

function unclaim(state: State, seat: Seat, task: Task, done: (as: EndedAs) => void): void {
  const group = groupAt(state, seat.group)
  must(group.mode === 'pool' && group.claimed === seat.number && task.wants === 'decide', 'only what was claimed is given back')
  done('give-back')
  group.claimed = null
}

/** The applicant and the whole. */
export function applyOwn(run: Run, entry: Own): void {
  const { state } = run
  switch (entry.kind) {
    case 'started':
      state.chosen = entry.chosen ?? {}
      return
    case 'resubmitted':
      state.chosen = { ...state.chosen, ...entry.chosen }
      return resubmit(run)
    case 'withdrawn': return withdraw(state, entry.at)
    case 'revoked':
      must(state.status === 'approved' && run.flow.revoke, 'only what was approved is revoked, where the flow allows it')
      return endRun(state, 'revoked', entry.at)
    case 'signer-removed':
      run.ending = removeSigner(state, entry)
      return
    case 'sent-copy':
      state.copied.push(...entry.people.map(person => ({ ...person, node: null, by_name: entry.by_name })))
      return
    case 'urged':
      must(state.status === 'running' && !state.suspended, 'only what runs is urged')
      state.urged_at = entry.at
  }
}

/** Straight back to who returned it, what was passed still stands; else nothing does. */
function resubmit({ state, flow }: Run): void {
  must(state.status === 'returned', 'only what was returned is sent again')
  if (state.straight) {
    const broken = [...state.standing].filter(([, number]) => !isBehind(nodeAt(state, number))).map(([step]) => step)
    // With what holds them, or what nobody waited for would never be met again.
    for (const { step } of broken.flatMap(id => pathTo(flow.nodes, id) ?? [])) state.standing.delete(step.id)
  } else {
    state.standing.clear()
    state.choices.clear()
  }
  state.status = 'running'
}

function isBehind({ status }: Node): boolean {
  return status === 'passed' || status === 'skipped'
}

function withdraw(state: State, at: number): void {
  must(state.status === 'running' || state.status === 'returned', 'only what has not ended is withdrawn')
  closeLive(state, { at, by: null, by_name: null, as: 'withdraw' })
  endRun(state, 'withdrawn', at)
}

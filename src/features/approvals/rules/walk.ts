import type { Step } from '../schema.ts'
import { closeNode, closeTasks, endNode, groupOf, isLive, type Run } from './run.ts'
import type { Ask, Node } from './state.ts'
import { roomOf, turnsOf, verdictOf } from './tally.ts'
import { allSteps, branchesOf, mostJumps } from './tree.ts'

/** Of a step or a list: whether what follows may begin, must wait, or will not come any more. */
type Outcome = 'passed' | 'waiting' | 'rejected'

/**
 * Enters what has not been entered and stops at what is not passed.
 * It starts at the root each time instead of moving tokens, so there is no token to lose or to double.
 */
export function walk(run: Run, at: number): Outcome {
  const outcome = walkList(run, run.flow.nodes, at)
  if (outcome === 'rejected') return outcome
  // What nobody waits for is not on the way; a node that it enters is met further on in the same loop.
  for (const node of run.state.nodes) {
    const step = run.steps.get(node.step)
    if (step?.kind === 'sub-process' && step.wait === false && isLive(node) && walkSubProcess(run, node, step, at) === 'rejected') return 'rejected'
  }
  return outcome
}

function walkList(run: Run, steps: readonly Step[], at: number): Outcome {
  for (const step of steps) {
    const node = run.state.nodes[(run.state.standing.get(step.id) ?? 0) - 1] ?? enter(run, step, at)
    const outcome = isLive(node) ? walkStep(run, node, step, at) : outcomeOf(node, step)
    if (outcome !== 'passed') return outcome
  }
  return 'passed'
}

/** Of a node that has ended: may what follows it begin? */
export function outcomeOf(node: Node, step: Step): 'passed' | 'rejected' {
  return node.status === 'rejected' && !(step.kind === 'sub-process' && step.rejected === 'pass') ? 'rejected' : 'passed'
}

function walkStep(run: Run, node: Node, step: Step, at: number): Outcome {
  switch (step.kind) {
    case 'parallel': return walkBranches(run, node, step.branches, at)
    case 'condition': case 'inclusive': return node.status === 'asked' ? 'waiting' : walkBranches(run, node, chosenOf(run, step), at)
    case 'sub-process': return step.wait === false ? 'passed' : walkSubProcess(run, node, step, at)
    case 'approval': return node.status === 'asked' ? 'waiting' : settle(run, node, at)
    default: return 'waiting'
  }
}

function walkBranches(run: Run, node: Node, branches: readonly (readonly Step[])[], at: number): Outcome {
  // All branches are walked before the answers are looked at; `every` alone would leave the later ones unopened.
  const outcomes = branches.map(branch => walkList(run, branch, at))
  if (outcomes.includes('rejected')) return 'rejected'
  if (!outcomes.every(outcome => outcome === 'passed')) return 'waiting'
  endNode(node, 'passed', at)
  return 'passed'
}

function chosenOf({ state }: Run, step: Step): (readonly Step[])[] {
  const branches = branchesOf(step)
  return (state.choices.get(step.id) ?? []).map(index => branches[index] ?? [])
}

/** Its end is its own: what is open in it ends with it, and whether its rejection is the instance's the flow says. */
function walkSubProcess(run: Run, node: Node, step: Extract<Step, { kind: 'sub-process' }>, at: number): Outcome {
  const outcome = walkList(run, step.nodes, at)
  if (outcome === 'waiting') return outcome
  endNode(node, outcome, at)
  closeInside(run, step, at)
  return outcomeOf(node, step)
}

function closeInside({ state, ending }: Run, step: Step, at: number): void {
  const inside = new Set(branchesOf(step).flatMap(allSteps).map(one => one.id))
  for (const node of state.nodes) if (isLive(node) && inside.has(node.step)) closeNode(state, node, 'cancelled', ending ?? finished(at))
}

/** Ends the node where the says given amount to something; else takes back the tasks of those whose turn it no longer is. */
function settle({ state, ending, turns }: Run, node: Node, at: number): Outcome {
  const room = roomOf(state, node.number)
  const group = groupOf(state, node)
  const verdict = verdictOf(room, group)
  if (verdict !== 'pending') {
    closeNode(state, node, verdict === 'passed' ? 'passed' : 'rejected', ending ?? finished(at))
    return verdict === 'passed' ? 'passed' : 'rejected'
  }
  const called = turnsOf(room, group)
  turns.set(node.number, called)
  closeTasks(state, state.tasks.filter(task => task.node === node.number && task.status === 'open' && !called.some(seat => seat.number === task.seat)), ending ?? finished(at))
  return 'waiting'
}

const finished = (at: number) => ({ at, by: null, by_name: null, as: 'finish' as const })

function enter({ state }: Run, step: Step, at: number): Node {
  const node: Node = { number: state.nodes.length + 1, step: step.id, status: asks(step) && !state.choices.has(step.id) ? 'asked' : 'open', note: null, started_at: at, ended_at: null }
  state.nodes.push(node)
  state.standing.set(step.id, node.number)
  if (step.kind === 'route' && jumpsOf(state.nodes, step.id) >= mostJumps(step)) endNode(node, 'passed', at)
  return node
}

function asks(step: Step): boolean {
  return step.kind !== 'parallel' && step.kind !== 'sub-process' && !(step.kind === 'delay' && !step.until) && !(step.kind === 'trigger' && 'call' in step.does)
}

function jumpsOf(nodes: readonly Node[], route: string): number {
  return nodes.filter(node => node.step === route && node.note === 'jumped').length
}

/** The first open question, in the order in which the nodes were entered. */
export function openAsk({ state, steps, turns }: Run): Ask | null {
  for (const node of state.nodes) {
    const step = isLive(node) ? steps.get(node.step) : undefined
    if (!step) continue
    if (node.status === 'asked') return { node: node.number, step }
    const seats = turns.get(node.number)?.filter(seat => seat.task === null)
    if (seats && seats.length > 0) return { node: node.number, step, seats }
  }
  return null
}

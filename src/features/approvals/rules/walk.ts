import type { Flow, Step } from '../define.ts'
import type { Ask, Node, State } from './history.ts'

/**
 * `state.standing` is all there is to going back: what is forgotten there is entered anew, what still stands as passed is stepped over.
 * So every way of returning is a choice of what to forget.
 */
export type Run = { flow: Flow; steps: ReadonlyMap<string, Step>; state: State }

export function beginRun(flow: Flow): Run {
  return { flow, steps: stepsOf(flow), state: unborn() }
}

/** Every step by its id. */
export function stepsOf(flow: Flow): ReadonlyMap<string, Step> {
  const known = stepsByFlow.get(flow)
  if (known) return known
  const steps = new Map(allSteps(flow.nodes).map(step => [step.id, step]))
  stepsByFlow.set(flow, steps)
  return steps
}

const stepsByFlow = new WeakMap<Flow, ReadonlyMap<string, Step>>()

/** The state of what has no history yet. */
export function unborn(): State {
  return { status: 'running', nodes: [], tasks: [], standing: new Map(), ask: null, urged_at: null, ended_at: null }
}

/**
 * Walks the list, enters what has not been entered, and stops at what is not passed; returns whether all of it is passed.
 * It starts at the root each time instead of moving tokens, so there is no token to lose or to double.
 */
export function walk(run: Run, steps: readonly Step[], at: number): boolean {
  for (const step of steps) {
    const node = run.state.nodes[(run.state.standing.get(step.id) ?? 0) - 1] ?? enter(run, step, at)
    if (step.kind === 'parallel' && isLive(node)) {
      // All branches are walked before the answers are looked at; `every` alone would leave the later ones unopened.
      const passed = step.branches.map(branch => walk(run, branch, at))
      if (passed.every(Boolean)) endNode(node, 'passed', at)
    }
    if (isLive(node)) return false
  }
  return true
}

function enter({ state }: Run, step: Step, at: number): Node {
  const status = step.kind === 'approval' ? 'asked' : 'open'
  const node: Node = { number: state.nodes.length + 1, step: step.id, status, note: null, started_at: at, ended_at: null }
  state.nodes.push(node)
  state.standing.set(step.id, node.number)
  return node
}

export function isLive(node: Node): boolean {
  return node.status === 'asked' || node.status === 'open'
}

export function endNode(node: Node, status: Exclude<Node['status'], 'asked' | 'open'>, at: number): void {
  node.status = status
  node.ended_at = at
}

/** The first open question, in the order in which the nodes were entered. */
export function openAsk({ state, steps }: Run): Ask | null {
  const node = state.nodes.find(one => one.status === 'asked')
  const step = node && steps.get(node.step)
  return node && step?.kind === 'approval' ? { node: node.number, step } : null
}

/** Every step of the tree, outer before inner, in reading order. */
export function allSteps(steps: readonly Step[]): Step[] {
  return steps.flatMap(step => step.kind === 'parallel' ? [step, ...step.branches.flatMap(allSteps)] : [step])
}

import type { Step } from '../../schema.ts'
import { closeNode, isLive, type Run } from '../run.ts'
import type { Ending, Node } from '../state.ts'
import { branchesOf, isUnawaited, stepsOf } from '../tree.ts'

/**
 * Goes on by another flow. What was passed stays passed, and what is open stays with who holds it, wherever the new flow has the same step and
 * asks it in the same way; the rest is withdrawn. What the new flow asks before that is asked now, and what stood behind it comes again.
 */
export function moveTo(run: Run, ending: Ending): void {
  const before = run.steps
  run.flow = run.next
  run.steps = stepsOf(run.next)
  // A choice outlives its node where the flow went back behind it.
  for (const id of new Set([...run.state.standing.keys(), ...run.state.choices.keys()])) {
    const node = run.state.nodes[(run.state.standing.get(id) ?? 0) - 1]
    if (!isKept(node, before.get(id), run.steps.get(id))) drop(run, id, node, ending)
  }
  reopen(run, run.flow.nodes)
  const reached = new Set<number>()
  front(run, run.flow.nodes, reached)
  // What nobody waits for goes on wherever it stands.
  for (const node of run.state.nodes) {
    const step = run.steps.get(node.step)
    if (!isLive(node) || !step || !isUnawaited(step)) continue
    reached.add(node.number)
    front(run, branchesOf(step).flat(), reached)
  }
  for (const node of run.state.nodes) if (isLive(node) && !reached.has(node.number)) withdraw(run, node, ending)
}

function isKept(node: Node | undefined, before: Step | undefined, now: Step | undefined): boolean {
  const isOpen = node !== undefined && isLive(node)
  return before !== undefined && now !== undefined && before.kind === now.kind && questionOf(before, isOpen) === questionOf(now, isOpen)
}

/** What a step asks, without what it is called and how long it may take; a choice among branches stands only as long as its conditions do. */
function questionOf(step: Step, isOpen: boolean): string {
  switch (step.kind) {
    case 'condition': case 'inclusive': return JSON.stringify(step.branches.map(branch => branch.when))
    case 'approval': return isOpen ? JSON.stringify([step.approver, step.mode, step.vote, step.nobody, step.self, step.again]) : ''
    case 'delay': return isOpen ? JSON.stringify({ ...step, label: '' }) : ''
    case 'trigger': return isOpen ? JSON.stringify(step.does) : ''
    default: return ''
  }
}

function drop(run: Run, id: string, node: Node | undefined, ending: Ending): void {
  if (node && isLive(node)) closeNode(run.state, node, 'cancelled', ending)
  run.state.standing.delete(id)
  run.state.choices.delete(id)
}

function withdraw({ state }: Run, node: Node, ending: Ending): void {
  closeNode(state, node, 'cancelled', ending)
  if (state.standing.get(node.step) === node.number) state.standing.delete(node.step)
}

/** What was passed with steps inside is entered again where the new flow has more in it. Returns whether all of these steps are over. */
function reopen(run: Run, steps: readonly Step[]): boolean {
  return steps.map(step => {
    const node = standing(run, step)
    const isWhole = waysOf(run, step).map(way => reopen(run, way)).every(Boolean)
    if (!node) return false
    if (isLive(node)) return isUnawaited(step)
    if (node.status !== 'passed' || isWhole) return true
    run.state.standing.delete(step.id)
    return false
  }).every(Boolean)
}

/** Marks the open nodes that the walk would come to. Returns whether it would come to the end of the list. */
function front(run: Run, steps: readonly Step[], reached: Set<number>): boolean {
  for (const step of steps) {
    const node = standing(run, step)
    if (!node) return false
    if (!isLive(node)) continue
    reached.add(node.number)
    if (isUnawaited(step)) continue
    const ways = waysOf(run, step)
    const over = ways.map(way => front(run, way, reached))
    if (over.length === 0 || !over.every(Boolean)) return false
  }
  return true
}

function standing({ state }: Run, step: Step): Node | undefined {
  return state.nodes[(state.standing.get(step.id) ?? 0) - 1]
}

/** The lists inside a step that are walked. */
function waysOf({ state }: Run, step: Step): readonly (readonly Step[])[] {
  const chosen = step.kind === 'condition' || step.kind === 'inclusive' ? state.choices.get(step.id) ?? [] : null
  return branchesOf(step).filter((_, index) => chosen === null || chosen.includes(index))
}

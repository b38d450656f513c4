import type { Step } from '../schema.ts'
import { closeNode, isLive, type Run } from './run.ts'
import type { Ending } from './state.ts'
import { branchesOf, isUnawaited } from './tree.ts'
import { outcomeOf } from './walk.ts'

/** `keep`: what was passed after the target stays passed, and is stepped over on the way back. */
type Going = { run: Run; target: string; ending: Ending; keep: boolean }

/**
 * Makes the target the next to be walked, whether it lies behind or ahead: what comes after it is forgotten, what comes before it and was
 * not passed is passed over, what holds it is entered anew with the branch that leads to it. Returning, jumping and taking back are all this.
 */
export function goTo(run: Run, target: string, ending: Ending, keep = false): void {
  goIn({ run, target, ending, keep }, run.flow.nodes)
}

function goIn(going: Going, steps: readonly Step[]): void {
  const here = steps.findIndex(step => holds(step, going.target))
  steps.slice(0, here).forEach(step => passOver(going, step))
  const [step, ...after] = steps.slice(here)
  if (!step) return
  if (!leadsAside(going, step)) after.forEach(one => forget(going, one))
  if (step.id === going.target) forget({ ...going, keep: false }, step)
  else openAgain(going, step)
}

function holds(step: Step, target: string): boolean {
  return step.id === target || branchesOf(step).some(branch => branch.some(inner => holds(inner, target)))
}

/** What holds the target: still open, or entered anew; the other branches that run side by side go on. */
function openAgain(going: Going, step: Step): void {
  const { state } = going.run
  const node = state.nodes[(state.standing.get(step.id) ?? 0) - 1]
  const branches = branchesOf(step)
  const branch = branches.findIndex(steps => steps.some(inner => holds(inner, going.target)))
  choose(going, step, branch)
  if (node?.status === 'asked') node.status = 'open'
  else if (node && !isLive(node)) {
    state.standing.delete(step.id)
    // A refusal beside the target that did not end everything is over; met again it would end what is asked anew.
    branches.forEach((steps, index) => { if (index !== branch) steps.forEach(inner => { if (state.standing.has(inner.id)) passOver(going, inner) }) })
  }
  goIn(going, branches[branch] ?? [])
}

function choose(going: Going, step: Step, branch: number): void {
  const { choices } = going.run.state
  const before = choices.get(step.id) ?? []
  if (step.kind === 'condition') {
    for (const other of before) if (other !== branch) branchesOf(step)[other]?.forEach(inner => forget({ ...going, keep: false }, inner))
    choices.set(step.id, [branch])
  }
  if (step.kind === 'inclusive') choices.set(step.id, [...new Set([...before, branch])].toSorted((a, b) => a - b))
}

/** Is the target in something open that nobody waits for? Then what stands after that in the list does not come after the target. */
function leadsAside(going: Going, step: Step): boolean {
  const { target, run: { state } } = going
  if (step.id === target) return false
  const node = state.nodes[(state.standing.get(step.id) ?? 0) - 1]
  return (isUnawaited(step) && node !== undefined && isLive(node)) || branchesOf(step).flat().some(inner => holds(inner, target) && leadsAside(going, inner))
}

/**
 * Whatever is open in it is cancelled. What was passed is forgotten too, unless it is kept; but what holds something that was open is entered
 * anew, or that would never be met again. Returns whether all of it still stands.
 */
function forget(going: Going, step: Step): boolean {
  const { run: { state }, ending, keep } = going
  const isWhole = branchesOf(step).flat().map(inner => forget(going, inner)).every(Boolean)
  const node = state.nodes[(state.standing.get(step.id) ?? 0) - 1]
  if (!keep) state.choices.delete(step.id)
  if (!node) return isWhole
  if (isLive(node)) closeNode(state, node, 'cancelled', ending)
  if (keep && isWhole && (node.status === 'passed' || node.status === 'skipped')) return true
  state.standing.delete(step.id)
  return false
}

function passOver(going: Going, step: Step): void {
  const { run: { state }, ending } = going
  const node = state.nodes[(state.standing.get(step.id) ?? 0) - 1]
  if (node && (isLive(node) ? isUnawaited(step) : outcomeOf(node, step) === 'passed')) return
  branchesOf(step).flat().forEach(inner => forget({ ...going, keep: false }, inner))
  if (node && isLive(node)) {
    closeNode(state, node, 'skipped', ending)
    node.note = 'jumped'
    return
  }
  const number = state.nodes.length + 1
  state.nodes.push({ number, step: step.id, status: 'skipped', note: 'jumped', started_at: ending.at, ended_at: ending.at })
  state.standing.set(step.id, number)
}

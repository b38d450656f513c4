import assert from 'node:assert/strict'
import type { State } from '../../src/features/approvals/rules/state.ts'
import { allSteps, branchesOf } from '../../src/features/approvals/rules/tree.ts'
import type { Flow, Step } from '../../src/features/approvals/schema.ts'

/** The engine's invariants: no token is lost, no task is orphaned, what waits waits for something. */
export function assertWhole(flow: Flow, state: State): void {
  const open = state.tasks.filter(task => task.status === 'open')
  const live = state.nodes.filter(node => node.status === 'open' || node.status === 'asked')
  if (state.status !== 'running') {
    assert.equal(open.length + live.length, 0, 'what does not run holds nothing open')
    assert.equal(state.ask, null)
    return
  }
  const steps = new Map(allSteps(flow.nodes).map(step => [step.id, step]))
  for (const task of open) {
    assert.equal(state.nodes[task.node - 1]?.status, 'open', 'an open task stands in an open node')
    assert.equal(state.seats[task.seat - 1]?.task, task.id, 'and is the one of its say')
  }
  for (const node of live) {
    assert.equal(state.standing.get(node.step), node.number, 'what is open stands for its step')
    assert(state.ask || waits(state, steps.get(node.step)), `node ${node.number} is open for a reason`)
  }
  for (const [step, number] of state.standing) assert.equal(state.nodes[number - 1]?.step, step)
  assert(state.ask || live.some(node => steps.get(node.step)?.kind !== 'sub-process'), 'what runs waits for something')
  assert.equal(new Set(open.map(task => `${task.seat}`)).size, open.length, 'a say has one task at a time')
}

/** For an answer, for a person, for time or a call, or for a step inside it? */
function waits(state: State, step: Step | undefined): boolean {
  const node = state.nodes[(state.standing.get(step?.id ?? '') ?? 0) - 1]
  if (!step || !node || (node.status !== 'open' && node.status !== 'asked')) return false
  if (node.status === 'asked' || step.kind === 'delay' || step.kind === 'trigger') return true
  if (step.kind === 'approval') return state.tasks.some(task => task.node === node.number && task.status === 'open')
  return branchesOf(step).flatMap(allSteps).some(inner => waits(state, inner))
}

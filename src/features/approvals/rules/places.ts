import type { Flow } from '../schema.ts'
import { nodeAt } from './run.ts'
import type { State, Task } from './state.ts'
import { stepsAfter, stepsOf } from './tree.ts'

/** The steps that a task may be returned to, in the order in which they were passed; the last is 上一环节. */
export function earlierSteps(flow: Flow, state: State, task: Pick<Task, 'node'>): string[] {
  const here = nodeAt(state, task.node).step
  const steps = stepsOf(flow)
  return state.nodes.filter(node => node.status === 'passed' && state.standing.get(node.step) === node.number && steps.get(node.step)?.kind === 'approval')
    .map(node => node.step).filter(step => stepsAfter(flow, step).includes(here))
}

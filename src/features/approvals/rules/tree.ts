import type { Flow, Step } from '../schema.ts'

/** The lists that a step holds, in reading order; `otherwise` is the last of its kind. */
export function branchesOf(step: Step): readonly (readonly Step[])[] {
  switch (step.kind) {
    case 'parallel': return step.branches
    case 'condition': case 'inclusive': return [...step.branches.map(branch => branch.nodes), step.otherwise]
    case 'sub-process': return [step.nodes]
    default: return NONE
  }
}

const NONE: readonly (readonly Step[])[] = []

/** Every step of the tree, outer before inner, in reading order. */
export function allSteps(steps: readonly Step[]): Step[] {
  return steps.flatMap(step => [step, ...branchesOf(step).flatMap(allSteps)])
}

/** How often a route jumps back before it goes straight on. */
export function mostJumps({ most = 3 }: Extract<Step, { kind: 'route' }>): number {
  return most
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

/** One step down the tree: which step, and in which of the lists of the one before it. */
type Place = { step: Step; branch: number }

/** From the root to the step; null where there is none of this id. */
export function pathTo(steps: readonly Step[], id: string, branch = 0): Place[] | null {
  for (const step of steps) {
    if (step.id === id) return [{ step, branch }]
    for (const [index, inner] of branchesOf(step).entries()) {
      const rest = pathTo(inner, id, index)
      if (rest) return [{ step, branch }, ...rest]
    }
  }
  return null
}

/** Do the two run side by side, so that neither comes before the other? */
export function areBeside(flow: Flow, one: string, other: string): boolean {
  const [a, b] = [pathTo(flow.nodes, one) ?? [], pathTo(flow.nodes, other) ?? []]
  const fork = a.findIndex(({ step, branch }, depth) => step !== b[depth]?.step || branch !== b[depth].branch)
  if (fork < 0) return false
  const parent = a[fork - 1]?.step.kind
  const apart = a[fork]?.branch !== b[fork]?.branch && (parent === 'parallel' || parent === 'inclusive')
  return apart || [a, b].some(path => path.length > fork + 1 && isUnawaited(path[fork]?.step))
}

export function isUnawaited(step: Step | undefined): boolean {
  return step?.kind === 'sub-process' && step.wait === false
}

/** What comes after the step, near and far: everything that going back to it puts in question. Nothing outside comes after what nobody waits for. */
export function stepsAfter(flow: Flow, id: string): string[] {
  const path = pathTo(flow.nodes, id) ?? []
  const aside = path.findLastIndex(({ step }) => isUnawaited(step) && step.id !== id)
  let list: readonly Step[] = flow.nodes
  return path.flatMap(({ step }, depth) => {
    const after = depth <= aside ? [] : list.slice(list.indexOf(step) + 1)
    list = branchesOf(step)[path[depth + 1]?.branch ?? 0] ?? []
    return allSteps(after).map(one => one.id)
  })
}

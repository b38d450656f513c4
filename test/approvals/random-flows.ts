import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { ApprovalStep, Flow, Step } from '../../src/features/approvals/schema.ts'
import { advance } from '../../src/features/approvals/rules/advance.ts'
import { canBeTakenBack } from '../../src/features/approvals/rules/apply/take-back.ts'
import { choose } from '../../src/features/approvals/rules/choose.ts'
import type { Answer, Assignment, Entry, Seated } from '../../src/features/approvals/rules/history.ts'
import { earlierSteps } from '../../src/features/approvals/rules/places.ts'
import type { Ask, State } from '../../src/features/approvals/rules/state.ts'
import { allSteps, branchesOf } from '../../src/features/approvals/rules/tree.ts'

export const APPLICANT = 'p0'
export const PEOPLE = [APPLICANT, 'p1', 'p2', 'p3', 'p4', 'p5', 'p6']
const ADMIN = { by: 'admin', by_name: 'admin' }

/** A flow of every kind of step; a step carries whom its rule finds, so that a run needs nothing but its choices. */
export const flows: fc.Arbitrary<Flow> = tree().map(nodes => {
  const numbered = renumbered(nodes, { next: 1 })
  return { nodes: routed(numbered, allSteps(numbered).map(step => step.id)), revoke: nodes.length % 2 === 0 }
})
export const choices = fc.array(fc.nat(9999), { minLength: 1, maxLength: 60 })

function tree(): fc.Arbitrary<Step[]> {
  const { steps } = fc.letrec<{ steps: Step[]; step: Step }>(tie => {
    const inner = tie('steps')
    const of = { id: '', label: 'step' }
    const branches = fc.array(inner.map(nodes => ({ label: 'branch', when: { field: 'x', filled: true }, nodes })), { minLength: 1, maxLength: 2 })
    const leaves = fc.constantFrom<Step>(
      { ...of, kind: 'cc', to: { rule: 'person' } }, { ...of, kind: 'delay', minutes: 5 }, { ...of, kind: 'delay', until: { field: 'day' } }, { ...of, kind: 'trigger', does: { set: { x: 1 } } },
      { ...of, kind: 'trigger', does: { call: 'erp' }, failed: 'reject' }, { ...of, kind: 'trigger', does: { call: 'erp' }, failed: 'pass' },
      { ...of, kind: 'route', to: '', when: { field: 'x', filled: true }, most: 1 }, { ...of, kind: 'route', to: '', when: { field: 'x', filled: true }, most: 2 },
    )
    return {
      steps: fc.array(tie('step'), { maxLength: 4 }),
      step: fc.oneof({ maxDepth: 2, withCrossShrink: true },
        { weight: 6, arbitrary: approvalStep() },
        { weight: 3, arbitrary: leaves },
        { weight: 2, arbitrary: fc.array(inner, { minLength: 1, maxLength: 3 }).map((lists): Step => ({ ...of, kind: 'parallel', branches: lists })) },
        { weight: 2, arbitrary: fc.tuple(fc.constantFrom('condition' as const, 'inclusive' as const), branches, inner).map(([kind, held, otherwise]): Step => ({ ...of, kind, branches: held, otherwise })) },
        { weight: 1, arbitrary: fc.tuple(inner, fc.boolean(), fc.constantFrom('reject' as const, 'pass' as const)).map(([nodes, wait, rejected]): Step => ({ ...of, kind: 'sub-process', nodes, wait, rejected })) }),
    }
  })
  return steps
}

function approvalStep(): fc.Arbitrary<Step> {
  return fc.record({
    found: fc.uniqueArray(fc.constantFrom(APPLICANT, 'p1', 'p2', 'p3', 'p4'), { maxLength: 4 }),
    mode: fc.constantFrom('any' as const, 'all' as const, 'vote' as const, 'in-turn' as const, 'random' as const, 'pool' as const),
    nobody: fc.constantFrom('admin' as const, 'admin' as const, 'pass' as const, 'refuse' as const), self: fc.constantFrom('self' as const, 'skip' as const),
    again: fc.constantFrom('never' as const, 'never' as const, 'once' as const, 'consecutive' as const),
  }).map(({ found, ...rest }): ApprovalStep => ({ id: '', kind: 'approval', label: 'approval', approver: { rule: 'person', params: { found } }, ...rest }))
}

function renumbered(steps: readonly Step[], count: { next: number }): Step[] {
  return steps.map(step => {
    const id = `s${count.next++}`
    const each = (nodes: readonly Step[]) => renumbered(nodes, count)
    switch (step.kind) {
      case 'parallel': return { ...step, id, branches: step.branches.map(each) }
      case 'condition': case 'inclusive': return { ...step, id, branches: step.branches.map(branch => ({ ...branch, nodes: each(branch.nodes) })), otherwise: each(step.otherwise) }
      case 'sub-process': return { ...step, id, nodes: each(step.nodes) }
      default: return { ...step, id }
    }
  })
}

/** Every route leads to some step of the flow. */
function routed(steps: readonly Step[], ids: readonly string[]): Step[] {
  const each = (nodes: readonly Step[]) => routed(nodes, ids)
  return steps.map(step => {
    switch (step.kind) {
      case 'route': return { ...step, to: ids[(Number(step.id.slice(1)) * 7) % ids.length] ?? '' }
      case 'parallel': return { ...step, branches: step.branches.map(each) }
      case 'condition': case 'inclusive': return { ...step, branches: step.branches.map(branch => ({ ...branch, nodes: each(branch.nodes) })), otherwise: each(step.otherwise) }
      case 'sub-process': return { ...step, nodes: each(step.nodes) }
      default: return step
    }
  })
}

/** One act, chosen by a number among everything that anybody may do now; approvals are likelier than anything else. */
function act(flow: Flow, state: State, choice: number): Entry {
  const at = choice
  if (state.status === 'returned') return choice % 5 === 0 ? { kind: 'withdrawn', at } : choice % 37 === 0 ? { kind: 'ended', at, ...ADMIN } : { kind: 'resubmitted', at }
  if (state.suspended) return { kind: 'resumed', at, ...ADMIN }
  const possible = everything(flow, state, at)
  const progress = possible.filter(entry => isProgress(entry))
  assert(progress.length > 0, 'a running instance waits for somebody or something')
  const from = choice % 2 === 0 ? possible : progress
  return from[Math.floor(choice / 2) % from.length] ?? { kind: 'withdrawn', at }
}

export function isProgress(entry: Entry): boolean {
  return (entry.kind === 'decided' && entry.decision === 'approve') || entry.kind === 'replied' || entry.kind === 'claimed' || entry.kind === 'elapsed' || (entry.kind === 'called' && entry.ok)
}

/** Everything that may happen to a running instance now. */
export function everything(flow: Flow, state: State, at: number): Entry[] {
  const tasks = state.tasks.filter(task => task.status === 'open')
  const steps = allSteps(flow.nodes).filter(step => step.kind === 'approval')
  const target = steps[at % Math.max(1, steps.length)]
  const live = state.nodes.filter(node => node.status === 'open')
  const kindOf = (step: string) => allSteps(flow.nodes).find(one => one.id === step)
  return [
    { kind: 'withdrawn', at }, { kind: 'urged', at }, { kind: 'ended', at, ...ADMIN }, { kind: 'suspended', at, ...ADMIN },
    ...(target ? [{ kind: 'jumped' as const, at, ...ADMIN, to: target.id }] : []),
    ...tasks.flatMap(task => actsOn(flow, state, task, at)),
    ...state.tasks.filter(task => canBeTakenBack(flow, state, task)).map((task): Entry => ({ kind: 'taken-back', at, task: task.id, by: task.person_id })),
    ...removals(state, at),
    ...live.flatMap((node): Entry[] => {
      const step = kindOf(node.step)
      if (step?.kind === 'delay') return [{ kind: 'elapsed', at, node: node.number }]
      if (step?.kind === 'trigger') return [{ kind: 'called', at, node: node.number, ok: true, status: 200 }, { kind: 'called', at, node: node.number, ok: false, status: null }]
      if (step?.kind !== 'approval' || state.overdue.includes(node.number)) return []
      const overdue = { kind: 'overdue' as const, at, node: node.number }
      return [{ kind: 'reminded', at, node: node.number }, { ...overdue, as: 'approve' }, { ...overdue, as: 'reject' }, { ...overdue, as: 'transfer', people: [person(`late${state.seats.length}`, 'overdue')] }]
    }),
  ]
}

function actsOn(flow: Flow, state: State, task: State['tasks'][number], at: number): Entry[] {
  const mine = { at, task: task.id, by: task.person_id }
  if (task.wants === 'claim') return [{ ...mine, kind: 'claimed' }, { kind: 'reassigned', at, ...ADMIN, task: task.id, to: person(`n${state.tasks.length}`, 'reassign') }]
  if (task.wants === 'reply') return [{ ...mine, kind: 'replied' }]
  const fresh = person(`n${state.tasks.length}`, 'transfer')
  const pool = state.groups[(state.seats[task.seat - 1]?.group ?? 0) - 1]
  return [
    { ...mine, kind: 'decided', decision: 'approve' }, { ...mine, kind: 'decided', decision: 'approve' }, { ...mine, kind: 'decided', decision: 'reject' },
    { ...mine, kind: 'returned', to: 'applicant' }, { ...mine, kind: 'returned', to: 'applicant', straight: true },
    ...earlierSteps(flow, state, task).flatMap((to): Entry[] => [{ ...mine, kind: 'returned', to }, { ...mine, kind: 'returned', to, straight: true }]),
    { ...mine, kind: 'transferred', to: fresh }, { ...mine, kind: 'delegated', to: person(`n${state.tasks.length}`, 'delegate') }, { ...mine, kind: 'consulted', to: person(`n${state.tasks.length}`, 'consult') },
    { ...mine, kind: 'signers-added', place: PLACES[at % 3] ?? 'after', mode: SIDES[at % 7 % 3] ?? 'all', people: [person(`a${state.seats.length}`, 'add'), person(`b${state.seats.length}`, 'add')] },
    { kind: 'reassigned', at, ...ADMIN, task: task.id, to: person(`n${state.tasks.length}`, 'reassign') },
    ...(pool?.place === 'node' && pool.mode === 'pool' && pool.claimed === task.seat ? [{ ...mine, kind: 'given-back' as const }] : []),
  ]
}

const PLACES = ['before', 'beside', 'after'] as const
const SIDES = ['any', 'all', 'in-turn'] as const

function removals(state: State, at: number): Entry[] {
  return state.seats.flatMap((seat): Entry[] => {
    const group = state.groups[seat.group - 1]
    const caller = state.tasks.find(task => task.seat === group?.seat)
    const open = state.nodes[seat.node - 1]?.status === 'open'
    return group && group.place !== 'node' && seat.verdict === null && !seat.gone && caller && open ? [{ kind: 'signer-removed', at, seat: seat.number, by: caller.person_id }] : []
  })
}

const person = (id: string, reason: Seated['reason']): Seated => ({ person_id: id, person_name: id, rule: 'person', reason })

/** What the world answers: rules find whom the step says, conditions hold by the number. */
export function answer(state: State, { node, step, seats }: Ask, at: number): Answer {
  if (seats) return { kind: 'handed', at, node, tasks: seats.map(seat => ({ ...person(seat.person_id, seat.reason), id: `t${state.tasks.length}-${seat.number}`, seat: seat.number })) }
  switch (step.kind) {
    case 'cc': return { kind: 'copied', at, node, people: [{ person_id: `c${at}`, person_name: 'c' }] }
    case 'condition': return { kind: 'chose', at, node, branches: [at % branchesOf(step).length] }
    case 'inclusive': return { kind: 'chose', at, node, branches: at % 3 === 0 ? [step.branches.length] : step.branches.map((_, index) => index) }
    case 'route': return { kind: 'chose', at, node, branches: at % 2 === 0 ? [0] : [] }
    case 'approval': return assign(state, node, step, at)
    case 'delay': return { kind: 'timed', at, node, until: at % 3 === 0 ? null : at + 5 }
    default: return { kind: 'filled', at, node }
  }
}

function assign(state: State, node: number, step: ApprovalStep, at: number): Answer {
  const found = step.approver.params?.found
  const choice = choose(step, Array.isArray(found) ? found : [], APPLICANT, ['admin'])
  if (choice.kind !== 'assigned') return { ...choice, node, at }
  const tasks = choice.people.map((id): Assignment => ({ ...person(id, choice.reason), id: `t${state.tasks.length}-${node}${id}` }))
  const [first, ...rest] = tasks
  if (!first) throw new Error('somebody was chosen')
  if (step.mode === 'random') return { kind: 'assigned', at, node, tasks: [first] }
  if (step.mode === 'in-turn') return { kind: 'assigned', at, node, tasks: [first], later: rest.map(task => person(task.person_id, task.reason)) }
  return { kind: 'assigned', at, node, tasks }
}

/** Plays until the choices are used up or the instance has ended; `look` sees every state on the way. */
export function play(flow: Flow, numbers: readonly number[], look: (state: State, history: readonly Entry[]) => void = () => {}): { state: State; history: Entry[] } {
  return goOn(flow, [{ kind: 'started', at: 0 }], numbers, look)
}

/** The same from where a history stands. */
export function goOn(flow: Flow, before: readonly Entry[], numbers: readonly number[], look: (state: State, history: readonly Entry[]) => void = () => {}): { state: State; history: Entry[] } {
  const history = [...before]
  const left = [...numbers]
  for (;;) {
    const state = advance(flow, history)
    look(state, history)
    if (state.ask) history.push(answer(state, state.ask, history.length))
    else if (state.ended_at !== null || left.length === 0) return { state, history }
    else history.push(act(flow, state, left.shift() ?? 0))
  }
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { advance } from '../../src/features/approvals/rules/advance.ts'
import type { Entry } from '../../src/features/approvals/rules/history.ts'
import type { State } from '../../src/features/approvals/rules/state.ts'
import { stepsOf } from '../../src/features/approvals/rules/tree.ts'
import type { ApprovalStep, Flow, Step } from '../../src/features/approvals/schema.ts'
import { approval } from './entries.ts'
import { answer, choices, everything, flows, goOn, isProgress, play } from './random-flows.ts'
import { assertWhole } from './whole.ts'

const runs = { numRuns: Number(process.env.HALL_RANDOM_RUNS ?? 300) }
const ADMIN = { by: 'admin', by_name: 'admin' }

/** Moved to the other flow, and every question of that answered. */
function moved(from: Flow, to: Flow, history: readonly Entry[]): { state: State; history: Entry[] } {
  const entries: Entry[] = [...history, { kind: 'moved', at: history.length, ...ADMIN, from }]
  for (;;) {
    const state = advance(to, entries)
    if (!state.ask) return { state, history: entries }
    entries.push(answer(state, state.ask, entries.length))
  }
}

test('Whatever runs can be moved to whatever flow: no token is lost, no task is orphaned, nothing that ended changes', () => {
  fc.assert(fc.property(flows, flows, choices, (from, to, numbers) => {
    const before = play(from, numbers)
    if (before.state.ended_at !== null || before.state.suspended) return
    const after = moved(from, to, before.history)
    assertWhole(to, after.state)
    assert.deepEqual(advance(to, after.history.slice(before.history.length), advance(from, before.history)), after.state, 'going on from where it stood is the same as beginning anew')
    assert.deepEqual(after.state.nodes.slice(0, before.state.nodes.length).filter((_, index) => before.state.nodes[index]?.ended_at !== null), before.state.nodes.filter(node => node.ended_at !== null))
    for (const [index, task] of before.state.tasks.entries()) if (task.status !== 'open') assert.deepEqual(after.state.tasks[index], task)
  }), runs)
})

test('What was moved goes on by the new flow to exactly one end, keeps every invariant on the way, and may be moved again', () => {
  fc.assert(fc.property(flows, flows, choices, choices, (from, to, numbers, more) => {
    const before = play(from, numbers)
    if (before.state.ended_at !== null || before.state.suspended) return
    const there = moved(from, to, before.history)
    const further = goOn(to, there.history, more, state => assertWhole(to, state))
    if (further.state.status === 'running' && !further.state.suspended) assertWhole(from, moved(to, from, further.history).state)
    const end = goOn(to, further.history, Array.from({ length: 600 }, () => 1), state => assertWhole(to, state))
    assert.notEqual(end.state.ended_at, null, `it stands as ${end.state.status}`)
  }), { numRuns: Math.ceil(runs.numRuns / 2) })
})

test('Moved to the flow it is on, everything stays where it is', () => {
  fc.assert(fc.property(flows, choices, (flow, numbers) => {
    const before = play(flow, numbers)
    if (before.state.status !== 'running' || before.state.suspended) return
    const after = moved(flow, JSON.parse(JSON.stringify(flow)), before.history).state
    assert.deepEqual([after.nodes, after.tasks, after.standing], [before.state.nodes, before.state.tasks, before.state.standing])
  }), runs)
})

test('Of everything that may be done after a move, everything can be done', () => {
  fc.assert(fc.property(flows, flows, choices, (from, to, numbers) => {
    const before = play(from, numbers)
    if (before.state.status !== 'running' || before.state.suspended) return
    const { state, history } = moved(from, to, before.history)
    if (state.status !== 'running') return
    for (const entry of everything(to, state, 77)) assertWhole(to, advance(to, [...history, entry]))
    assert.ok(everything(to, state, 77).some(isProgress))
  }), runs)
})

// What it means, told once for each case.

const [tutor, office, head] = ['tutor', 'office', 'head'].map(id => approval(id, { approver: { rule: 'person', params: { found: [id] } } })) as [ApprovalStep, ApprovalStep, ApprovalStep]
const decided = (state: State): Entry => ({ kind: 'decided', decision: 'approve', at: 9, task: state.tasks.at(-1)?.id ?? '', by: state.tasks.at(-1)?.person_id ?? '' })

/** The first `done` steps approved. */
function standingAt(nodes: Step[], done: number): { flow: Flow; history: Entry[] } {
  const flow = { nodes }
  let { state, history } = play(flow, [])
  for (let each = 0; each < done; each++) ({ state, history } = goOn(flow, [...history, decided(state)], []))
  return { flow, history }
}

const tell = ({ nodes, status }: State) => [...nodes.map(node => `${node.step} ${node.status}`), status]

const stories: [string, Step[], number, Step[], string[]][] = [
  ['a step put in before the place is asked now, and the place comes again', [tutor, office], 1, [tutor, head, office], ['tutor passed', 'office cancelled', 'head open', 'running']],
  ['a step put in behind it changes nothing now', [tutor, office], 1, [tutor, office, head], ['tutor passed', 'office open', 'running']],
  ['the place itself is gone: the next is asked', [tutor, office, head], 1, [tutor, head], ['tutor passed', 'office cancelled', 'head open', 'running']],
  ['the place is asked of others: its tasks are withdrawn and handed out anew', [tutor, office], 1, [tutor, { ...office, approver: head.approver }], ['tutor passed', 'office cancelled', 'office open', 'running']],
  ['only its name and its limit are others: who holds it keeps it', [tutor, office], 1, [tutor, { ...office, label: '另名', limit: { minutes: 60 } }], ['tutor passed', 'office open', 'running']],
  ['what was passed stays passed, whoever would be asked now', [tutor, office], 1, [{ ...tutor, approver: head.approver }, office], ['tutor passed', 'office open', 'running']],
  ['nothing is left to do: it would end, which the verb forbids', [tutor, office], 1, [tutor], ['tutor passed', 'office cancelled', 'approved']],
]
for (const [title, from, done, to, expected] of stories) {
  test(`Moving: ${title}`, () => {
    const { flow, history } = standingAt(from, done)
    assert.deepEqual(tell(moved(flow, { nodes: to }, history).state), expected)
  })
}

test('Moving: a branch beside which another is new waits for that too', () => {
  const beside = (branches: Step[][]): Step[] => [{ id: 'both', kind: 'parallel', label: '并行', branches }, head]
  const { flow, history } = standingAt(beside([[tutor]]), 1)
  assert.deepEqual(tell(moved(flow, { nodes: beside([[tutor], [office]]) }, history).state), ['both passed', 'tutor passed', 'head cancelled', 'both open', 'office open', 'running'])
})

test('The history keeps both flows, and says what was true before', () => {
  const { flow, history } = standingAt([tutor, office], 1)
  const to = { nodes: [tutor, head] }
  const { state, history: after } = moved(flow, to, history)
  assert.deepEqual(advance(flow, after.slice(0, history.length)), advance(flow, history))
  assert.deepEqual(after.flatMap(entry => entry.kind === 'moved' ? [entry.from] : []), [flow])
  assert.equal(stepsOf(to).has(state.nodes.at(-1)?.step ?? ''), true)
})

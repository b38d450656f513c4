import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { advance } from '../../src/features/approvals/rules/advance.ts'
import type { Entry } from '../../src/features/approvals/rules/history.ts'
import { earlierSteps } from '../../src/features/approvals/rules/places.ts'
import type { State } from '../../src/features/approvals/rules/state.ts'
import { allSteps, branchesOf } from '../../src/features/approvals/rules/tree.ts'
import type { Step } from '../../src/features/approvals/schema.ts'
import { APPLICANT, choices, everything, flows, PEOPLE, play } from './random-flows.ts'
import { assertWhole } from './whole.ts'

/** More by setting: HALL_RANDOM_RUNS=10000 node --test test/approvals/properties.pure.test.ts */
const runs = { numRuns: Number(process.env.HALL_RANDOM_RUNS ?? 300) }
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value))

test('The same history always gives the same state, from any beginning of it, and no entry is touched', () => {
  fc.assert(fc.property(flows, choices, fc.nat(), (flow, numbers, cut) => {
    const seen: State[] = []
    const { state, history } = play(flow, numbers, (_, so_far) => { seen.push(advance(flow, so_far)) })
    const before = copy({ flow, history })
    assert.deepEqual(advance(copy(flow), copy(history)), state)
    assert.deepEqual({ flow, history }, before)
    const length = 1 + cut % history.length
    const part = advance(copy(flow), copy(history.slice(0, length)))
    assert.deepEqual(part, seen[length - 1], 'replayed to a point it is what it was then')
    if (length < history.length) assert.deepEqual(advance(flow, history.slice(length), part), state, 'going on from there is the same')
    assert.deepEqual(part, seen[length - 1], 'and leaves it as it was')
  }), runs)
})

test('No token is lost and no task is orphaned, at any moment of any run', () => {
  fc.assert(fc.property(flows, choices, (flow, numbers) => {
    play(flow, numbers, state => assertWhole(flow, state))
  }), runs)
})

test('There is exactly one end, and nothing but a revocation of what was approved follows it', () => {
  fc.assert(fc.property(flows, choices, (flow, numbers) => {
    let ends = 0
    const { state, history } = play(flow, numbers, seen => { if (seen.ended_at !== null) ends++ })
    if (state.ended_at === null) return
    assert.equal(ends, 1)
    const task = state.tasks[0]
    const mine = { at: 1, task: task?.id ?? '', by: task?.person_id ?? '' }
    const late: Entry[] = [{ kind: 'withdrawn', at: 1 }, { kind: 'resubmitted', at: 1 }, { kind: 'urged', at: 1 }, { kind: 'started', at: 1 },
      { kind: 'skipped', at: 1, node: 1, why: 'nobody' }, { ...mine, kind: 'decided', decision: 'approve' }, { ...mine, kind: 'taken-back' },
      { kind: 'ended', at: 1, by: 'admin', by_name: 'admin' }, { kind: 'suspended', at: 1, by: 'admin', by_name: 'admin' }]
    for (const entry of late) assert.throws(() => advance(flow, [...history, entry]), /does not fit/)
    const revoked = () => advance(flow, [...history, { kind: 'revoked', at: 1 }])
    if (state.status === 'approved' && flow.revoke) assert.equal(revoked().status, 'revoked')
    else assert.throws(revoked, /does not fit/)
  }), runs)
})

test('A person can act on no task but an own one that is open', () => {
  fc.assert(fc.property(flows, choices, (flow, numbers) => {
    const { state, history } = play(flow, numbers)
    if (state.ask) return
    for (const task of state.tasks) for (const by of [...PEOPLE, 'admin', 'stranger']) {
      const tries: Entry[] = [
        { kind: 'decided', decision: 'approve', at: 1, task: task.id, by }, { kind: 'decided', decision: 'reject', at: 1, task: task.id, by },
        { kind: 'returned', to: 'applicant', at: 1, task: task.id, by }, { kind: 'transferred', to: { person_id: 'x', person_name: 'x', rule: 'person', reason: 'transfer' }, at: 1, task: task.id, by },
        { kind: 'claimed', at: 1, task: task.id, by }, { kind: 'replied', at: 1, task: task.id, by },
      ]
      for (const entry of tries) {
        const attempt = () => advance(flow, [...history, entry])
        const fits = (entry.kind === 'claimed') === (task.wants === 'claim') && (entry.kind === 'replied') === (task.wants === 'reply')
        if (task.status === 'open' && task.person_id === by && fits && !state.suspended) attempt()
        else assert.throws(attempt, /does not fit/)
      }
    }
  }), { numRuns: Math.ceil(runs.numRuns / 4) })
})

test('Nodes, tasks and says once there stay where they are', () => {
  fc.assert(fc.property(flows, choices, (flow, numbers) => {
    let last: State | null = null
    play(flow, numbers, state => {
      for (const [index, task] of (last?.tasks ?? []).entries()) {
        assert.equal(state.tasks[index]?.id, task.id)
        if (task.status !== 'open') assert.deepEqual(state.tasks[index], task, 'an ended task never changes')
      }
      for (const [index, node] of (last?.nodes ?? []).entries()) {
        assert.equal(state.nodes[index]?.step, node.step)
        if (node.ended_at !== null) assert.deepEqual(state.nodes[index], node, 'an ended node never changes')
      }
      last = copy(state)
    })
  }), runs)
})

test('Whatever stands can be brought to an end by those who hold it', () => {
  // Even numbers choose among everything, odd ones among what leads on.
  const onwards = Array.from({ length: 600 }, () => 1)
  fc.assert(fc.property(flows, choices, (flow, numbers) => {
    const before = play(flow, numbers).state
    if (before.status !== 'running') return
    const { state } = play(flow, [...numbers, ...onwards])
    assert(state.status === 'approved' || state.nodes.some(node => node.note === 'nobody' && node.status === 'rejected'), `ended as ${state.status}`)
  }), { numRuns: Math.ceil(runs.numRuns / 2) })
})

test('Approved means that every step that was to be walked was passed, by the people it needed', () => {
  fc.assert(fc.property(flows, choices, (flow, numbers) => {
    const { state } = play(flow, [...numbers, ...Array.from({ length: 600 }, () => 1)])
    if (state.status !== 'approved') return
    const walked = (steps: readonly Step[]): void => steps.forEach(step => {
      const node = state.nodes[(state.standing.get(step.id) ?? 0) - 1]
      assert(node, `step ${step.id} was walked`)
      const aside = step.kind === 'sub-process' && (step.wait === false || step.rejected === 'pass')
      assert(aside || node.status === 'passed' || node.status === 'skipped', `step ${step.id} was passed`)
      if (node.status !== 'passed' || aside) return
      if (step.kind === 'parallel' || step.kind === 'sub-process') branchesOf(step).forEach(walked)
      if (step.kind === 'condition' || step.kind === 'inclusive') state.choices.get(step.id)?.forEach(index => walked(branchesOf(step)[index] ?? []))
      if (step.kind === 'approval') assertSigned(state, node.number, step)
    })
    walked(flow.nodes)
  }), { numRuns: Math.ceil(runs.numRuns / 2) })
})

function assertSigned(state: State, node: number, step: Extract<Step, { kind: 'approval' }>): void {
  const group = state.groups.find(one => one.node === node && one.place === 'node')
  const seats = state.seats.filter(seat => seat.group === group?.number && !seat.gone)
  const yes = seats.filter(seat => seat.verdict === 'approve').length
  if (state.nodes[node - 1]?.note === 'overdue') return
  if (step.mode === 'all' || step.mode === 'in-turn') assert.equal(yes, seats.length)
  else if (step.mode === 'vote') assert(yes > seats.length / 2)
  else assert(yes >= 1)
}

test('What a task may be returned to is an approval that was passed and lies before it; the flow then waits there, and comes back', () => {
  fc.assert(fc.property(flows, choices, (flow, numbers) => {
    const { state, history } = play(flow, numbers)
    if (state.status !== 'running' || state.ask || state.suspended) return
    for (const task of state.tasks.filter(one => one.status === 'open' && one.wants === 'decide')) {
      for (const to of earlierSteps(flow, state, task)) for (const straight of [false, true]) {
        const after = advance(flow, [...history, { kind: 'returned', at: 1, task: task.id, by: task.person_id, to, ...(straight && { straight }) }])
        const node = after.nodes[(after.standing.get(to) ?? 0) - 1]
        assert.equal(after.status, 'running')
        assert.equal(node?.status, 'asked', 'the step begins anew')
        assert.equal(after.standing.has(state.nodes[task.node - 1]?.step ?? ''), false, 'who returned it waits')
      }
    }
  }), runs)
})

test('The applicant is asked nothing that the flow keeps from the applicant', () => {
  fc.assert(fc.property(flows, choices, (flow, numbers) => {
    const { state } = play(flow, numbers)
    for (const task of state.tasks.filter(one => one.person_id === APPLICANT)) {
      const step = allSteps(flow.nodes).find(one => one.id === state.nodes[task.node - 1]?.step)
      assert(step?.kind === 'approval' && step.self !== 'skip')
    }
  }), { numRuns: Math.ceil(runs.numRuns / 4) })
})

test('Of everything that may be done, everything can be done', () => {
  fc.assert(fc.property(flows, choices, (flow, numbers) => {
    const { state, history } = play(flow, numbers)
    if (state.status !== 'running' || state.ask || state.suspended) return
    for (const entry of everything(flow, state, 77)) assertWhole(flow, advance(flow, [...history, entry]))
  }), runs)
})

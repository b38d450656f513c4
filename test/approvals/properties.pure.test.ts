import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ApprovalStep, Flow, Step } from '../../src/features/approvals/define.ts'
import { advance } from '../../src/features/approvals/rules/advance.ts'
import { choose } from '../../src/features/approvals/rules/choose.ts'
import type { Answer, Ask, Entry, State } from '../../src/features/approvals/rules/history.ts'

const APPLICANT = 'p0'
const people = fc.uniqueArray(fc.constantFrom(APPLICANT, 'p1', 'p2', 'p3', 'p4'), { maxLength: 4 })

/** A flow whose steps carry whom their rule finds, so that a run needs nothing but its choices. */
const flows: fc.Arbitrary<Flow> = tree().map(nodes => ({ nodes: numbered(nodes, { next: 1 }) }))
const choices = fc.array(fc.nat(999), { minLength: 1, maxLength: 60 })

function tree(): fc.Arbitrary<Step[]> {
  const { steps } = fc.letrec<{ steps: Step[]; step: Step }>(tie => ({
    steps: fc.array(tie('step'), { maxLength: 4 }),
    step: fc.oneof({ maxDepth: 2, withCrossShrink: true }, approvalStep(), fc.array(tie('steps'), { minLength: 1, maxLength: 3 })
      .map((branches): Step => ({ id: '', kind: 'parallel', label: 'parallel', branches }))),
  }))
  return steps
}

function approvalStep(): fc.Arbitrary<Step> {
  return fc.record({
    found: people, mode: fc.constantFrom('any' as const, 'all' as const),
    nobody: fc.constantFrom('admin' as const, 'admin' as const, 'pass' as const, 'refuse' as const), self: fc.constantFrom('self' as const, 'skip' as const),
  }).map(({ found, ...rest }): ApprovalStep => ({ id: '', kind: 'approval', label: 'approval', approver: { rule: 'person', params: { found } }, ...rest }))
}

function numbered(steps: Step[], count: { next: number }): Step[] {
  return steps.map(step => {
    const id = `s${count.next++}`
    return step.kind === 'parallel' ? { ...step, id, branches: step.branches.map(branch => numbered(branch, count)) } : { ...step, id }
  })
}

/** One person's act, chosen by a number among everything that anybody may do now; approvals are likelier than ends. */
function act(state: State, choice: number): Entry {
  const at = choice
  if (state.status === 'returned') return choice % 5 === 0 ? { kind: 'withdrawn', at } : { kind: 'resubmitted', at }
  if (choice % 41 === 0) return { kind: 'withdrawn', at }
  if (choice % 11 === 0) return { kind: 'urged', at }
  const open = state.tasks.filter(one => one.status === 'open')
  const task = open[choice % open.length]
  assert(task, 'a running instance waits for somebody')
  if (choice % 13 === 0) return { kind: 'returned', at, task: task.id, by: task.person_id, to: 'applicant' }
  return { kind: 'decided', at, task: task.id, by: task.person_id, decision: choice % 29 === 0 ? 'reject' : 'approve' }
}

function answer({ node, step }: Ask, at: number): Answer {
  const found = step.approver.params?.found
  const choice = choose(step, Array.isArray(found) ? found : [], APPLICANT, ['admin'])
  if (choice.kind !== 'assigned') return { ...choice, node, at }
  const { reason } = choice
  return { kind: 'assigned', at, node, tasks: choice.people.map(id => ({ id: `${node}${id}`, person_id: id, person_name: id, rule: 'person', reason })) }
}

/** Plays until the choices are used up or the instance has ended; `look` sees every state on the way. */
function play(flow: Flow, numbers: readonly number[], look: (state: State, history: readonly Entry[]) => void = () => {}): { state: State; history: Entry[] } {
  const history: Entry[] = [{ kind: 'started', at: 0 }]
  const left = [...numbers]
  for (;;) {
    const state = advance(flow, history)
    look(state, history)
    if (state.ask) history.push(answer(state.ask, history.length))
    else if (state.ended_at !== null || left.length === 0) return { state, history }
    else history.push(act(state, left.shift() ?? 0))
  }
}

const runs = { numRuns: 2000 }
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value))

test('The same history always gives the same state, and no entry is touched', () => {
  fc.assert(fc.property(flows, choices, (flow, numbers) => {
    const { state, history } = play(flow, numbers)
    const before = copy({ flow, history })
    assert.deepEqual(advance(copy(flow), copy(history)), state)
    assert.deepEqual({ flow, history }, before)
  }), runs)
})

test('No token is lost and no task is orphaned, at any moment of any run', () => {
  fc.assert(fc.property(flows, choices, (flow, numbers) => {
    play(flow, numbers, state => {
      const open = state.tasks.filter(task => task.status === 'open')
      const live = state.nodes.filter(node => node.status === 'open' || node.status === 'asked')
      if (state.status !== 'running') {
        assert.equal(open.length + live.length, 0, 'what does not run holds nothing open')
        assert.equal(state.ask, null)
        return
      }
      assert(state.ask ?? open.length > 0, 'what runs waits for an answer or for a person')
      for (const task of open) assert.equal(state.nodes[task.node - 1]?.status, 'open', 'an open task stands in an open node')
      for (const node of live) assert(isWaitingFor(flow, state, node.step), `node ${node.number} is open for a reason`)
    })
  }), runs)
})

/** Does the step wait for an answer, for a person, or for a step inside it? */
function isWaitingFor(flow: Flow, state: State, id: string): boolean {
  const inside = idsOf(flow.nodes.flatMap(flatten).filter(step => step.id === id))
  const holds = (number: number) => state.tasks.some(task => task.node === number && task.status === 'open')
  return state.nodes.some(node => inside.includes(node.step) && (node.status === 'asked' || (node.status === 'open' && holds(node.number))))
}

const flatten = (step: Step): Step[] => step.kind === 'parallel' ? [step, ...step.branches.flat().flatMap(flatten)] : [step]
const idsOf = (steps: Step[]): string[] => steps.flatMap(flatten).map(step => step.id)

test('There is exactly one end, and nothing follows it', () => {
  fc.assert(fc.property(flows, choices, (flow, numbers) => {
    let ends = 0
    const { state, history } = play(flow, numbers, seen => { if (seen.ended_at !== null) ends++ })
    if (state.ended_at === null) return
    assert.equal(ends, 1)
    const task = state.tasks[0]
    const late: Entry[] = [{ kind: 'withdrawn', at: 1 }, { kind: 'resubmitted', at: 1 }, { kind: 'urged', at: 1 }, { kind: 'started', at: 1 },
      { kind: 'skipped', at: 1, node: 1, why: 'nobody' }, { kind: 'decided', at: 1, task: task?.id ?? '', by: task?.person_id ?? '', decision: 'approve' }]
    for (const entry of late) assert.throws(() => advance(flow, [...history, entry]), /does not fit/)
  }), runs)
})

test('Approved means that every step was passed in the last round, by the people it needed', () => {
  fc.assert(fc.property(flows, choices, (flow, numbers) => {
    const { state } = play(flow, [...numbers, ...Array.from({ length: 400 }, () => 1)])
    if (state.status !== 'approved') return
    for (const step of flow.nodes.flatMap(flatten)) {
      const node = state.nodes.findLast(one => one.step === step.id)
      assert(node?.status === 'passed' || node?.status === 'skipped', `step ${step.id} was passed`)
      const approvals = state.tasks.filter(task => task.node === node.number && task.status === 'done')
      const asked = state.tasks.filter(task => task.node === node.number)
      if (step.kind === 'approval' && node.status === 'passed') assert.equal(approvals.length, step.mode === 'any' ? 1 : asked.length)
    }
  }), runs)
})

test('Whatever stands can be brought to approval by those who hold it', () => {
  const approve = Array.from({ length: 400 }, () => 1)
  fc.assert(fc.property(flows, choices, (flow, numbers) => {
    const before = play(flow, numbers).state
    if (before.status !== 'running') return
    const { state } = play(flow, [...numbers, ...approve])
    const refused = state.nodes.some(node => node.note === 'nobody' && node.status === 'rejected')
    assert.equal(state.status, refused ? 'rejected' : 'approved')
  }), runs)
})

test('A person can decide no task but an own one that is open', () => {
  fc.assert(fc.property(flows, choices, (flow, numbers) => {
    const { state, history } = play(flow, numbers)
    for (const task of state.tasks) for (const by of [APPLICANT, 'p1', 'p2', 'p3', 'p4', 'admin', 'stranger']) {
      for (const entry of [{ kind: 'decided', decision: 'approve' } as const, { kind: 'decided', decision: 'reject' } as const, { kind: 'returned', to: 'applicant' } as const]) {
        const attempt = () => advance(flow, [...history, { ...entry, at: 1, task: task.id, by }])
        if (task.status === 'open' && task.person_id === by) attempt()
        else assert.throws(attempt, /does not fit/)
      }
    }
  }), { numRuns: 500 })
})

test('Nodes and tasks once there stay where they are', () => {
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

test('In what order side-by-side approvals arrive does not matter', () => {
  const everyoneOf = (steps: Step[]): Step[] => steps.map(step => step.kind === 'parallel'
    ? { ...step, branches: step.branches.map(everyoneOf) } : { ...step, mode: 'all', nobody: 'admin' })
  const approvals = fc.infiniteStream(fc.nat(999)).map(stream => [...stream.filter(n => [41, 11, 13, 29].every(d => n % d !== 0)).take(400)])
  const visited = (flow: Flow, numbers: number[]) => {
    const { state } = play(flow, numbers)
    return { status: state.status, tasks: state.tasks.map(task => `${state.nodes[task.node - 1]?.step} ${task.person_id}`).toSorted() }
  }
  fc.assert(fc.property(flows, approvals, approvals, (flow, one, other) => {
    const everyone = { nodes: everyoneOf(flow.nodes) }
    assert.equal(visited(everyone, one).status, 'approved')
    assert.deepEqual(visited(everyone, other), visited(everyone, one))
  }), { numRuns: 300 })
})

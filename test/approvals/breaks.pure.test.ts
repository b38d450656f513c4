import assert from 'node:assert/strict'
import { test } from 'node:test'
import { advance } from '../../src/features/approvals/rules/advance.ts'
import type { Entry, Seated } from '../../src/features/approvals/rules/history.ts'
import type { State } from '../../src/features/approvals/rules/state.ts'
import type { Flow, Step } from '../../src/features/approvals/schema.ts'
import { approval, assigned, decided, parallel, returned } from './entries.ts'

/*
 * Where engines break: one test for each fault that FlowLong's change log names between July 2025 and June 2026.
 */

const started: Entry = { kind: 'started', at: 1 }
const person = (id: string, reason: Seated['reason'] = 'add'): Seated => ({ person_id: id, person_name: id, rule: 'person', reason })
const line = (state: State) => state.nodes.map(node => `${node.number} ${node.step} ${node.status}`)
const holders = (state: State) => state.tasks.filter(task => task.status === 'open').map(task => `${task.node}${task.person_id}`)

/** Whoever's turn it is gets a task, until nobody is without. */
function played(flow: Flow, history: Entry[]): { state: State; history: Entry[] } {
  for (;;) {
    const state = advance(flow, history)
    const { ask } = state
    if (!ask?.seats) return { state, history }
    history.push({ kind: 'handed', at: 1, node: ask.node, tasks: ask.seats.map(seat => ({ ...person(seat.person_id, seat.reason), id: `${ask.node}${seat.person_id}${state.tasks.length}`, seat: seat.number })) })
  }
}

test('Repeated return to the initiator: each round begins anew and nothing of the last is left', () => {
  const flow = { nodes: [approval('one'), approval('two', { mode: 'all' })] }
  let history: Entry[] = [started]
  for (let round = 0; round < 4; round++) {
    const node = round * 2 + 1
    history = [...history, assigned(node, 'a'), decided(`${node}a`, 'a', 'approve'), assigned(node + 1, 'b', 'c'), returned(`${node + 1}b`, 'b'), { kind: 'resubmitted', at: 1 }]
  }
  const state = advance(flow, history)
  assert.deepEqual(holders(state), [])
  assert.deepEqual(line(state).slice(-3), ['7 one passed', '8 two returned', '9 one asked'])
})

test('Repeated return straight back to who returned it: what was passed between is not walked again', () => {
  const flow = { nodes: [approval('one'), approval('two'), approval('three')] }
  const back: Entry = { kind: 'returned', at: 1, task: '3c', by: 'c', to: 'applicant', straight: true }
  const history: Entry[] = [started, assigned(1, 'a'), decided('1a', 'a', 'approve'), assigned(2, 'b'), decided('2b', 'b', 'approve'), assigned(3, 'c'), back, { kind: 'resubmitted', at: 1 }]
  assert.deepEqual(line(advance(flow, history)), ['1 one passed', '2 two passed', '3 three returned', '4 three asked'])
  const again = [...history, assigned(4, 'c'), { ...back, task: '4c' }, { kind: 'resubmitted' as const, at: 1 }, assigned(5, 'c'), decided('5c', 'c', 'approve')]
  assert.equal(advance(flow, again).status, 'approved')
})

for (const kind of ['parallel', 'inclusive'] as const) {
  test(`Add-sign inside one branch of a step of kind ${kind}: the branch waits for the signers, the other goes on, and the join waits for both`, () => {
    const inner: Step[][] = [[approval('left')], [approval('right')]]
    const when = { field: 'x', filled: true }
    const fork: Step = kind === 'parallel' ? parallel('fork', ...inner) : { id: 'fork', kind, label: 'fork', branches: inner.map(nodes => ({ label: 'b', when, nodes })), otherwise: [] }
    const flow = { nodes: [fork, approval('last')] }
    const begin: Entry[] = [started, ...(kind === 'inclusive' ? [{ kind: 'chose' as const, at: 1, node: 1, branches: [0, 1] }] : []), assigned(2, 'a'), assigned(3, 'b')]
    for (const place of ['before', 'beside', 'after'] as const) {
      let { state, history } = played(flow, [...begin, { kind: 'signers-added', at: 1, task: '2a', by: 'a', place, mode: 'all', people: [person('s')] }])
      ;({ state, history } = played(flow, [...history, decided('3b', 'b', 'approve')]))
      assert.equal(state.status, 'running')
      while (holders(state).length > 0 && !state.ask) {
        assert.equal(state.standing.has('last'), false, `${place}: the join waits`)
        const task = state.tasks.find(one => one.status === 'open')
        ;({ state, history } = played(flow, [...history, decided(task?.id ?? '', task?.person_id ?? '', 'approve')]))
      }
      assert.equal(state.nodes[(state.standing.get('last') ?? 0) - 1]?.status, 'asked', place)
      assert.equal(state.seats.filter(seat => seat.verdict === 'approve').length, 3, `${place}: everyone has signed`)
    }
  })
}

test('Counter-sign and refusal: it ends once, with everyone, and not before; a vote is not ended by a single no', () => {
  const all = { nodes: [approval('all', { mode: 'all' })] }
  const open = [started, assigned(1, 'a', 'b', 'c')]
  assert.deepEqual(holders(advance(all, [...open, decided('1a', 'a', 'approve')])), ['1b', '1c'])
  const refused = advance(all, [...open, decided('1a', 'a', 'approve'), decided('1b', 'b', 'reject')])
  assert.deepEqual([refused.status, holders(refused), refused.tasks.map(task => task.status)], ['rejected', [], ['done', 'done', 'closed']])
  const vote = { nodes: [approval('vote', { mode: 'vote' })] }
  const one = [...open, decided('1a', 'a', 'reject')]
  assert.deepEqual([advance(vote, one).status, holders(advance(vote, one))], ['running', ['1b', '1c']])
  assert.equal(advance(vote, [...one, decided('1b', 'b', 'approve'), decided('1c', 'c', 'approve')]).status, 'approved')
  assert.equal(advance(vote, [...one, decided('1b', 'b', 'reject')]).status, 'rejected', 'as soon as it can no longer be won')
})

test('A condition branch with nothing after a copy goes on', () => {
  const when = { field: 'x', filled: true }
  const flow: Flow = { nodes: [
    { id: 'if', kind: 'condition', label: 'if', branches: [{ label: 'b', when, nodes: [{ id: 'cc', kind: 'cc', label: 'cc', to: { rule: 'person' } }] }], otherwise: [] }, approval('last'),
  ] }
  const copied = advance(flow, [started, { kind: 'chose', at: 1, node: 1, branches: [0] }, { kind: 'copied', at: 1, node: 2, people: [] }])
  assert.deepEqual(line(copied), ['1 if passed', '2 cc passed', '3 last asked'])
  assert.deepEqual(line(advance(flow, [started, { kind: 'chose', at: 1, node: 1, branches: [1] }])), ['1 if passed', '2 last asked'])
})

test('A claim is by the person of the task, whatever a role is called', () => {
  const flow = { nodes: [approval('pool', { mode: 'pool' })] }
  const open: Entry[] = [started, { kind: 'assigned', at: 1, node: 1, tasks: ['registrar', 'b'].map(id => ({ ...person(id, 'rule'), rule: 'registrar', id: `1${id}` })) }]
  assert.throws(() => advance(flow, [...open, { kind: 'claimed', at: 1, task: '1b', by: 'registrar' }]), /does not fit/)
  assert.throws(() => advance(flow, [...open, decided('1b', 'b', 'approve')]), /does not fit/, 'nobody decides what nobody has claimed')
  const { state, history } = played(flow, [...open, { kind: 'claimed', at: 1, task: '1b', by: 'b' }])
  assert.deepEqual([holders(state), state.tasks.map(task => task.status)], [['1b'], ['closed', 'done', 'open']])
  const mine = state.tasks.at(-1)?.id ?? ''
  const given = played(flow, [...history, { kind: 'given-back', at: 1, task: mine, by: 'b' }])
  assert.deepEqual(holders(given.state), ['1registrar', '1b'])
  assert.equal(advance(flow, [...history, decided(mine, 'b', 'approve')]).status, 'approved')
})

test('Time-out set to end the instance ends it with its cause, and everything open with it', () => {
  const flow = { nodes: [parallel('both', [approval('slow')], [approval('other')])] }
  const state = advance(flow, [started, assigned(2, 'a'), assigned(3, 'b'), { kind: 'overdue', at: 9, node: 2, as: 'reject' }])
  assert.deepEqual([state.status, state.ended_at, holders(state)], ['rejected', 9, []])
  assert.deepEqual(state.tasks.map(task => task.ending?.as), ['overdue', 'overdue'])
  assert.equal(state.nodes[1]?.note, 'overdue')
})

test('A sub-process ends with its parent, whether that waited for it or not', () => {
  const sub = (wait: boolean): Step => ({ id: 'sub', kind: 'sub-process', label: 'sub', wait, nodes: [approval('inner')] })
  const flow = { nodes: [sub(false), approval('main')] }
  const first = advance(flow, [started])
  assert.deepEqual(line(first), ['1 sub open', '2 main asked', '3 inner asked'])
  const both = [started, assigned(2, 'm'), assigned(3, 'i')]
  const ended = advance(flow, [...both, decided('2m', 'm', 'approve')])
  assert.deepEqual([ended.status, line(ended)], ['approved', ['1 sub cancelled', '2 main passed', '3 inner cancelled']])
  const withdrawn = advance({ nodes: [sub(true), approval('main')] }, [started, assigned(2, 'i'), { kind: 'withdrawn', at: 2 }])
  assert.deepEqual([withdrawn.status, holders(withdrawn)], ['withdrawn', []])
})

test('Take-back over several branches closes all that began by it, and the one approval is asked again', () => {
  const flow = { nodes: [approval('first', { mode: 'all' }), parallel('both', [approval('left')], [approval('right')])] }
  const before = [started, assigned(1, 'a', 'b'), decided('1a', 'a', 'approve'), decided('1b', 'b', 'approve'), assigned(3, 'l'), assigned(4, 'r')]
  const { state, history } = played(flow, [...before, { kind: 'taken-back', at: 5, task: '1b', by: 'b' }])
  assert.deepEqual(holders(state), ['5b'], "the other's approval still counts")
  assert.deepEqual(line(state), ['1 first passed', '2 both cancelled', '3 left cancelled', '4 right cancelled', '5 first open'])
  const again = state.tasks.at(-1)?.id ?? ''
  assert.deepEqual(line(advance(flow, [...history, decided(again, 'b', 'approve')])).slice(-3), ['6 both open', '7 left asked', '8 right asked'])
  assert.throws(() => advance(flow, [...before, decided('4r', 'r', 'approve'), { kind: 'taken-back', at: 5, task: '1b', by: 'b' }]), /does not fit/, 'one of the next has acted')
})

test('Return into a sub-process that ended in a refusal: what refused is passed over, and the step returned to is asked', () => {
  const flow: Flow = { nodes: [{ id: 'sub', kind: 'sub-process', label: 'sub', rejected: 'pass', nodes: [approval('one'), approval('two'), approval('three')] }, approval('last')] }
  const back = (task: string, by: string, to: string): Entry => ({ kind: 'returned', at: 1, task, by, to, straight: true })
  const history: Entry[] = [
    started, assigned(2, 'a'), decided('2a', 'a', 'approve'), assigned(3, 'b'), decided('3b', 'b', 'approve'), assigned(4, 'c'), back('4c', 'c', 'one'),
    assigned(5, 'a'), decided('5a', 'a', 'reject'), assigned(6, 'd'), back('6d', 'd', 'two'),
  ]
  const state = advance(flow, history)
  assert.deepEqual(line(state).slice(5), ['6 last returned', '7 one skipped', '8 sub open', '9 two asked'])
})

test('Return beside a refusal that did not end everything: the refusal is passed over, and the step returned to is asked', () => {
  const flow: Flow = { nodes: [{ id: 'sub', kind: 'sub-process', label: 'sub', rejected: 'pass', nodes: [parallel('fork', [approval('one')], [approval('two')])] }, approval('last')] }
  const history: Entry[] = [
    started, assigned(3, 'a'), assigned(4, 'b'), decided('3a', 'a', 'approve'), decided('4b', 'b', 'reject'), assigned(5, 'c'), { kind: 'returned', at: 1, task: '5c', by: 'c', to: 'one', straight: true },
  ]
  const state = advance(flow, history)
  assert.equal(state.status, 'running')
  assert.equal(state.nodes[(state.standing.get('one') ?? 0) - 1]?.status, 'asked')
  assert.equal(state.nodes[(state.standing.get('two') ?? 0) - 1]?.status, 'skipped')
})

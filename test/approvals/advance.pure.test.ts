import assert from 'node:assert/strict'
import { test } from 'node:test'
import { advance } from '../../src/features/approvals/rules/advance.ts'
import type { Entry } from '../../src/features/approvals/rules/history.ts'
import type { State } from '../../src/features/approvals/rules/state.ts'
import { approval, assigned, decided, parallel, returned } from './entries.ts'

const started: Entry = { kind: 'started', at: 1 }
const tutor = approval('tutor')
const office = approval('office')

const line = (state: State) => state.nodes.map(node => `${node.number} ${node.step} ${node.status}`)
const tasks = (state: State) => state.tasks.map(task => `${task.id} ${task.status}${task.ending ? ` ${task.ending.as} by ${task.ending.by}` : ''}`)

test('A flow without nodes is approved at once', () => {
  const state = advance({ nodes: [] }, [started])
  assert.equal(state.status, 'approved')
  assert.equal(state.ended_at, 1)
})

test('A node that begins asks whose it is', () => {
  const state = advance({ nodes: [tutor, office] }, [started])
  assert.deepEqual(state.ask, { node: 1, step: tutor })
  assert.deepEqual(line(state), ['1 tutor asked'])
})

test('或签: the first approval passes the node, and the others are closed by it', () => {
  const state = advance({ nodes: [tutor, office] }, [started, assigned(1, 'a', 'b'), decided('1a', 'a', 'approve')])
  assert.deepEqual(line(state), ['1 tutor passed', '2 office asked'])
  assert.deepEqual(tasks(state), ['1a done approve by a', '1b closed approve by a'])
})

test('会签: the node waits for everyone', () => {
  const flow = { nodes: [approval('board', { mode: 'all' })] }
  const one = [started, assigned(1, 'a', 'b'), decided('1a', 'a', 'approve')]
  assert.equal(advance(flow, one).status, 'running')
  assert.deepEqual(tasks(advance(flow, one)), ['1a done approve by a', '1b open'])
  assert.equal(advance(flow, [...one, decided('1b', 'b', 'approve')]).status, 'approved')
})

test('会签: one rejection ends the instance and closes the rest', () => {
  const state = advance({ nodes: [approval('board', { mode: 'all' }), office] }, [started, assigned(1, 'a', 'b'), decided('1b', 'b', 'reject')])
  assert.equal(state.status, 'rejected')
  assert.deepEqual(line(state), ['1 board rejected'])
  assert.deepEqual(tasks(state), ['1a closed reject by b', '1b done reject by b'])
})

test('After a return and a resubmission everything is walked again with further nodes', () => {
  const flow = { nodes: [tutor, office] }
  const history = [started, assigned(1, 'a'), decided('1a', 'a', 'approve'), assigned(2, 'b'), returned('2b', 'b')]
  assert.equal(advance(flow, history).status, 'returned')
  assert.equal(advance(flow, history).ended_at, null)
  const again = advance(flow, [...history, { kind: 'resubmitted', at: 2 }])
  assert.deepEqual(line(again), ['1 tutor passed', '2 office returned', '3 tutor asked'])
})

test('Returning to the applicant again and again never adds up', () => {
  const flow = { nodes: [tutor] }
  const history: Entry[] = [started]
  for (let round = 1; round <= 5; round++) {
    history.push(assigned(round, 'a'), returned(`${round}a`, 'a'), { kind: 'resubmitted', at: round })
  }
  const state = advance(flow, [...history, assigned(6, 'a'), decided('6a', 'a', 'approve')])
  assert.equal(state.status, 'approved')
  assert.deepEqual(line(state).slice(-2), ['5 tutor returned', '6 tutor passed'])
})

test('Withdrawal closes what is open', () => {
  const state = advance({ nodes: [tutor] }, [started, assigned(1, 'a', 'b'), { kind: 'withdrawn', at: 9 }])
  assert.equal(state.status, 'withdrawn')
  assert.deepEqual(line(state), ['1 tutor cancelled'])
  assert.deepEqual(tasks(state), ['1a closed withdraw by null', '1b closed withdraw by null'])
})

test('What was returned may be withdrawn', () => {
  assert.equal(advance({ nodes: [tutor] }, [started, assigned(1, 'a'), returned('1a', 'a'), { kind: 'withdrawn', at: 9 }]).status, 'withdrawn')
})

test('A node for which nobody was found is passed over or refused, with the reason kept', () => {
  const passed = advance({ nodes: [tutor, office] }, [started, { kind: 'skipped', at: 1, node: 1, why: 'nobody' }])
  assert.deepEqual(line(passed), ['1 tutor skipped', '2 office asked'])
  const refused = advance({ nodes: [tutor, office] }, [started, { kind: 'refused', at: 1, node: 1, why: 'nobody' }])
  assert.equal(refused.status, 'rejected')
  assert.equal(refused.nodes[0]?.note, 'nobody')
})

test('Parallel branches open together and join when each is passed', () => {
  const flow = { nodes: [parallel('both', [tutor], [office, approval('head')]), approval('last')] }
  const opened = [started, assigned(2, 'a'), assigned(3, 'b')]
  assert.deepEqual(line(advance(flow, opened)), ['1 both open', '2 tutor open', '3 office open'])
  const left = [...opened, decided('3b', 'b', 'approve'), assigned(4, 'c'), decided('4c', 'c', 'approve')]
  assert.deepEqual(line(advance(flow, left)), ['1 both open', '2 tutor open', '3 office passed', '4 head passed'])
  assert.deepEqual(line(advance(flow, [...left, decided('2a', 'a', 'approve')])).slice(-1), ['5 last asked'])
})

test('A branch without steps does not hold the join up', () => {
  const flow = { nodes: [parallel('outer', [], [parallel('inner', [], [])], [tutor])] }
  assert.deepEqual(line(advance(flow, [started])), ['1 outer open', '2 inner passed', '3 tutor asked'])
  assert.equal(advance(flow, [started, assigned(3, 'a'), decided('3a', 'a', 'approve')]).status, 'approved')
})

test('A rejection in one branch ends the others', () => {
  const flow = { nodes: [parallel('both', [tutor], [office])] }
  const state = advance(flow, [started, assigned(2, 'a'), assigned(3, 'b'), decided('2a', 'a', 'reject')])
  assert.deepEqual(line(state), ['1 both cancelled', '2 tutor rejected', '3 office cancelled'])
  assert.deepEqual(tasks(state), ['2a done reject by a', '3b closed reject by a'])
})

test('Entries that cannot follow are refused', () => {
  const flow = { nodes: [tutor, office] }
  const open = [started, assigned(1, 'a', 'b')]
  const passed = [...open, decided('1a', 'a', 'approve')]
  const impossible: [string, Entry[]][] = [
    ['nothing before the start', [assigned(1, 'a')]],
    ['a second start', [...open, started]],
    ['a task that does not exist', [...open, decided('9z', 'a', 'approve')]],
    ["another person's task", [...open, decided('1a', 'b', 'approve')]],
    ['a decided task', [...passed, assigned(2, 'c'), decided('1a', 'a', 'approve')]],
    ['a task closed by another', [...passed, assigned(2, 'c'), decided('1b', 'b', 'reject')]],
    ['an answer to a node that did not ask', [...open, assigned(1, 'c')]],
    ['a node for nobody', [started, { kind: 'assigned', at: 1, node: 1, tasks: [] }]],
    ['a task id twice', [...passed, { kind: 'assigned', at: 1, node: 2, tasks: [{ id: '1a', person_id: 'a', person_name: 'a', rule: 'person', reason: 'rule' }] }]],
    ['urging while the ask is open', [started, { kind: 'urged', at: 2 }]],
    ['withdrawing while the ask is open', [started, { kind: 'withdrawn', at: 2 }]],
    ['resubmitting what runs', [...open, { kind: 'resubmitted', at: 2 }]],
    ['withdrawing twice', [...open, { kind: 'withdrawn', at: 2 }, { kind: 'withdrawn', at: 3 }]],
    ['deciding after the withdrawal', [...open, { kind: 'withdrawn', at: 2 }, decided('1a', 'a', 'approve')]],
  ]
  for (const [what, history] of impossible) assert.throws(() => advance(flow, history), /history does not fit/, what)
})

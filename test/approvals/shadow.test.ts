import assert from 'node:assert/strict'
import { test } from 'node:test'
import { advance } from '../../src/features/approvals/rules/advance.ts'
import type { Entry } from '../../src/features/approvals/rules/history.ts'
import type { Flow } from '../../src/features/approvals/index.ts'
import { recordCall } from '../../src/features/approvals/verbs/call.ts'
import { tickNode } from '../../src/features/approvals/verbs/tick.ts'
import { AppError } from '../../src/platform/errors.ts'
import { approval, parallel } from './entries.ts'
import { actor, openOffice } from './office.ts'
import { everything } from './random-flows.ts'

const registrars = { approver: { rule: 'role', params: { role: 'registrar' } } }
const head = { approver: { rule: 'department-head' } }
const when = { field: 'purpose', is: '签证' }

/** Every kind of step and every way of counting. */
const flow: Flow = { revoke: true, nodes: [
  approval('tutor', { approver: { rule: 'tutor' }, limit: { minutes: 60, clock: 'clock', remind: { every: 60, times: 1 }, over: { to: registrars.approver } } }),
  { id: 'told', kind: 'cc', label: 'told', to: head.approver },
  { id: 'which', kind: 'condition', label: 'which', branches: [{ label: 'visa', when, nodes: [approval('vote', { ...registrars, mode: 'vote', vote: { over: 40 } })] }], otherwise: [] },
  parallel('both', [approval('turn', { ...registrars, mode: 'in-turn' })], [{ id: 'wait', kind: 'delay', label: 'wait', minutes: 30, clock: 'clock' }, approval('pool', { ...registrars, mode: 'pool' })]),
  { id: 'any', kind: 'inclusive', label: 'any', branches: [{ label: 'one', when, nodes: [approval('lot', { ...registrars, mode: 'random' })] }, { label: 'two', when, nodes: [] }], otherwise: [] },
  { id: 'mark', kind: 'trigger', label: 'mark', does: { set: { purpose: '已核' } } },
  { id: 'aside', kind: 'sub-process', label: 'aside', wait: false, rejected: 'pass', nodes: [approval('aside-head', head)] },
  { id: 'push', kind: 'trigger', label: 'push', does: { call: 'erp', send: ['purpose'] } },
  { id: 'again', kind: 'route', label: 'again', to: 'both', when: { field: 'purpose', is: '已核' }, most: 1 },
  approval('last', { ...head, mode: 'all', again: 'once' }),
] }

/** The version after it: a step less, one more, one asked of others, one in another place. */
const renewed: Flow = { revoke: true, nodes: [
  approval('tutor', { approver: { rule: 'tutor' } }), approval('new', head),
  parallel('both', [approval('turn', { ...registrars, mode: 'all' })], [approval('pool', { ...registrars, mode: 'pool' })], [approval('aside-head', head)]),
  { id: 'which', kind: 'condition', label: 'which', branches: [{ label: 'core', when: { field: 'purpose', is: '已核' }, nodes: [] }], otherwise: [approval('vote', registrars)] },
  approval('last', { ...head, mode: 'all', again: 'once' }),
] }

type Office = Awaited<ReturnType<typeof openOffice>>

test('After any run of everything that can be done, the rows say what the history says', async t => {
  const office = await openOffice(t)
  const { approvals, database: { db, write }, clock } = office
  let seed = 20261121
  const random = (below: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below
  const done = new Map<string, number>()
  for (let round = 0; round < 12; round++) {
    const { instance_id } = await office.start(flow, 'zhou', `application-${round}`)
    for (let step = 0; step < 25; step++) {
      clock.advance(60_000)
      const now = (await approvals.instanceOf(db, instance_id))?.flow ?? flow
      const state = advance(now, await approvals.historyOf(db, instance_id))
      if (state.ended_at !== null) break
      const possible: Entry[] = state.status === 'returned' ? [{ kind: 'resubmitted', at: 0 }] : state.suspended ? [{ kind: 'resumed', at: 0, by: '', by_name: '' }] : random(9) === 0 ? [{ kind: 'moved', at: 0, by: '', by_name: '', from: now }] : everything(now, state, random(1000))
      // Ends are rare, or nothing else would happen.
      const usual = possible.filter(entry => random(12) === 0 || !(['withdrawn', 'ended'].includes(entry.kind) || (entry.kind === 'decided' && entry.decision === 'reject')))
      const entry = (usual.length > 0 ? usual : possible)[random(Math.max(1, usual.length))]
      assert(entry)
      await write(tx => doIt(office, tx, instance_id, entry, ['limin', 'chen', 'wang', 'zhao', 'sun'][random(5)] ?? 'sun')).then(
        () => done.set(entry.kind, (done.get(entry.kind) ?? 0) + 1), (error: unknown) => assert(error instanceof AppError, String(error)))
      await assertShadow(office, instance_id)
    }
  }
  assert(done.has('moved') && done.size >= 14, `only these were done: ${[...done.keys()].join()}`)
})

async function doIt({ approvals, verbs }: Office, tx: Parameters<Office['approvals']['decide']>[0], instance_id: string, entry: Entry, somebody: string): Promise<unknown> {
  const by = actor('by' in entry && entry.by !== 'admin' && entry.by ? entry.by : 'sun')
  const passing = 'task' in entry ? { task_id: entry.task, to: [somebody], comment: '请看' } : { task_id: '', to: [], comment: '' }
  const about = { instance_id, reason: '管理需要' }
  switch (entry.kind) {
    case 'decided': return approvals.decide(tx, by, { task_id: entry.task, decision: entry.decision, comment: '好' })
    case 'returned': return approvals.decide(tx, by, { task_id: entry.task, decision: 'return', comment: '改', to: entry.to, straight: entry.straight === true })
    case 'replied': return approvals.decide(tx, by, { task_id: entry.task, decision: 'reply', comment: '可以' })
    case 'transferred': return approvals.transfer(tx, by, passing)
    case 'delegated': return approvals.delegate(tx, by, passing)
    case 'consulted': return approvals.consult(tx, by, passing)
    case 'signers-added': return approvals.addSigners(tx, by, { ...passing, place: entry.place, mode: entry.mode })
    case 'signer-removed': return approvals.removeSigner(tx, by, { instance_id, seat: entry.seat })
    case 'claimed': return approvals.claim(tx, by, { task_id: entry.task })
    case 'given-back': return approvals.giveBack(tx, by, { task_id: entry.task })
    case 'taken-back': return approvals.takeBack(tx, by, { task_id: entry.task })
    case 'resubmitted': return approvals.resubmit(tx, actor('zhou'), { instance_id, title: '在读证明', summary: [], form: { purpose: '签证' } })
    case 'withdrawn': return approvals.withdraw(tx, actor('zhou'), { instance_id })
    case 'urged': return approvals.urge(tx, actor('zhou'), { instance_id })
    case 'reassigned': return approvals.reassign(tx, actor('sun'), { task_id: entry.task, to: somebody, reason: '管理需要' })
    case 'jumped': return approvals.jump(tx, actor('sun'), { ...about, to: entry.to })
    case 'ended': return approvals.end(tx, actor('sun'), about)
    case 'suspended': return approvals.suspend(tx, actor('sun'), about)
    case 'resumed': return approvals.resume(tx, actor('sun'), about)
    case 'moved': return approvals.changeFlow(tx, actor('sun'), { ...about, flow: entry.from.nodes.length === flow.nodes.length ? renewed : flow, whom: 'v1 → v2', title: '在读证明', summary: [], form: { purpose: '签证' } })
    case 'elapsed': case 'reminded': case 'overdue': return tickNode(verbs, tx, { instance_id, node: entry.node })
    case 'called': return recordCall(verbs, tx, { instance_id, node: entry.node }, { ...entry, values: {}, error: null, name: 'erp', attempt: 1, ms: 5, body: '', again: false })
    default: throw new Error(`${entry.kind} is no act`)
  }
}

async function assertShadow({ approvals, database: { db } }: Office, instance_id: string): Promise<void> {
  const instance = await approvals.instanceOf(db, instance_id)
  assert(instance)
  const state = advance(instance.flow, await approvals.historyOf(db, instance_id))
  const nodes = await approvals.nodesOf(db, instance_id)
  assert.deepEqual([instance.status, instance.ended_at, instance.suspended_at !== null], [state.status, state.ended_at, state.suspended])
  assert.deepEqual(nodes.map(({ number, step, status, note, started_at, ended_at }) => ({ number, step, status, note, started_at, ended_at })), state.nodes)
  const rows = nodes.flatMap(node => node.tasks.map(task => [task.id, node.number, task.person_id, task.wants, task.status, task.ended_at, task.ended_as]))
  const byId = (a: readonly unknown[], b: readonly unknown[]) => String(a[0]) < String(b[0]) ? -1 : 1
  assert.deepEqual(rows.toSorted(byId), state.tasks.map(task => [task.id, task.node, task.person_id, task.wants, task.status, task.ending?.at ?? null, task.ending?.as ?? null]).toSorted(byId))
  const said = await db.selectFrom('approvals_tasks').select(['node_id', 'label', 'due_at']).where('instance_id', '=', instance_id).execute()
  const byRow = new Map(nodes.map(({ id, label, due_at }) => [id, { node_id: id, label, due_at }]))
  assert.deepEqual(said, said.map(task => byRow.get(task.node_id)), 'a task says of its step what the step says')
  assert.equal((await approvals.copiesOf(db, instance_id)).length, state.copied.length)
}

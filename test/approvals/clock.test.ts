import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { ApprovalsDeps, Flow } from '../../src/features/approvals/index.ts'
import { createEmbeddedDispatcher } from '../../src/platform/dispatch-embedded.ts'
import { AppError } from '../../src/platform/errors.ts'
import { createRunner } from '../../src/platform/run-jobs.ts'
import { quietLog } from '../support/database.ts'
import { approval } from './entries.ts'
import { actor, openOffice } from './office.ts'

const HOUR = 3_600_000
const tutor = (limit: NonNullable<ReturnType<typeof approval>['limit']>) => approval('tutor', { label: '辅导员审核', approver: { rule: 'tutor' }, limit })
const head = approval('head', { approver: { rule: 'department-head' } })

/** It is Monday, 10:00; hours are 8:30–12:00 and 14:00–17:30. */
async function open(t: TestContext, flow: Flow, connections?: Pick<ApprovalsDeps['connections'], 'call'>) {
  const it = await openOffice(t, { connections })
  const { approvals, clock, database } = it
  const dispatcher = createEmbeddedDispatcher({ database, runner: createRunner({ database, works: approvals.jobs ?? [], clock, log: quietLog }), log: quietLog })
  const { instance_id } = await it.start(flow)
  const after = async (ms: number) => { clock.advance(ms); await dispatcher.drain() }
  const nodes = async () => (await approvals.nodesOf(database.db, instance_id)).map(node => `${node.step} ${node.status}${node.note ? ` ${node.note}` : ''}`)
  const acts = async () => (await approvals.remarksOf(database.db, instance_id)).map(one => one.act)
  return { ...it, instance_id, after, nodes, acts, drain: () => dispatcher.drain() }
}

test('A limit counts working time: reminders, then the node is passed and the history says so', async t => {
  const it = await open(t, { nodes: [tutor({ minutes: 120, remind: { every: 60, times: 2 }, over: 'approve' }), head] })
  const [node] = await it.approvals.nodesOf(it.database.db, it.instance_id)
  assert.equal(node?.due_at, it.clock.now() + 2 * HOUR, '12:00')
  await it.after(HOUR)
  assert.deepEqual(await it.acts(), [])
  await it.after(HOUR)
  assert.deepEqual(await it.acts(), ['remind'])
  assert.deepEqual([it.told.at(-1)?.to, it.told.at(-1)?.title], ['limin', '已到办理时限：周青的在读证明'])
  await it.after(2 * HOUR)
  assert.deepEqual(await it.acts(), ['remind'], 'it is 14:00: nobody works at noon')
  await it.after(HOUR)
  await it.after(HOUR)
  assert.deepEqual([await it.acts(), await it.nodes()], [['remind', 'remind', 'overdue-approve'], ['tutor passed overdue', 'head open']])
})

test('What nobody looked at for days, the server being off, is reminded of and passed when it is back', async t => {
  const it = await open(t, { nodes: [tutor({ minutes: 60, remind: { every: 60, times: 1 }, over: 'approve' })] })
  await it.after(48 * HOUR)
  assert.deepEqual([await it.acts(), await it.nodes()], [['remind', 'overdue-approve'], ['tutor passed overdue']])
})

test('At the limit others act, or the instance is rejected', async t => {
  const moved = await open(t, { nodes: [tutor({ minutes: 60, over: { to: { rule: 'department-head' } } })] })
  await moved.after(HOUR)
  assert.deepEqual([(await moved.open('limin')).length, (await moved.open('chen'))[0]?.reason, await moved.nodes()], [0, 'overdue', ['tutor open']])
  await moved.after(10 * HOUR)
  assert.deepEqual(await moved.nodes(), ['tutor open'], 'once is enough')
  const refused = await open(t, { nodes: [tutor({ minutes: 60, clock: 'clock', over: 'reject' })] })
  await refused.after(HOUR)
  assert.deepEqual(await refused.nodes(), ['tutor rejected overdue'])
  assert.equal((await refused.approvals.instanceOf(refused.database.db, refused.instance_id))?.status, 'rejected')
})

test('The clock stands still while the instance is suspended and while it rests with the applicant', async t => {
  const it = await open(t, { nodes: [tutor({ minutes: 60, over: 'approve' })] })
  const admin = { instance_id: it.instance_id, reason: '核实' }
  await it.after(HOUR / 2)
  await it.database.write(tx => it.approvals.suspend(tx, actor('sun'), admin))
  await it.after(HOUR)
  assert.deepEqual(await it.nodes(), ['tutor open'])
  await it.database.write(tx => it.approvals.resume(tx, actor('sun'), admin))
  await it.drain()
  assert.deepEqual(await it.nodes(), ['tutor open'], 'half an hour is left')
  await it.decide((await it.open('limin'))[0]?.id ?? '', 'limin', 'return')
  await it.after(22 * HOUR)
  assert.deepEqual(await it.nodes(), ['tutor returned'])
  await it.resubmit(it.instance_id)
  await it.after(HOUR / 2)
  assert.deepEqual(await it.nodes(), ['tutor returned', 'tutor open'])
  await it.after(HOUR / 2)
  assert.deepEqual(await it.nodes(), ['tutor returned', 'tutor passed overdue'])
})

test('A job that comes late, twice or for what is over does nothing', async t => {
  const it = await open(t, { nodes: [tutor({ minutes: 60, over: 'approve' }), head] })
  await it.decide((await it.open('limin'))[0]?.id ?? '', 'limin', 'approve')
  await it.after(50 * HOUR)
  assert.deepEqual(await it.nodes(), ['tutor passed', 'head open'])
})

test('A delay waits and goes on by itself', async t => {
  const it = await open(t, { nodes: [{ id: 'wait', kind: 'delay', label: '公示', minutes: 90, clock: 'clock' }, head] })
  await it.after(HOUR)
  assert.deepEqual(await it.nodes(), ['wait open'])
  await it.after(HOUR / 2)
  assert.deepEqual(await it.nodes(), ['wait passed', 'head open'])
})

test('A delay until a day of the form ends on that day, of a range on its last; a suspension does not lengthen it', async t => {
  const it = await open(t, { nodes: [
    { id: 'mark', kind: 'trigger', label: '登记', does: { set: { day: '2026-11-18' } } }, { id: 'wait', kind: 'delay', label: '等待返校', until: { field: 'day', time: '17:00' } }, head,
  ] })
  const [, node] = await it.approvals.nodesOf(it.database.db, it.instance_id)
  assert.equal(node?.due_at, Date.parse('2026-11-18T17:00+08:00'), 'the page may say until when')
  await it.after(Date.parse('2026-11-17T09:00+08:00') - it.clock.now())
  const admin = { instance_id: it.instance_id, reason: '核实' }
  await it.database.write(tx => it.approvals.suspend(tx, actor('sun'), admin))
  await it.after(24 * HOUR)
  await it.database.write(tx => it.approvals.resume(tx, actor('sun'), admin))
  await it.drain()
  assert.deepEqual(await it.nodes(), ['mark passed', 'wait open'])
  await it.after(Date.parse('2026-11-18T17:00+08:00') - it.clock.now())
  assert.deepEqual(await it.nodes(), ['mark passed', 'wait passed', 'head open'])
})

test('A delay until a day that is over, or that nobody named, goes on at once', async t => {
  for (const day of ['2026-11-02', 'some day', null]) {
    const it = await open(t, { nodes: [{ id: 'mark', kind: 'trigger', label: '登记', does: { set: { day } } }, { id: 'wait', kind: 'delay', label: '等待', until: { field: 'day' } }, head] })
    assert.deepEqual(await it.nodes(), ['mark passed', 'wait passed', 'head open'], String(day))
  }
})

test('A trigger calls by a job, with what it may send, and the answer is recorded; without a good one the flow says what then', async t => {
  const called: unknown[] = []
  let status = 400
  const connections = { call: async (name: string, { values }: { values: unknown }) => { called.push([name, values]); return { status, body: '' } } }
  const call = (failed: 'reject' | 'pass'): Flow => ({ nodes: [{ id: 'push', kind: 'trigger', label: '推送', does: { call: 'erp', send: ['purpose', 'secret'] }, failed }, head] })
  const bad = await open(t, call('reject'), connections)
  await bad.drain()
  assert.deepEqual([called, await bad.nodes(), await bad.acts()], [[['erp', { purpose: '签证' }]], ['push rejected failed'], ['call-failed']])
  status = 204
  const good = await open(t, call('reject'), connections)
  await good.drain()
  assert.deepEqual([await good.nodes(), await good.acts()], [['push passed', 'head open'], ['called']])
  const none = await open(t, call('pass'), { call: async () => { throw new AppError('not-found', '没有这个连接') } })
  await none.drain()
  assert.deepEqual(await none.nodes(), ['push passed failed', 'head open'])
})

test('A step fills in the form, and the condition after it reads what was filled in', async t => {
  const when = { field: 'level', is: 'high' }
  const it = await open(t, { nodes: [
    { id: 'mark', kind: 'trigger', label: '标记', does: { set: { level: 'high' } } },
    { id: 'if', kind: 'condition', label: '分级', branches: [{ label: '高', when, nodes: [head] }], otherwise: [tutor({ minutes: 60 })] },
    { id: 'loop', kind: 'route', label: '复核', to: 'if', when, most: 2 },
  ] })
  for (let round = 0; round < 3; round++) await it.decide((await it.open('chen'))[0]?.id ?? '', 'chen', 'approve')
  assert.equal((await it.approvals.instanceOf(it.database.db, it.instance_id))?.status, 'approved', 'the loop has an end')
})

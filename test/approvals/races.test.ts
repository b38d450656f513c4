import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type Flow, instanceApproved } from '../../src/features/approvals/index.ts'
import { advance } from '../../src/features/approvals/rules/advance.ts'
import { tickNode } from '../../src/features/approvals/verbs/tick.ts'
import { AppError } from '../../src/platform/errors.ts'
import { defineReaction } from '../../src/platform/events.ts'
import { approval } from './entries.ts'
import { actor, openOffice } from './office.ts'

const registrars = { label: '教务处审核', approver: { rule: 'role', params: { role: 'registrar' } } }
const last = approval('last', { approver: { rule: 'department-head' } })

/** Everything that was tried at once: what worked, and what the others were told. */
async function atOnce(attempts: Promise<unknown>[]): Promise<{ worked: number; told: string[] }> {
  const results = await Promise.allSettled(attempts)
  const told = results.flatMap(result => {
    if (result.status === 'fulfilled') return []
    assert(result.reason instanceof AppError, String(result.reason))
    return [`${result.reason.kind}: ${result.reason.message}`]
  })
  return { worked: results.length - told.length, told }
}

test('Of two or-sign approvers at once one decides, and the other is told by whom', async t => {
  const office = await openOffice(t)
  for (let round = 1; round <= 10; round++) {
    const { instance_id } = await office.start({ nodes: [approval('office', registrars), last] }, 'zhou', `application-${round}`)
    const [wangs, zhaos] = [(await office.open('wang'))[0]?.id ?? '', (await office.open('zhao'))[0]?.id ?? '']
    const { worked, told } = await atOnce([office.decide(wangs, 'wang', 'approve'), office.decide(zhaos, 'zhao', 'approve')])
    assert.deepEqual([worked, told], [1, ['conflict: 已由{name}同意']])
    assert.equal((await office.approvals.decisionsOf(office.database.db, instance_id)).length, 1)
  }
  assert.equal((await office.open('chen')).length, 10, 'the next node began once each time')
})

test('会签 approvers at once all count, and the node is passed once', async t => {
  const office = await openOffice(t)
  office.world.registrars = ['wang', 'zhao', 'limin', 'sun']
  const { instance_id } = await office.start({ nodes: [approval('office', { ...registrars, mode: 'all' }), last] })
  const tasks = await Promise.all(office.world.registrars.map(async by => ({ by, id: (await office.open(by))[0]?.id ?? '' })))
  assert.equal((await atOnce(tasks.map(({ by, id }) => office.decide(id, by, 'approve')))).worked, 4)
  assert.equal((await office.open('chen')).length, 1)
  const instance = await office.approvals.instanceOf(office.database.db, instance_id)
  assert.equal(instance?.version, 5, 'each decision took its turn')
})

test('One person pressing twice decides once', async t => {
  const office = await openOffice(t)
  await office.start({ nodes: [approval('tutor', { approver: { rule: 'tutor' } })] })
  const id = (await office.open('limin'))[0]?.id ?? ''
  const { worked, told } = await atOnce([1, 2, 3, 4].map(() => office.decide(id, 'limin', 'approve')))
  assert.equal(worked, 1)
  assert.deepEqual(new Set(told), new Set(['conflict: 已经同意过，不必再次办理']))
})

test('A decision and a withdrawal at once: one of them happens, and the other is told', async t => {
  const office = await openOffice(t)
  for (let round = 1; round <= 10; round++) {
    const { instance_id } = await office.start({ nodes: [approval('tutor', { approver: { rule: 'tutor' } })] }, 'zhou', `application-${round}`)
    const id = (await office.open('limin'))[0]?.id ?? ''
    const { worked, told } = await atOnce([office.withdraw(instance_id), office.decide(id, 'limin', 'approve')])
    assert.equal(worked, 1)
    const status = (await office.approvals.instanceOf(office.database.db, instance_id))?.status
    assert.deepEqual(told, [status === 'withdrawn' ? 'conflict: 申请人已撤回' : 'conflict: 申请已经批准，不能撤回'])
  }
})

test('Where the owner cannot follow, nothing has happened', async t => {
  let willing = false
  const owner = defineReaction(instanceApproved, async (_tx, data) => {
    if (!willing) throw new AppError('conflict', `${data.kind} ${data.subject} 还不能办结`)
  })
  const office = await openOffice(t, { reactions: [owner] })
  const { instance_id } = await office.start({ nodes: [approval('tutor', { approver: { rule: 'tutor' } })] })
  const id = (await office.open('limin'))[0]?.id ?? ''
  const { told } = await atOnce([office.decide(id, 'limin', 'approve')])
  assert.deepEqual(told, ['conflict: services.application application-1 还不能办结'])
  const { db } = office.database
  assert.deepEqual(await office.approvals.decisionsOf(db, instance_id), [])
  assert.equal((await office.approvals.historyOf(db, instance_id)).length, 2)
  willing = true
  assert.equal((await office.decide(id, 'limin', 'approve')).status, 'approved')
})

test('After any run of random acts, some at once, the rows say what the history says', async t => {
  const office = await openOffice(t)
  const { db } = office.database
  let seed = 20261121
  const random = (below: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below
  const flow = { nodes: [approval('tutor', { approver: { rule: 'tutor' } }), approval('office', { ...registrars, mode: 'all' }), last] }
  for (let round = 0; round < 6; round++) {
    const { instance_id } = await office.start(flow, 'zhou', `application-${round}`)
    for (let step = 0; step < 8; step++) {
      const tasks = (await office.approvals.nodesOf(db, instance_id)).flatMap(node => node.tasks)
      const decisions = tasks.filter(() => random(2) === 0).map(task => office.decide(task.id, task.person_id, (['approve', 'approve', 'return', 'approve', 'reject'] as const)[random(5)] ?? 'approve'))
      await atOnce([...decisions, ...(random(12) === 0 ? [office.withdraw(instance_id)] : []), ...(random(2) === 0 ? [office.resubmit(instance_id)] : [])])
      await assertShadow(office, instance_id)
    }
  }
})

async function assertShadow({ approvals, database: { db } }: Awaited<ReturnType<typeof openOffice>>, instance_id: string): Promise<void> {
  const instance = await approvals.instanceOf(db, instance_id)
  assert(instance)
  const state = advance(instance.flow, await approvals.historyOf(db, instance_id))
  const nodes = await approvals.nodesOf(db, instance_id)
  assert.deepEqual([instance.status, instance.ended_at], [state.status, state.ended_at])
  assert.deepEqual(nodes.map(({ number, step, status, note, started_at, ended_at }) => ({ number, step, status, note, started_at, ended_at })), state.nodes)
  const rows = nodes.flatMap(node => node.tasks.map(task => [task.id, node.number, task.person_id, task.status, task.ended_at, task.ended_as]))
  assert.deepEqual(rows, state.tasks.map(task => [task.id, task.node, task.person_id, task.status, task.ending?.at ?? null, task.ending?.as ?? null]))
  assert.equal((await approvals.decisionsOf(db, instance_id)).length, state.tasks.filter(task => task.status === 'done' && task.ending?.as !== 'transfer').length)
}

const limited = approval('tutor', { approver: { rule: 'tutor' }, limit: { minutes: 60, clock: 'clock', over: 'reject' } })

/** Rounds of two things at once on one open task of 李敏's; each round has one winner, and the rows say what the history says. */
async function rounds(t: TestContext, flow: Flow, rival: (office: Awaited<ReturnType<typeof openOffice>>, of: { instance_id: string; task_id: string }) => Promise<unknown>, told: RegExp): Promise<void> {
  const office = await openOffice(t)
  for (let round = 1; round <= 10; round++) {
    const { instance_id } = await office.start(flow, 'zhou', `application-${round}`)
    const task_id = (await office.open('limin'))[0]?.id ?? ''
    office.clock.advance(3_600_000)
    const decide = () => office.decide(task_id, 'limin', 'approve')
    const other = () => rival(office, { instance_id, task_id })
    const results = await atOnce(round % 2 === 0 ? [decide(), other()] : [other(), decide()])
    for (const sentence of results.told) assert.match(sentence, told)
    await assertShadow(office, instance_id)
    const tasks = (await office.approvals.nodesOf(office.database.db, instance_id)).flatMap(node => node.tasks)
    assert.notEqual(tasks.find(task => task.id === task_id)?.status, 'open')
  }
}

test('A decision and a transfer at once: the person does one of them', async t => {
  await rounds(t, { nodes: [approval('tutor', { approver: { rule: 'tutor' } }), last] }, ({ approvals, database }, { task_id }) =>
    database.write(tx => approvals.transfer(tx, actor('limin'), { task_id, to: ['wang'] })), /已经转交|已经同意/)
})

test('A decision and the end of its time at once: either the person was in time, or was not', async t => {
  await rounds(t, { nodes: [limited, last] }, ({ verbs, database }, { instance_id }) => database.write(tx => tickNode(verbs, tx, { instance_id, node: 1 })), /已超过办理时限/)
})

test('A decision and an administrator who ends it, takes it away or moves it at once: one comes first, and the other is told', async t => {
  const flow: Flow = { nodes: [approval('tutor', { approver: { rule: 'tutor' } }), last] }
  const reason = '管理需要'
  await t.test('ends', each => rounds(each, flow, ({ approvals, database }, { instance_id }) => database.write(tx => approvals.end(tx, actor('sun'), { instance_id, reason })), /已终止审批/))
  await t.test('reassigns', each => rounds(each, flow, ({ approvals, database }, { task_id }) => database.write(tx => approvals.reassign(tx, actor('sun'), { task_id, to: 'wang', reason })), /已改派|已经办理/))
  await t.test('moves', each => rounds(each, flow, ({ approvals, database }, { instance_id }) => database.write(tx => approvals.changeFlow(tx, actor('sun'), {
    instance_id, reason, flow: { nodes: [approval('office', registrars), last] }, whom: 'v1 → v2', title: '在读证明', summary: [], form: {},
  })), /迁移到其他版本/))
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Flow } from '../../src/features/approvals/index.ts'
import { eventsOf } from '../../src/platform/events.ts'
import { approval } from './entries.ts'
import { openOffice, refusalOf } from './office.ts'

const flow: Flow = { nodes: [
  approval('tutor', { label: '辅导员审核', approver: { rule: 'tutor' } }),
  approval('office', { label: '教务处审核', approver: { rule: 'role', params: { role: 'registrar' } } }),
] }

test('An application goes from the tutor to the registrars and is approved', async t => {
  const office = await openOffice(t)
  const { instance_id } = await office.start(flow)
  const [first] = await office.open('limin')
  assert.deepEqual([first?.label, first?.title, first?.applicant_name, first?.rule, first?.reason], ['辅导员审核', '在读证明', '周青', 'tutor', 'rule'])
  assert.equal((await office.open('wang')).length, 0)

  await office.decide(first?.id ?? '', 'limin', 'approve', '情况属实')
  assert.equal((await office.open('limin')).length, 0)
  const [wangs] = await office.open('wang')
  const [zhaos] = await office.open('zhao')
  const { status } = await office.decide(wangs?.id ?? '', 'wang', 'approve')
  assert.equal(status, 'approved')
  assert.equal((await office.open('zhao')).length, 0)

  const { db } = office.database
  assert.deepEqual((await office.approvals.decisionsOf(db, instance_id)).map(one => [one.label, one.person_name, one.decision, one.comment, one.via]), [
    ['辅导员审核', '李敏', 'approve', '情况属实', 'page'], ['教务处审核', '王伟', 'approve', '', 'page'],
  ])
  assert.deepEqual((await eventsOf(db, 'application-1')).map(event => `${event.name} ${event.actor_id}`), [
    'approvals.task-opened zhou',
    'approvals.decided limin', 'approvals.task-closed limin', 'approvals.task-opened limin', 'approvals.task-opened limin',
    'approvals.decided wang', 'approvals.task-closed wang', 'approvals.task-closed wang', 'approvals.instance-approved wang',
  ])
  assert.equal((await office.approvals.instanceOf(db, instance_id))?.ended_at, office.clock.now())
  assert.equal(await refusalOf(office.decide(zhaos?.id ?? '', 'zhao', 'approve')), 'conflict: 已由王伟同意')
  assert.equal(await refusalOf(office.decide(wangs?.id ?? '', 'wang', 'approve')), 'conflict: 已经同意过，不必再次办理')
  assert.equal(await refusalOf(office.withdraw(instance_id)), 'conflict: 申请已经批准，不能撤回')
})

test('Whoever holds the task gets a card, and when it is over every card says who decided and when', async t => {
  const office = await openOffice(t)
  await office.start(flow)
  const [first] = await office.open('limin')
  assert.deepEqual(office.told[0], {
    to: 'limin', kind: 'approvals.task', title: '周青的在读证明等待审批', subject: 'application-1', url: `/applications/application-1?task=${first?.id}`,
    lines: [{ label: '环节', value: '辅导员审核' }, { label: '用途', value: '签证' }],
    card: { task_id: `task-${first?.id}`, over: '周青的在读证明', buttons: [{ key: 'approve', text: '同意', style: 1 }] },
  })
  await office.decide(first?.id ?? '', 'limin', 'approve', '情况属实')
  assert.deepEqual(office.cards.get(`task-${first?.id}`), ['李敏 已同意 · 11月16日 10:00'])
  assert.deepEqual(office.told.slice(1).map(message => message.to), ['wang', 'zhao', 'zhou'])
  assert.deepEqual(office.told.at(-1), {
    to: 'zhou', kind: 'approvals.progress', title: '在读证明：辅导员审核已通过', subject: 'application-1', url: '/applications/application-1',
    lines: [{ label: '办理人', value: '李敏' }, { label: '意见', value: '情况属实' }, { label: '下一环节', value: '教务处审核（王伟、赵静）' }],
  })
  const [wangs] = await office.open('wang')
  const [zhaos] = await office.open('zhao')
  await office.decide(zhaos?.id ?? '', 'zhao', 'reject', '学籍已变动')
  for (const task of [wangs, zhaos]) assert.deepEqual(office.cards.get(`task-${task?.id}`), ['赵静 已驳回 · 11月16日 10:00'])
  const last = office.told.at(-1)
  assert.deepEqual([last?.to, last?.title, last?.lines], ['zhou', '在读证明已被驳回', [{ label: '办理人', value: '赵静' }, { label: '理由', value: '学籍已变动' }]])
})

test('A returned application is corrected, sent again and walked from its beginning', async t => {
  const office = await openOffice(t)
  const { instance_id } = await office.start(flow)
  await office.decide((await office.open('limin'))[0]?.id ?? '', 'limin', 'approve')
  await office.decide((await office.open('wang'))[0]?.id ?? '', 'wang', 'return', '用途请写明国家')
  assert.equal((await office.open('zhao')).length, 0)
  assert.equal(office.told.at(-1)?.title, '在读证明已退回，请修改后重新提交')
  assert.equal(await refusalOf(office.resubmit(instance_id, 'limin')), 'forbidden: 只有申请人可以重新提交')

  assert.equal((await office.resubmit(instance_id)).status, 'running')
  assert.equal(await refusalOf(office.resubmit(instance_id)), 'conflict: 申请正在审批，不必重新提交')
  const instance = await office.approvals.instanceOf(office.database.db, instance_id)
  assert.deepEqual([instance?.form, instance?.summary], [{ purpose: '留学' }, [{ label: '用途', value: '留学' }]])
  await office.decide((await office.open('limin'))[0]?.id ?? '', 'limin', 'approve')
  assert.equal((await office.decide((await office.open('zhao'))[0]?.id ?? '', 'zhao', 'approve')).status, 'approved')
  const { nodes } = await office.approvals.pictureOf(office.database.db, instance_id)
  assert.deepEqual(nodes.map(node => `${node.number} ${node.label} ${node.status}`), ['1 辅导员审核 passed', '2 教务处审核 returned', '3 辅导员审核 passed', '4 教务处审核 passed'])
})

test('A withdrawn application can no longer be decided, and its cards say so', async t => {
  const office = await openOffice(t)
  const { instance_id } = await office.start(flow)
  const [first] = await office.open('limin')
  assert.equal(await refusalOf(office.withdraw(instance_id, 'wang')), 'forbidden: 只有申请人可以撤回')
  await office.withdraw(instance_id)
  assert.equal(await refusalOf(office.decide(first?.id ?? '', 'limin', 'approve')), 'conflict: 申请人已撤回')
  assert.equal(await refusalOf(office.withdraw(instance_id)), 'conflict: 申请已经撤回')
  assert.deepEqual(office.cards.get(`task-${first?.id}`), ['申请人已撤回 · 11月16日 10:00'])
  assert.equal(office.told.length, 1, 'the applicant is not told of an own act')
})

test('Urging tells whoever holds it, once an hour', async t => {
  const office = await openOffice(t)
  const { instance_id } = await office.start(flow)
  await office.urge(instance_id)
  assert.deepEqual([office.told.at(-1)?.to, office.told.at(-1)?.title, office.told.at(-1)?.card], ['limin', '周青催办：在读证明', undefined])
  office.clock.advance(20 * 60_000)
  assert.equal(await refusalOf(office.urge(instance_id)), 'conflict: 刚刚催办过，40 分钟后可以再次催办')
  const refusals = await office.approvals.refusalsOf(office.database.db, instance_id, 'zhou', office.clock.now())
  assert.deepEqual([refusals?.withdraw, refusals?.resubmit?.kind, refusals?.urge?.params], [null, 'conflict', { minutes: 40 }])
  office.clock.advance(40 * 60_000)
  await office.urge(instance_id)
  assert.equal(await refusalOf(office.urge(instance_id, 'limin')), 'forbidden: 只有申请人可以催办')
})

test('Rejecting and returning want a reason, and no opinion is a novel', async t => {
  const office = await openOffice(t)
  await office.start(flow)
  const id = (await office.open('limin'))[0]?.id ?? ''
  assert.equal(await refusalOf(office.decide(id, 'limin', 'reject', '  ')), 'invalid: 请填写驳回的理由')
  assert.equal(await refusalOf(office.decide(id, 'limin', 'return', '')), 'invalid: 请写明需要修改什么')
  assert.equal(await refusalOf(office.decide(id, 'limin', 'approve', '好'.repeat(501))), 'invalid: 意见不能超过 500 个字')
  assert.equal((await office.decide(id, 'limin', 'approve', '好'.repeat(500))).status, 'running')
})

test("Another person's task and one that does not exist are refused", async t => {
  const office = await openOffice(t)
  await office.start(flow)
  const id = (await office.open('limin'))[0]?.id ?? ''
  assert.equal(await refusalOf(office.decide(id, 'wang', 'approve')), 'forbidden: 这项待办由李敏办理')
  assert.equal(await refusalOf(office.decide('nothing', 'wang', 'approve')), 'not-found: 没有找到这项审批')
  assert.equal(await refusalOf(office.withdraw('nothing')), 'not-found: 没有找到这项审批')
})

test('The picture shows who holds it and what lies ahead', async t => {
  const office = await openOffice(t)
  const { instance_id } = await office.start(flow)
  const { nodes, ahead } = await office.approvals.pictureOf(office.database.db, instance_id)
  assert.deepEqual(nodes.map(node => [node.label, node.status, node.tasks.map(task => [task.person_name, task.status, task.created_at])]),
    [['辅导员审核', 'open', [['李敏', 'open', office.clock.now()]]]])
  assert.deepEqual(ahead, [{ id: 'office', kind: 'approval', label: '教务处审核' }])
})

test('待办 and 已办 are paged from the newest and counted', async t => {
  const office = await openOffice(t)
  const { db } = office.database
  for (const n of [1, 2, 3, 4, 5]) await office.start({ nodes: flow.nodes.slice(0, 1) }, 'zhou', `application-${n}`)
  const { openTasksOf, doneTasksOf, countsOf } = office.approvals
  const first = await openTasksOf(db, 'limin', { limit: 2 })
  const second = await openTasksOf(db, 'limin', { limit: 9, before: first[1]?.id })
  assert.deepEqual([...first, ...second].map(task => task.subject), ['application-5', 'application-4', 'application-3', 'application-2', 'application-1'])
  for (const task of [first[1], ...second]) await office.decide(task?.id ?? '', 'limin', 'approve')
  const done = await doneTasksOf(db, 'limin', { limit: 2 })
  const cursor = done[1]
  const rest = await doneTasksOf(db, 'limin', { limit: 9, before: cursor && { ended_at: cursor.ended_at ?? 0, id: cursor.id } })
  assert.deepEqual([...done, ...rest].map(task => task.subject), ['application-4', 'application-3', 'application-2', 'application-1'])
  assert.deepEqual(await countsOf(db, 'limin'), { open: 1, done: 4 })
  assert.deepEqual(await countsOf(db, 'zhou'), { open: 0, done: 0 })
})

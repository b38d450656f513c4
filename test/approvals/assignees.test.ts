import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textIn } from '../../src/platform/text.ts'
import { approval, parallel } from './entries.ts'
import { openOffice, refusalOf } from './office.ts'

const tutor = approval('tutor', { label: '辅导员审核', approver: { rule: 'tutor' } })
const office = approval('office', { label: '教务处审核', approver: { rule: 'role', params: { role: 'registrar' } } })

test('Where a rule finds nobody the administrators stand in, and the card says so', async t => {
  const it = await openOffice(t)
  it.world.tutors = {}
  await it.start({ nodes: [tutor, office] })
  const [task] = await it.open('sun')
  assert.deepEqual([task?.label, task?.rule, task?.reason], ['辅导员审核', 'tutor', 'nobody'])
  assert.deepEqual(it.told[0]?.lines[1], { label: '说明', value: '没有找到办理人，由管理员办理' })
  assert.ok(task)
  assert.equal(it.approvals.whyText(textIn('zh'), task), '没有找到办理人，由管理员办理')
  assert.equal(it.approvals.whyText(textIn('zh'), { ...task, reason: 'rule' }), '申请人的辅导员')
})

test('Where even an administrator is missing nothing is lost: the act is refused and can be done later', async t => {
  const it = await openOffice(t)
  Object.assign(it.world, { registrars: [], admins: [] })
  await it.start({ nodes: [tutor, office] })
  const id = (await it.open('limin'))[0]?.id ?? ''
  assert.equal(await refusalOf(it.decide(id, 'limin', 'approve')), 'conflict: 环节“教务处审核”没有找到办理人，也没有管理员可以代办，请联系管理员')
  it.world.admins = ['sun']
  await it.decide(id, 'limin', 'approve')
  assert.equal((await it.open('sun')).length, 1)
})

test('A node may refuse where it finds nobody', async t => {
  const it = await openOffice(t)
  it.world.tutors = {}
  const { instance_id, status } = await it.start({ nodes: [{ ...tutor, nobody: 'refuse' }, office] })
  assert.equal(status, 'rejected')
  assert.deepEqual(it.told.map(message => `${message.to} ${message.title}`), ['zhou 在读证明已被驳回'])
  assert.deepEqual((await it.approvals.nodesOf(it.database.db, instance_id)).map(node => [node.status, node.note]), [['rejected', 'nobody']])
  assert.deepEqual(it.told[0]?.lines, [{ label: '理由', value: '辅导员审核：没有找到办理人' }])
})

test('Where it is refused for want of a person, whoever approved the step before is not named as refusing it', async t => {
  const it = await openOffice(t)
  it.world.tutors = {}
  const { instance_id } = await it.start({ nodes: [office, { ...tutor, nobody: 'refuse' }] })
  await it.decide((await it.open('wang'))[0]?.id ?? '', 'wang', 'approve')
  assert.equal((await it.approvals.instanceOf(it.database.db, instance_id))?.status, 'rejected')
  const told = it.told.findLast(message => message.to === 'zhou')
  assert.deepEqual([told?.title, told?.lines], ['在读证明已被驳回', [{ label: '理由', value: '辅导员审核：没有找到办理人' }]])
})

test('A node may be passed over where it finds nobody, and an applicant may be left out', async t => {
  const it = await openOffice(t)
  Object.assign(it.world, { tutors: {}, registrars: ['zhou'] })
  const { instance_id, status } = await it.start({ nodes: [{ ...tutor, nobody: 'pass' }, { ...office, self: 'skip' }] })
  assert.equal(status, 'approved')
  assert.deepEqual((await it.approvals.nodesOf(it.database.db, instance_id)).map(node => [node.status, node.note]), [['skipped', 'nobody'], ['skipped', 'self']])
  assert.deepEqual(it.told.map(message => message.title), ['在读证明已审批通过'])
})

test('Where the applicant is found and has no superior, the people whom the step names act, not the administrators', async t => {
  const it = await openOffice(t)
  Object.assign(it.world, { registrars: ['zhou'], leaders: {} })
  await it.start({ nodes: [{ ...office, self: 'leader', nobody: { numbers: ['T003'] } }] })
  assert.deepEqual([(await it.open('wang')).map(task => [task.label, task.reason]), (await it.open('sun')).length], [[['教务处审核', 'named']], 0])
})

test('By department, by number and by a role that covers the department', async t => {
  const it = await openOffice(t)
  Object.assign(it.world, { registrars: ['wang', 'chen'] })
  await it.start({ nodes: [parallel('both', [approval('head', { approver: { rule: 'department-head' } })], [approval('two', { approver: { rule: 'person', params: { numbers: ['T003', 'T404'] } } })],
    [approval('near', { approver: { rule: 'role', params: { role: 'registrar', within: 'unit' } } })])] })
  assert.deepEqual((await it.open('chen')).map(task => task.label).toSorted(), ['head', 'near'])
  assert.deepEqual((await it.open('wang')).map(task => task.label), ['two'])
})

test('Parallel branches are open side by side, and one refusal ends both', async t => {
  const it = await openOffice(t)
  const { instance_id } = await it.start({ nodes: [parallel('both', [tutor], [office]), approval('last', { approver: { rule: 'department-head' } })] })
  await it.decide((await it.open('wang'))[0]?.id ?? '', 'wang', 'approve')
  assert.equal((await it.open('chen')).length, 0)
  assert.deepEqual((await it.approvals.pictureOf(it.database.db, instance_id)).ahead.map(step => step.id), ['last'])
  const { status } = await it.decide((await it.open('limin'))[0]?.id ?? '', 'limin', 'reject')
  assert.equal(status, 'rejected')
  assert.deepEqual((await it.approvals.nodesOf(it.database.db, instance_id)).map(node => node.status), ['cancelled', 'rejected', 'passed'])
})

test('A parallel branch that refuses at once tells nobody of a task that is already over', async t => {
  const it = await openOffice(t)
  it.world.tutors = {}
  const { status } = await it.start({ nodes: [parallel('both', [office], [{ ...tutor, nobody: 'refuse' }])] })
  assert.equal(status, 'rejected')
  assert.deepEqual(it.told.map(message => message.to), ['zhou'])
  assert.equal((await it.open('wang')).length, 0)
})

test('A flow that names what does not exist starts nothing', async t => {
  const it = await openOffice(t)
  assert.equal(await refusalOf(it.start({ nodes: [approval('x', { approver: { rule: 'oracle' } })] })), 'invalid: 这个事项的审批流程有误，请联系管理员')
  assert.equal(await it.database.db.selectFrom('approvals_instances').select('id').executeTakeFirst(), undefined)
})

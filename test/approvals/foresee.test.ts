import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Flow, Forecast } from '../../src/features/approvals/index.ts'
import { textIn } from '../../src/platform/text.ts'
import { approval, parallel } from './entries.ts'
import { openOffice } from './office.ts'

const t = textIn('zh')
const applicant = { person_id: 'zhou', number: '20230001', name: '周青' }
const tutor = approval('tutor', { label: '辅导员审核', approver: { rule: 'tutor' } })
const office = approval('office', { label: '教务处审核', approver: { rule: 'role', params: { role: 'registrar' } } })
const head = approval('head', { label: '学院审核', approver: { rule: 'department-head' } })
const named = (...numbers: string[]) => approval('named', { label: '会签', mode: 'all', approver: { rule: 'person', params: { numbers } } })

const read = ({ steps, complete }: Forecast) => [...steps.map(step => `${step.label} ${step.outcome}${step.note ? ` ${step.note}` : ''}: ${step.people.map(person => `${person.name} ${person.why}`).join('、')}`), complete ? '办结' : '不办结']

const stories: [what: string, nodes: Flow['nodes'], world: object, expected: string[]][] = [
  ['one after another, each with the reason', [tutor, office, head], {}, ['辅导员审核 acts: 李敏 申请人的辅导员', '教务处审核 acts: 王伟 担任registrar、赵静 担任registrar', '学院审核 acts: 陈刚 计算机学院负责人', '办结']],
  ['all must approve', [named('T002', 'T003')], {}, ['会签 acts: 陈刚 指定的人员、王伟 指定的人员', '办结']],
  ['nobody is found: administrators', [tutor], { tutors: {} }, ['辅导员审核 acts: 孙洁 没有找到办理人，由管理员办理', '办结']],
  ['nobody is found: passed over', [{ ...tutor, nobody: 'pass' }, head], { tutors: {} }, ['辅导员审核 passed nobody: ', '学院审核 acts: 陈刚 计算机学院负责人', '办结']],
  ['nobody is found: rejected, and what follows is not reached', [{ ...tutor, nobody: 'refuse' }, head], { tutors: {} }, ['辅导员审核 rejected nobody: ', '不办结']],
  ['not even an administrator', [tutor, head], { tutors: {}, admins: [] }, ['辅导员审核 nobody: ', '不办结']],
  ['the applicant is left out', [{ ...office, self: 'skip' }, head], { registrars: ['zhou'] }, ['教务处审核 passed self: ', '学院审核 acts: 陈刚 计算机学院负责人', '办结']],
  ['the same person twice', [{ ...tutor, id: 'again', label: '再审' }, tutor], {}, ['再审 acts: 李敏 申请人的辅导员', '辅导员审核 acts: 李敏 申请人的辅导员', '办结']],
  ['side by side, in the order in which they open', [parallel('both', [tutor, head], [office])], {}, ['辅导员审核 acts: 李敏 申请人的辅导员', '教务处审核 acts: 王伟 担任registrar、赵静 担任registrar', '学院审核 acts: 陈刚 计算机学院负责人', '办结']],
  ['nothing to approve', [], {}, ['办结']],
]

for (const [what, nodes, world, expected] of stories) {
  test(`a forecast says what then happens and writes nothing: ${what}`, async context => {
    const it = await openOffice(context)
    Object.assign(it.world, world)
    const { db } = it.database
    const rows = async () => Promise.all((['approvals_instances', 'approvals_history', 'approvals_tasks', 'events', 'jobs'] as const).map(async table => (await db.selectFrom(table).select(({ fn }) => fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).n))
    const before = await rows()
    const forecast = await it.approvals.foresee(db, t, { flow: { nodes }, applicant, form: {} })
    assert.deepEqual(read(forecast), expected)
    assert.deepEqual(await rows(), before)
    assert.deepEqual(it.told, [])

    // The same people in the same steps when it is really sent and everyone approves.
    if (forecast.steps.some(step => step.outcome === 'nobody')) return
    const { instance_id } = await it.start({ nodes })
    const ids = ['limin', 'chen', 'wang', 'zhao', 'sun']
    const open = async () => (await Promise.all(ids.map(id => it.open(id)))).flat().toSorted((a, b) => a.id < b.id ? -1 : 1)
    for (let [task] = await open(); task; [task] = await open()) await it.decide(task.id, task.person_id, 'approve')
    const nodesDone = (await it.approvals.nodesOf(db, instance_id)).filter(node => node.kind === 'approval')
    assert.deepEqual(nodesDone.map(node => [node.step, node.note, node.tasks.map(task => [task.person_name, it.approvals.whyText(t, task)])]),
      forecast.steps.map(step => [step.id, step.note, step.people.map(person => [person.name, person.why])]))
    assert.equal((await it.approvals.instanceOf(db, instance_id))?.status, forecast.complete ? 'approved' : 'rejected')
  })
}

test('of a lot a forecast names all who may be drawn, and who has approved before is not called missing', async context => {
  const it = await openOffice(context)
  const lot = { ...office, mode: 'random' as const }
  const once = { ...tutor, id: 'once', label: '再审', again: 'once' as const }
  assert.deepEqual(read(await it.approvals.foresee(it.database.db, t, { flow: { nodes: [tutor, lot, once] }, applicant, form: {} })), [
    '辅导员审核 acts: 李敏 申请人的辅导员', '教务处审核 acts: 王伟 担任registrar、赵静 担任registrar', '再审 passed again: ', '办结',
  ])
})

test('the reason that the rule gave is kept with the task, whatever changes later', async context => {
  const it = await openOffice(context)
  await it.start({ nodes: [head] })
  it.world.heads = {}
  const [task] = await it.open('chen')
  assert.ok(task)
  assert.equal(it.approvals.whyText(t, task), '计算机学院负责人')
  assert.equal(it.approvals.whyText(textIn('en'), task), 'Head of 计算机学院')
})

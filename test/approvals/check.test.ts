import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Flow, Sample } from '../../src/features/approvals/define.ts'
import { phrases, textIn } from '../../src/platform/text.ts'
import { approval, parallel } from './entries.ts'
import { openOffice } from './office.ts'

const t = textIn('zh')
const tutor = approval('tutor', { approver: { rule: 'tutor' } })
const head = approval('head', { approver: { rule: 'department-head' } })
const registrar = approval('registrar', { approver: { rule: 'role', params: { role: 'registrar' } } })
const sample = (id: string, unit: string, people: number, kind: Sample['kind'] = 'student'): Sample => ({ person: { id, name: id, number: id, unit_id: unit }, unit_name: `${unit}学院`, kind, people })

/** zhou has a tutor and a head, yang has neither, staff wu has a head. */
const SAMPLES = [sample('zhou', 'cs', 40), sample('yang', 'law', 7), sample('yu', 'law', 3), sample('wu', 'cs', 5, 'staff')]

const rows: [what: string, nodes: unknown, expected: string[], world?: object][] = [
  ['all is well', [registrar], []],
  ['some have nobody: for whom, by department', [tutor], ['tutor law学院的 10 名学生按“申请人的辅导员”找不到办理人', 'tutor cs学院的 5 名教职工按“申请人的辅导员”找不到办理人']],
  ['a department without a head', [head], ['head law学院的 10 名学生按“申请人所在部门的负责人”找不到办理人']],
  ['nobody for anyone', [registrar], ['registrar 所有申请人按“担任指定角色的人员”都找不到办理人'], { registrars: [] }],
  ['nobody for anyone, and what follows is not reached', [{ ...registrar, nobody: 'refuse' }, approval('last', { approver: { rule: 'person', params: { numbers: ['T002'] } } })], ['registrar 所有申请人按“担任指定角色的人员”都找不到办理人，申请到这里会被驳回，后面的环节到不了'], { registrars: [] }],
  ['some have nobody, and the step is meant to be passed then', [{ ...tutor, nobody: 'pass' }], []],
  ['nobody for anyone, though it is passed then', [{ ...registrar, nobody: 'pass' }], ['registrar 所有申请人按“担任指定角色的人员”都找不到办理人'], { registrars: [] }],
  ['a delay that says both how long and until when', [{ id: 'wait', kind: 'delay', label: 'wait', minutes: 5, until: { field: 'days' } }], ['wait 等待要写明时长或到哪一天，只写一种']],
  ['a delay until a day that the form has not', [registrar, { id: 'wait', kind: 'delay', label: 'wait', until: { field: 'day' } }], ['wait 表单里没有字段“day”']],
  ['a connection that nobody has made, and one that is there', [registrar, { id: 'push', kind: 'trigger', label: 'push', does: { call: 'nowhere' } }, { id: 'in', kind: 'trigger', label: 'in', does: { call: 'erp' } }], ['push 没有叫“nowhere”的外部连接，系统调用会失败']],
  ['no applicant at all', [tutor], ['学校名单里没有这项服务的申请人'], { samples: [] }],
  ['what is faulty is not looked at further', [tutor, tutor], ['tutor 环节编号“tutor”已经用过']],
  ['a choice by a step that comes later', [approval('early', { approver: { rule: 'previous-choice', params: { by: 'registrar' } } }), registrar], ['early “registrar”不是前面的环节，到这里时还没有选人']],
  ['a choice by a step at the side', [parallel('both', [registrar], [approval('side', { approver: { rule: 'previous-choice', params: { by: 'registrar' } } })])], ['side “registrar”不是前面的环节，到这里时还没有选人']],
  ['a choice by a step in a branch before', [parallel('both', [registrar], [approval('side', { approver: { rule: 'person', params: { numbers: ['T002'] } } })]), approval('after', { approver: { rule: 'previous-choice', params: { by: 'registrar' } } })], []],
  ['an empty branch', [parallel('both', [registrar], [])], ['both 有一个分支里没有环节']],
  ['a field that the form has not', [approval('who', { approver: { rule: 'form-person', params: { field: 'host' } } })], ['who 表单里没有字段“host”']],
  ['conditions that leave a case open, and look at what is not asked', [approval('by', { approver: { rule: 'expression', params: { cases: [{ when: { any: [{ field: 'days', over: 3 }, { field: 'city', filled: true }] }, use: { rule: 'role', params: { role: 'registrar' } } }] } } })],
    ['by 条件都不满足时，没有写明由谁办理', 'by 表单里没有字段“city”']],
  ['a group that is not there, of a step, of those who act at its limit and of a copy', [
    approval('board', { nobody: 'refuse', approver: { rule: 'group', params: { group: 'board' } } }),
    approval('late', { approver: { rule: 'role', params: { role: 'registrar' } }, limit: { minutes: 60, over: { to: { rule: 'group', params: { group: 'board' } } } } }), { id: 'told', kind: 'cc', label: 'told', to: { rule: 'group', params: { group: 'board' } } },
  ], ['board 没有代号是“board”的工作组', 'late 没有代号是“board”的工作组', 'told 没有代号是“board”的工作组']],
  ['a group that nobody is left in', [approval('board', { approver: { rule: 'group', params: { group: 'board' } } })], ['board 工作组“评审小组”里没有在校的成员'], { groups: { board: { name: '评审小组', people: [] } } }],
  ['a group that is there', [approval('board', { approver: { rule: 'group', params: { group: 'board' } } })], [], { groups: { board: { name: '评审小组', people: ['chen'] } } }],
  ['a rule within a condition that finds nobody', [approval('by', { approver: { rule: 'expression', params: { cases: [{ when: { field: 'days', over: 3 }, use: { rule: 'department-head' } }], otherwise: { rule: 'role', params: { role: 'registrar' } } } } })],
    ['by law学院的 10 名学生按“申请人所在部门的负责人”找不到办理人']],
]

for (const [what, nodes, expected, world] of rows) {
  test(`a flow is checked before it is published: ${what}`, async context => {
    const it = await openOffice(context)
    Object.assign(it.world, { samples: SAMPLES }, world)
    const faults = await it.approvals.checkFlow(it.database.db, { flow: { nodes }, audience: ['enrolled'], fields: ['days'] })
    assert.deepEqual(faults.map(({ label, sentence, params }) => `${label ?? ''} ${t(sentence, params)}`.trim()), expected)
    for (const { sentence } of faults) assert.ok(phrases().has(sentence), sentence)
  })
}

test('hundreds of departments are counted where they are too many to name, and asked each thing once', async context => {
  const it = await openOffice(context)
  it.world.samples = Array.from({ length: 300 }, (_, n) => [sample(`a${n}`, `u${n}`, 2), sample(`b${n}`, `u${n}`, 1)]).flat().concat(sample('zhou', 'cs', 1))
  let asked = 0
  it.world.heads = new Proxy({ cs: 'chen' }, { get: (heads, unit) => { asked++; return unit === 'cs' ? heads.cs : undefined } })
  const flow: Flow = { nodes: [head, { ...head, id: 'again' }] }
  const faults = await it.approvals.checkFlow(it.database.db, { flow, audience: ['enrolled'] })
  assert.equal(faults.length, 42)
  assert.equal(asked, 1, 'of the departments that the directory knows, once for both steps')
  assert.equal(t(faults[20]?.sentence ?? '', faults[20]?.params), '另有 280 个部门的申请人按“申请人所在部门的负责人”找不到办理人')
})

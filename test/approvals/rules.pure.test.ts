import assert from 'node:assert/strict'
import { test } from 'node:test'
import person from '../../src/catalogue/approvers/person.ts'
import role from '../../src/catalogue/approvers/role.ts'
import tutor from '../../src/catalogue/approvers/tutor.ts'
import { canDecide, URGE_EVERY, whyNotDecide, whyNotResubmit, whyNotUrge, whyNotWithdraw } from '../../src/features/approvals/rules/can.ts'
import { faultsOf } from '../../src/features/approvals/rules/check-flow.ts'
import { choose } from '../../src/features/approvals/rules/choose.ts'
import { endingText } from '../../src/features/approvals/rules/ending.ts'
import { textIn } from '../../src/platform/text.ts'
import { approval, parallel } from './entries.ts'

const t = textIn('zh')

test('Whom a node falls to', () => {
  const rows: [string, Parameters<typeof approval>[1], string[], ReturnType<typeof choose>][] = [
    ['those found, each once', {}, ['a', 'b', 'a'], { kind: 'assigned', people: ['a', 'b'], reason: 'rule' }],
    ['the applicant like anyone', {}, ['me'], { kind: 'assigned', people: ['me'], reason: 'rule' }],
    ['the others, where the applicant is left out', { self: 'skip' }, ['me', 'a'], { kind: 'assigned', people: ['a'], reason: 'rule' }],
    ['nobody, where only the applicant was found', { self: 'skip', nobody: 'refuse' }, ['me'], { kind: 'skipped', why: 'self' }],
    ['the administrators, where nobody was found', {}, [], { kind: 'assigned', people: ['admin', 'me'], reason: 'nobody' }],
    ['the other administrators, where the applicant is one and left out', { self: 'skip' }, [], { kind: 'assigned', people: ['admin'], reason: 'nobody' }],
    ['refusal', { nobody: 'refuse' }, [], { kind: 'refused', why: 'nobody' }],
    ['the next node', { nobody: 'pass' }, [], { kind: 'skipped', why: 'nobody' }],
  ]
  for (const [what, settings, found, expected] of rows) assert.deepEqual(choose(approval('x', settings), found, 'me', ['admin', 'me', 'admin']), expected, what)
})

const task = { person_id: 'a', person_name: '张红', status: 'open' as const, ending: null }
const said = (refusal: ReturnType<typeof whyNotDecide>) => refusal && `${refusal.kind}: ${t(refusal.sentence, refusal.params)}`

test('Each reason why a task cannot be decided has its own sentence', () => {
  const closed = { ...task, status: 'closed' as const }
  const done = { ...task, status: 'done' as const }
  assert.equal(canDecide(task, 'a'), true)
  assert.equal(canDecide(task, 'b'), false)
  const sentences = [
    whyNotDecide(task, 'b'),
    whyNotDecide({ ...done, ending: { by_name: '张红', as: 'approve' } }, 'a'),
    whyNotDecide({ ...done, ending: { by_name: '张红', as: 'reject' } }, 'a'),
    whyNotDecide({ ...done, ending: { by_name: '张红', as: 'return' } }, 'a'),
    whyNotDecide({ ...closed, ending: { by_name: '张老师', as: 'approve' } }, 'a'),
    whyNotDecide({ ...closed, ending: { by_name: '张老师', as: 'reject' } }, 'a'),
    whyNotDecide({ ...closed, ending: { by_name: '张老师', as: 'return' } }, 'a'),
    whyNotDecide({ ...closed, ending: { by_name: null, as: 'withdraw' } }, 'a'),
    whyNotDecide({ ...closed, ending: { by_name: null, as: 'reject' } }, 'a'),
  ].map(said)
  assert.deepEqual(sentences, [
    'forbidden: 这项待办由张红办理',
    'conflict: 已经同意过，不必再次办理', 'conflict: 已经驳回过，不必再次办理', 'conflict: 已经退回过，不必再次办理',
    'conflict: 已由张老师同意', 'conflict: 已由张老师驳回', 'conflict: 已由张老师退回申请人',
    'conflict: 申请人已撤回', 'conflict: 有环节没有找到办理人，申请已被驳回',
  ])
})

test('Withdrawing, resubmitting and urging by status and person', () => {
  const statuses = ['running', 'returned', 'approved', 'rejected', 'withdrawn'] as const
  const may = (rule: (instance: { applicant_id: string; status: typeof statuses[number]; urged_at: null }, id: string) => unknown) =>
    statuses.filter(status => rule({ applicant_id: 'me', status, urged_at: null }, 'me') === null)
  assert.deepEqual(may(whyNotWithdraw), ['running', 'returned'])
  assert.deepEqual(may(whyNotResubmit), ['returned'])
  assert.deepEqual(may((instance, id) => whyNotUrge(instance, id, 0)), ['running'])
  for (const status of statuses) {
    const instance = { applicant_id: 'me', status, urged_at: null }
    for (const refusal of [whyNotWithdraw(instance, 'b'), whyNotResubmit(instance, 'b'), whyNotUrge(instance, 'b', 0)]) assert.equal(refusal?.kind, 'forbidden')
  }
})

test('Urging rests for an hour and says how long still', () => {
  const instance = { applicant_id: 'me', status: 'running' as const, urged_at: 1000 }
  assert.equal(said(whyNotUrge(instance, 'me', 1000 + 1)), 'conflict: 刚刚催办过，60 分钟后可以再次催办')
  assert.equal(said(whyNotUrge(instance, 'me', 1000 + URGE_EVERY - 1)), 'conflict: 刚刚催办过，1 分钟后可以再次催办')
  assert.equal(whyNotUrge(instance, 'me', 1000 + URGE_EVERY), null)
})

test('A finished card says who decided and when, by the clock of Beijing', () => {
  const at = Date.UTC(2026, 10, 21, 7, 4)
  assert.equal(endingText(t, { at, by_name: '李敏', as: 'approve' }), '李敏 已同意 · 11月21日 15:04')
  assert.equal(endingText(t, { at: Date.UTC(2026, 0, 1, 16, 0), by_name: '李敏', as: 'return' }), '李敏 已退回申请人 · 1月2日 00:00')
  assert.equal(endingText(t, { at, by_name: null, as: 'withdraw' }), '申请人已撤回 · 11月21日 15:04')
  assert.equal(endingText(t, { at, by_name: null, as: 'reject' }), '没有找到办理人，已驳回 · 11月21日 15:04')
})

const approvers = new Map([tutor, role, person].map(one => [one.name, one]))

test('A flow is looked at before anything starts on it', () => {
  const good = approval('tutor', { approver: { rule: 'tutor' } })
  assert.deepEqual(faultsOf({ nodes: [good, parallel('both', [approval('a', { approver: { rule: 'role', params: { role: 'registrar' } } })], [])] }, approvers), [])
  const faults: [unknown, string][] = [
    [null, '流程的格式不正确'],
    [{ nodes: [{ ...good, surprise: 1 }] }, '流程的格式不正确'],
    [{ nodes: [{ ...good, kind: 'teleport' }] }, '流程的格式不正确'],
    [{ nodes: [{ ...good, id: 'Ä' }] }, '流程的格式不正确'],
    [{ nodes: [good, parallel('both', [good])] }, 'tutor 环节编号“tutor”已经用过'],
    [{ nodes: [approval('x', { approver: { rule: 'oracle' } })] }, 'x 没有叫“oracle”的办理人规则'],
    [{ nodes: [approval('x', { approver: { rule: 'role' } })] }, 'x 没有写明角色'],
    [{ nodes: [approval('x', { approver: { rule: 'person', params: { numbers: [7] } } })] }, 'x 没有写明人员的工号'],
    [{ nodes: Array.from({ length: 3 }, (_, i) => parallel(`p${i}`, Array.from({ length: 90 }, (_unused, j) => ({ ...good, id: `s${i}-${j}` })))) }, '流程的环节太多'],
  ]
  for (const [flow, sentence] of faults) {
    const found = faultsOf(flow, approvers).map(fault => `${fault.label ?? ''} ${t(fault.sentence, fault.params)}`.trim())
    assert.deepEqual(found, [sentence])
  }
})

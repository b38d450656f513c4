import assert from 'node:assert/strict'
import { test } from 'node:test'
import { advance } from '../../src/features/approvals/rules/advance.ts'
import expression from '../../src/catalogue/approvers/expression.ts'
import formPerson from '../../src/catalogue/approvers/form-person.ts'
import person from '../../src/catalogue/approvers/person.ts'
import previousChoice from '../../src/catalogue/approvers/previous-choice.ts'
import role from '../../src/catalogue/approvers/role.ts'
import tutor from '../../src/catalogue/approvers/tutor.ts'
import { faultsOf } from '../../src/features/approvals/rules/check-flow.ts'
import type { Flow, Step } from '../../src/features/approvals/index.ts'
import { textIn } from '../../src/platform/text.ts'
import { processorTime } from '../support/processor.ts'
import { approval, parallel } from './entries.ts'
import { openOffice, refusalOf } from './office.ts'

const t = textIn('zh')
const approvers = new Map([tutor, role, person, previousChoice, expression, formPerson].map(one => [one.name, one]))
const said = (flow: unknown) => faultsOf(flow, approvers).map(fault => `${fault.label ?? ''} ${t(fault.sentence, fault.params)}`.trim())
const one = approval('tutor', { approver: { rule: 'tutor' } })
const by = (cases: unknown, otherwise: unknown = { rule: 'tutor' }) => approval('by', { approver: { rule: 'expression', params: { cases, otherwise } } })
const whenever = { field: 'purpose', filled: true }
const route = (id: string, to: string, most?: number): Step => ({ id, kind: 'route', label: id, to, when: whenever, ...(most !== undefined && { most }) })
const set = (id: string, values: Record<string, string>): Step => ({ id, kind: 'trigger', label: id, does: { set: values } })

/** More than a machine ten times slower than an idle one takes; what is refused must cost nothing to speak of. */
const SOON = 10_000

function cyclic(): unknown {
  const flow: { nodes: unknown[] } = { nodes: [one] }
  flow.nodes.push({ id: 'again', kind: 'sub-process', label: '再来', nodes: flow.nodes })
  return flow
}

function within(levels: number): unknown {
  return Array.from({ length: levels }).reduce<unknown>((inner, _, at) => ({ id: `s${at}`, kind: 'sub-process', label: '套', nodes: [inner] }), one)
}

const wide = (depth: number): unknown[] => Array.from({ length: 20 }, (_, at) => depth === 0 ? { ...one, id: `n${at}` } : { id: `p${at}`, kind: 'parallel', label: 'p', branches: Array.from({ length: 20 }, () => wide(depth - 1)) })

const wrong: [what: string, flow: () => unknown, faults: string[]][] = [
  ['that holds itself', cyclic, ['流程的环节套得太深']],
  ['of steps within steps without end', () => ({ nodes: [within(10_000)] }), ['流程的环节套得太深']],
  ['of more steps in a list than a list may hold', () => ({ nodes: Array.from({ length: 1000 }, (_, at) => ({ ...one, id: `n${at}` })) }), ['流程的格式不正确']],
  ['of a hundred thousand steps', () => ({ nodes: Array.from({ length: 100_000 }, (_, at) => ({ ...one, id: `n${at}` })) }), ['流程的环节太多']],
  ['of eight thousand steps in branches', () => ({ nodes: wide(1) }), ['流程的环节太多']],
  ['whose routes would jump a thousand times', () => ({ nodes: [one, ...Array.from({ length: 50 }, (_, at) => route(`r${at}`, 'tutor', 20))] }), ['跳转环节太多，所有跳转的次数加起来不能超过 100 次']],
  ['that jumps to a step that is not there', () => ({ nodes: [one, route('back', 'moon')] }), ['back 要跳到的环节“moon”不存在']],
  ['that jumps to itself', () => ({ nodes: [route('back', 'back')] }), ['back “back”和这一步并行，不能跳到那里']],
  ['that jumps from one branch into the one beside it', () => ({ nodes: [parallel('both', [one], [route('over', 'tutor')])] }), ['over “tutor”和这一步并行，不能跳到那里']],
  ['that names a rule that is not there', () => ({ nodes: [approval('x', { approver: { rule: '../../etc/passwd' } })] }), ['x 没有叫“../../etc/passwd”的办理人规则']],
  ['that names a rule by a word of JavaScript', () => ({ nodes: [approval('x', { approver: { rule: 'constructor' } })] }), ['x 没有叫“constructor”的办理人规则']],
  ['whose rule asks itself, and itself again', () => ({ nodes: [by([{ when: whenever, use: { rule: 'expression', params: { cases: [{ when: whenever, use: { rule: 'expression', params: { cases: [{ when: whenever, use: { rule: 'expression', params: { cases: [{ when: whenever, use: { rule: 'tutor' } }] } } }] } } }] } } }])] }), ['by 办理人规则套得太深']],
  ['whose condition is code', () => ({ nodes: [by([{ when: 'process.exit()', use: { rule: 'tutor' } }])] }), ['by 条件的格式不正确']],
  ['whose condition has a loop to run', () => ({ nodes: [by([{ when: { while: true, do: [] }, use: { rule: 'tutor' } }])] }), ['by 条件的格式不正确']],
  ['whose condition is nested without end', () => ({ nodes: [by([{ when: Array.from({ length: 10_000 }).reduce<unknown>(inner => ({ not: inner }), whenever), use: { rule: 'tutor' } }])] }), ['流程的环节套得太深']],
  ['whose branch asks nothing', () => ({ nodes: [{ id: 'c', kind: 'condition', label: 'c', branches: [{ label: 'a', when: {}, nodes: [] }], otherwise: [] }] }), ['流程的格式不正确']],
  ['that is a text', () => '{"nodes":[]}', ['流程的格式不正确']],
  ['that brings a prototype', () => JSON.parse('{"nodes":[],"__proto__":{"revoke":true}}'), ['流程的格式不正确']],
]

for (const [what, flow, faults] of wrong) {
  test(`A flow ${what} is refused at once, with a sentence`, () => {
    const found = flow()
    const spent = processorTime()
    assert.deepEqual(said(found), faults)
    assert.ok(spent() < SOON)
  })
}

test('As many jumps as a flow may have are walked in no time to speak of, and it goes on', async context => {
  const it = await openOffice(context)
  const flow: Flow = { nodes: [set('again', { purpose: '签证' }), ...Array.from({ length: 33 }, (_, at) => route(`r${at}`, 'again')), one] }
  assert.deepEqual(said(flow), [])
  const spent = processorTime()
  assert.equal((await it.start(flow)).status, 'running')
  assert.ok(spent() < SOON)
  assert.deepEqual((await it.open('limin')).map(task => task.label), ['tutor'])
})

test('Two routes that send each other back for ever end by their number', async context => {
  const it = await openOffice(context)
  await it.start({ nodes: [set('a', { purpose: '1' }), route('r', 'a', 20), set('b', { purpose: '2' }), route('s', 'r', 20), one] })
  assert.deepEqual((await it.open('limin')).map(task => task.label), ['tutor'])
})

test('What a condition must not read is not there: no prototype, no constructor, no process', async context => {
  for (const field of ['__proto__', 'constructor', 'toString', 'process', 'globalThis', 'env']) {
    const it = await openOffice(context)
    await it.start({ nodes: [by([{ when: { field, filled: true }, use: { rule: 'role', params: { role: 'registrar' } } }])] })
    assert.deepEqual([(await it.open('wang')).length, (await it.open('limin')).length], [0, 1], field)
  }
})

test('What a trigger writes into the form is data, whatever it is called', async context => {
  const it = await openOffice(context)
  const { instance_id } = await it.start({ nodes: [set('fill', JSON.parse('{"__proto__":"a","constructor":"b","purpose":"c"}')), one] })
  const form = (await it.approvals.instanceOf(it.database.db, instance_id))?.form ?? {}
  assert.deepEqual([Object.getPrototypeOf(form), form.purpose, Object.getPrototypeOf({}), {}.constructor], [Object.prototype, 'c', Object.prototype, Object])
})

test('A rule that throws starts nothing and leaves nothing behind', async context => {
  const it = await openOffice(context)
  Object.defineProperty(it.world, 'tutors', { get() { throw new TypeError('the rule is broken') } })
  await assert.rejects(it.start({ nodes: [set('fill', { purpose: 'x' }), one] }), /the rule is broken/)
  for (const table of ['approvals_instances', 'approvals_history', 'approvals_tasks', 'events', 'jobs'] as const) assert.equal(await it.database.db.selectFrom(table).selectAll().executeTakeFirst(), undefined, table)
  assert.deepEqual(it.told, [])
})

test('A bad flow starts nothing, whoever hands it over', async context => {
  const it = await openOffice(context)
  assert.equal(await refusalOf(it.start({ nodes: [one, route('back', 'moon')] })), 'invalid: 这个事项的审批流程有误，请联系管理员')
  assert.equal(await it.database.db.selectFrom('approvals_instances').select('id').executeTakeFirst(), undefined)
})

test('A history that names what the flow has not is refused, not guessed at', () => {
  assert.throws(() => advance({ nodes: [one] }, [{ kind: 'started', at: 1 }, { kind: 'assigned', at: 1, node: 7, tasks: [] }]))
  assert.throws(() => advance({ nodes: [one] }, [{ kind: 'decided', at: 1, task: 'x', by: 'a', decision: 'approve' }]))
})

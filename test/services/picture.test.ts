import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { Page } from '../support/client.ts'
import { apply, decide, GOOD, openTask, startCampus } from './campus.ts'

const approval = (id: string, label: string, approver: object, more: object = {}) => ({ id, kind: 'approval', label, approver, mode: 'any', ...more })
const registrar = { rule: 'role', params: { role: 'registrar', within: 'unit' } }

/** Tutor; then registrar and head side by side; then, by purpose, the head of the applicant's department or nobody. */
function branching(t: TestContext): string {
  return withFlow(t, { nodes: [
    approval('tutor', '辅导员审批', { rule: 'tutor' }, { limit: { minutes: 60 } }),
    { id: 'both', kind: 'parallel', label: '同时审批', branches: [[approval('registrar', '教务员审批', registrar)], [approval('head', '院长审批', { rule: 'department-head' }), approval('again', '教务员复核', registrar)]] },
    { id: 'by-purpose', kind: 'condition', label: '按用途', branches: [{ label: '出国', when: { field: 'purpose', is: 'exchange' }, nodes: [approval('abroad', '国际处审批', { rule: 'role', params: { role: 'admin' } })] }], otherwise: [] },
  ] })
}

function withFlow(t: TestContext, flow: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'hall-picture-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const name = 'enrolment-certificate.json'
  const { outcome: _, ...definition } = JSON.parse(readFileSync(join(import.meta.dirname, '../../src/catalogue/services', name), 'utf8'))
  writeFileSync(join(folder, name), JSON.stringify({ ...definition, flow }))
  return folder
}

/** Each step of the picture in the order it is read: its words, with those that say its state. */
function stepsOn(page: Page): string[] {
  return page.root.querySelectorAll('.flow-words').map(words => words.children.filter(one => ['flow-name', 'flow-note'].includes(one.classNames)).map(one => one.text.replace(/\s+/g, ' ').trim()).join('：'))
}

test('the picture of a flow says where it is, who holds it for how long, and what comes next, to the eye and the ear', async t => {
  const campus = await startCampus(t, { serviceFiles: branching(t) })
  const { client, name } = await campus.student()
  const { path } = await apply(client, { ...GOOD, purpose: 'exchange' })
  campus.clock.advance(5_400_000)
  const page = await client.get(path)
  const steps = stepsOn(page)
  assert.match(steps[1] ?? '', /^辅导员审批 当前环节：李敏 · 已 1 小时，已超时$/)
  assert.match(page.root.querySelector('.event-waiting')?.text.replace(/\s+/g, ' ') ?? '', /等待审批，已过 .+ 的时限/, 'no date that is over is asked for')
  assert.match(steps.find(step => step.startsWith('教务员审批')) ?? '', /^教务员审批 未开始：预计 /)
  assert.match(steps.find(step => step.startsWith('国际处审批')) ?? '', /未开始：预计 /)
  assert.deepEqual(page.root.querySelectorAll('.flow-branch-name').map(each => each.text), ['分支 1', '分支 2', '出国'])
  assert.equal(page.root.querySelectorAll('[aria-current=step]').length, 1)
  assert.equal(page.root.querySelectorAll('.flow .flow .flow').length, 0)

  const tutor = await campus.as('李敏')
  await decide(tutor, name, 'approve')
  const after = await client.get(path)
  assert.match(stepsOn(after)[1] ?? '', /^辅导员审批 已完成：李敏$/)
  assert.equal(after.root.querySelectorAll('[aria-current=step]').length, 2, 'two at once')
  const ahead = stepsOn(after).find(step => step.startsWith('教务员复核')) ?? ''
  assert.match(ahead, /未开始：预计/)
  assert.ok(await openTask(await campus.as('周静'), name))
})

test('many who wait stand as people, a sub-process under its name, and what fell for want of a person says so on top', async t => {
  const campus = await startCampus(t, { serviceFiles: withFlow(t, { nodes: [
    { id: 'panel', kind: 'sub-process', label: '评议', nodes: [approval('any', '教务员评议', { rule: 'role', params: { role: 'registrar' } })] },
    approval('none', '专家审批', { rule: 'post', params: { post: '没有这个岗位' } }, { nobody: 'refuse' }),
  ] }) })
  const { client, name } = await campus.student()
  const { path } = await apply(client)
  const page = await client.get(path)
  const [waiting, ...others] = page.root.querySelectorAll('.event-waiting')
  assert.equal(others.length, 0)
  assert.match(waiting?.text ?? '', /等 \d+ 人/)
  assert.equal(waiting?.querySelector('.avatar'), null, 'no initials of nobody')
  assert.deepEqual(page.root.querySelectorAll('.flow-branch-name').map(each => each.text), ['子流程'])
  await decide(await campus.as('周静'), name, 'approve')
  const fallen = (await client.get(path)).root.querySelector('.state')?.text ?? ''
  assert.ok(fallen.includes('申请已被驳回') && fallen.includes('专家审批：没有找到办理人') && !fallen.includes('周静'), fallen)
})

test('what comes next is foreseen from any place: with a question open, after a return, and not while it is suspended', async t => {
  const campus = await startCampus(t, { serviceFiles: branching(t) })
  const { app: { approvals, database: { db, write } } } = campus
  const { client, name } = await campus.student()
  const { path } = await apply(client)
  const instance = await db.selectFrom('approvals_instances').select(['id', 'applicant_id']).where('applicant_name', '=', name).executeTakeFirstOrThrow()
  const task = await db.selectFrom('approvals_tasks').select(['id', 'person_id']).where('instance_id', '=', instance.id).where('status', '=', 'open').executeTakeFirstOrThrow()
  const other = await db.selectFrom('identity_people').select('id').where('name', '=', '周静').executeTakeFirstOrThrow()
  const tutor = { person_id: task.person_id, number: null }
  const rest = async () => (await approvals.foreseeRest(db, text => text, instance.id)).map(step => step.id)
  assert.deepEqual(await rest(), ['registrar', 'head', 'again'])
  await write(tx => approvals.consult(tx, tutor, { task_id: task.id, to: [other.id], comment: '学籍正常吗' }))
  assert.deepEqual(await rest(), ['registrar', 'head', 'again'])
  const admin = { person_id: instance.applicant_id, number: null }
  await write(tx => approvals.suspend(tx, admin, { instance_id: instance.id, reason: '核实' }))
  assert.deepEqual(await rest(), [])
  assert.equal((await client.get(path)).status, 200)
  await write(tx => approvals.resume(tx, admin, { instance_id: instance.id, reason: '核实完了' }))
  await write(tx => approvals.end(tx, admin, { instance_id: instance.id, reason: '重复' }))
  assert.deepEqual(await rest(), [])
})

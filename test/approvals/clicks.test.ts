import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { callbackReceived } from '../../src/features/callbacks/index.ts'
import { createEmbeddedDispatcher } from '../../src/platform/dispatch-embedded.ts'
import { emit } from '../../src/platform/events.ts'
import { createRunner } from '../../src/platform/run-jobs.ts'
import { quietLog } from '../support/database.ts'
import { approval } from './entries.ts'
import { openOffice } from './office.ts'

const flow = { nodes: [approval('office', { label: '教务处审核', approver: { rule: 'role', params: { role: 'registrar' } } })] }

async function openPhones(t: TestContext) {
  const office = await openOffice(t)
  const { database, clock, approvals } = office
  const runner = createRunner({ database, works: approvals.jobs ?? [], clock, log: quietLog })
  const dispatcher = createEmbeddedDispatcher({ database, runner, log: quietLog })
  let received = 0
  /** A person presses a button of the task's card; the platform tells us, and our jobs run. */
  async function press(from: string, task_id: string, key = 'approve', event = 'template_card_event') {
    const id = `callback-${++received}`
    const card = { task_id: `task-${task_id}`, card_type: 'button_interaction', key, response_code: `code-${received}`, selected: [] }
    office.callbacks.set(id, { id, source: 'wecom', event, received_at: clock.now(), from, at: clock.now(), key, card, fields: {} })
    await database.write(tx => emit(tx, callbackReceived, { callback_id: id, source: 'wecom', event }, { subject: id, actor: null }))
    await dispatcher.drain()
    return await database.db.selectFrom('jobs').select(['status', 'error']).where('dedupe', 'like', `%${id}`).executeTakeFirst()
  }
  const { instance_id } = await office.start(flow)
  const [wangs, zhaos] = [(await office.open('wang'))[0]?.id ?? '', (await office.open('zhao'))[0]?.id ?? '']
  const status = async () => (await approvals.instanceOf(database.db, instance_id))?.status
  return { ...office, press, instance_id, wangs, zhaos, status }
}

test('同意 on the card decides, and every card of the node is closed', async t => {
  const phones = await openPhones(t)
  await phones.press('wang', phones.wangs)
  assert.equal(await phones.status(), 'approved')
  for (const id of [phones.wangs, phones.zhaos]) assert.deepEqual(phones.cards.get(`task-${id}`), ['王伟 已同意 · 11月16日 10:00'])
  assert.deepEqual(phones.clicks, [{ task_id: `task-${phones.wangs}`, person_id: 'wang', response_code: 'code-1', at: phones.clock.now() }])
  const [decision] = await phones.approvals.decisionsOf(phones.database.db, phones.instance_id)
  assert.deepEqual([decision?.person_name, decision?.via], ['王伟', 'card'])
})

test('A doubled and a late click change nothing and are answered with what is true', async t => {
  const phones = await openPhones(t)
  await phones.press('wang', phones.wangs)
  await phones.press('wang', phones.wangs)
  phones.clock.advance(60_000)
  await phones.press('zhao', phones.zhaos)
  assert.equal((await phones.approvals.decisionsOf(phones.database.db, phones.instance_id)).length, 1)
  const truth = '王伟 已同意 · 11月16日 10:00'
  assert.deepEqual(phones.cards.get(`task-${phones.wangs}`), [truth, truth])
  assert.deepEqual(phones.cards.get(`task-${phones.zhaos}`), [truth, truth])
  assert.deepEqual(phones.clicks.map(click => click.response_code), ['code-1', 'code-2', 'code-3'])
})

test('A click after the withdrawal reads that the applicant withdrew', async t => {
  const phones = await openPhones(t)
  await phones.withdraw(phones.instance_id)
  await phones.press('wang', phones.wangs)
  assert.equal(await phones.status(), 'withdrawn')
  assert.equal(phones.cards.get(`task-${phones.wangs}`)?.at(-1), '申请人已撤回 · 11月16日 10:00')
})

test("A click on another person's card decides nothing, and the clicker is told whose it is", async t => {
  const phones = await openPhones(t)
  await phones.press('limin', phones.wangs)
  assert.equal(await phones.status(), 'running')
  assert.deepEqual(phones.told.at(-1), {
    to: 'limin', kind: 'approvals.click', title: '这项待办由王伟办理', lines: [{ label: '事项', value: '在读证明' }],
    url: '/applications/application-1', subject: 'application-1', urgent: true,
  })
})

test('A click that cannot be followed is answered with the reason, and the card can be used later', async t => {
  const phones = await openPhones(t)
  const { instance_id } = await phones.start({ nodes: [approval('tutor', { approver: { rule: 'tutor' } }), approval('head', { label: '院长审批', approver: { rule: 'department-head' } })] })
  const id = (await phones.open('limin'))[0]?.id ?? ''
  Object.assign(phones.world, { heads: {}, admins: [] })
  await phones.press('limin', id)
  assert.deepEqual([phones.told.at(-1)?.to, phones.told.at(-1)?.title], ['limin', '环节“院长审批”没有找到办理人，也没有管理员可以代办，请联系管理员'])
  phones.world.heads = { cs: 'chen' }
  await phones.press('limin', id)
  assert.equal((await phones.open('chen'))[0]?.instance_id, instance_id)
})

test('Clicks of strangers, on unknown cards and on unknown buttons are nothing', async t => {
  const phones = await openPhones(t)
  const before = phones.told.length
  const jobs = [
    await phones.press('nobody', phones.wangs),
    await phones.press('wang', '01ARZ3NDEKTSV4RRFFQ69G5FAV'),
    await phones.press('wang', 'x'),
    await phones.press('wang', phones.wangs, 'sudo'),
  ]
  assert.deepEqual(jobs.map(job => job?.status), ['done', 'done', 'done', 'done'])
  assert.deepEqual(jobs.map(job => job?.error), [null, null, null, null])
  assert.equal(await phones.press('wang', phones.wangs, 'approve', 'enter_agent'), undefined, 'other callbacks are no concern of approvals')
  assert.deepEqual(phones.unbound, ['nobody'], 'whose card that was, messages know')
  assert.equal(phones.told.length, before)
  assert.equal(await phones.status(), 'running')
})

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Flow } from '../../src/features/approvals/index.ts'
import { createEmbeddedDispatcher } from '../../src/platform/dispatch-embedded.ts'
import type { Tx } from '../../src/platform/db.ts'
import { createRunner } from '../../src/platform/run-jobs.ts'
import { quietLog } from '../support/database.ts'
import { approval } from './entries.ts'
import { actor, openOffice, refusalOf } from './office.ts'

const tutor = approval('tutor', { label: '辅导员审核', approver: { rule: 'tutor' } })
const office = approval('office', { label: '教务处审核', approver: { rule: 'role', params: { role: 'registrar' } } })
const head = approval('head', { label: '院长审批', approver: { rule: 'department-head' } })

async function open(t: TestContext, flow: Flow) {
  const it = await openOffice(t)
  const { approvals, database: { db, write } } = it
  const { instance_id } = await it.start(flow)
  const task = async (by: string) => (await it.open(by))[0]?.id ?? ''
  // Outside the transaction: SQLite has one at a time.
  const onTask = async <Result>(by: string, act: (tx: Tx, task_id: string) => Promise<Result>) => {
    const id = await task(by)
    return await write(tx => act(tx, id))
  }
  const status = async () => (await approvals.instanceOf(db, instance_id))?.status
  const acts = async () => (await approvals.remarksOf(db, instance_id)).map(one => [one.person_name, one.act, one.whom, one.text].join(' ').trim())
  return { ...it, db, write, instance_id, task, onTask, status, acts }
}

test('退回 to an earlier step: that step acts again, and then who returned it, with or without those between', async t => {
  const it = await open(t, { nodes: [tutor, office, head] })
  await it.decide(await it.task('limin'), 'limin', 'approve')
  await it.decide(await it.task('wang'), 'wang', 'approve')
  const chens = await it.task('chen')
  assert.deepEqual((await it.approvals.optionsOf(it.db, it.instance_id, chens)).earlier.map(step => step.label), ['辅导员审核', '教务处审核'])
  const back = (task_id: string, to: string, straight = false) => it.write(tx => it.approvals.decide(tx, actor('chen'), { task_id, decision: 'return', comment: '请核实', to, straight }))
  assert.equal(await refusalOf(back(chens, 'head')), 'invalid: 请选择已经办过的环节')
  await back(chens, 'tutor', true)
  assert.deepEqual([await it.status(), (await it.open('chen')).length], ['running', 0])
  await it.decide(await it.task('limin'), 'limin', 'approve')
  assert.equal((await it.open('wang')).length, 0, 'the office has passed it and is not asked again')
  await back(await it.task('chen'), 'tutor')
  await it.decide(await it.task('limin'), 'limin', 'approve')
  assert.equal((await it.open('zhao')).length, 1, 'all the way again')
  assert.deepEqual(await it.acts(), ['陈刚 send-back 辅导员审核', '陈刚 send-back 辅导员审核'])
})

test('转交: another decides; neither the applicant nor who acts there already', async t => {
  const it = await open(t, { nodes: [office] })
  const wangs = await it.task('wang')
  const transfer = (to: string, by = 'wang') => it.write(tx => it.approvals.transfer(tx, actor(by), { task_id: wangs, to: [to], comment: '出差' }))
  assert.equal(await refusalOf(transfer('zhou')), 'invalid: 申请人不能办理自己的申请')
  assert.equal(await refusalOf(transfer('zhao')), 'invalid: 赵静已经是这个环节的办理人')
  assert.equal(await refusalOf(transfer('wang')), 'invalid: 不能选择正在办理的人自己')
  assert.equal(await refusalOf(transfer('nobody')), 'invalid: 请选择人员')
  assert.equal(await refusalOf(transfer('limin', 'sun')), 'forbidden: 这项待办由王伟办理')
  await transfer('limin')
  assert.deepEqual(it.cards.get(`task-${wangs}`), ['王伟 已转交 · 11月16日 10:00'])
  assert.equal(await refusalOf(it.decide(wangs, 'wang', 'approve')), 'conflict: 已经转交，不必再次办理')
  assert.deepEqual([it.told.at(-1)?.to, it.told.at(-1)?.lines[1]?.value], ['limin', '由原办理人转交'])
  await it.decide(await it.task('limin'), 'limin', 'approve')
  assert.deepEqual([await it.status(), await it.acts()], ['approved', ['王伟 transfer 李敏 出差']])
})

test('委派 comes back with the opinion, 沟通 waits for nothing; neither can decide', async t => {
  const it = await open(t, { nodes: [tutor] })
  await it.onTask('limin', (tx, task_id) => it.approvals.consult(tx, actor('limin'), { task_id, to: ['zhao'], comment: '学籍正常吗' }))
  assert.equal((await it.open('limin')).length, 1)
  const zhaos = await it.task('zhao')
  assert.equal(await refusalOf(it.decide(zhaos, 'zhao', 'approve')), 'conflict: 这项待办是征求意见，请回复')
  await it.onTask('limin', (tx, task_id) => it.approvals.delegate(tx, actor('limin'), { task_id, to: ['chen'] }))
  assert.equal((await it.open('limin')).length, 0)
  const reply = (task_id: string, by: string, comment: string) => it.write(tx => it.approvals.decide(tx, actor(by), { task_id, decision: 'reply', comment }))
  assert.equal(await refusalOf(reply(await it.task('chen'), 'chen', '')), 'invalid: 请填写回复')
  await reply(await it.task('chen'), 'chen', '情况属实')
  assert.equal((await it.open('limin')).length, 1)
  await it.decide(await it.task('limin'), 'limin', 'approve')
  assert.equal(await it.status(), 'approved')
  assert.equal(await refusalOf(reply(zhaos, 'zhao', '正常')), 'conflict: 已由李敏同意')
})

test('加签 before, beside and after; 减签 while nobody has signed', async t => {
  const it = await open(t, { nodes: [tutor] })
  const add = async (by: string, place: 'before' | 'beside' | 'after', ...to: string[]) => it.onTask(by, (tx, task_id) => it.approvals.addSigners(tx, actor(by), { task_id, place, mode: 'all', to }))
  await add('limin', 'before', 'wang', 'zhao')
  assert.deepEqual([(await it.open('limin')).length, (await it.open('wang')).length], [0, 1])
  await it.decide(await it.task('wang'), 'wang', 'approve')
  const { signers } = await it.approvals.recallsOf(it.db, it.instance_id, 'limin')
  assert.deepEqual(signers.map(signer => signer.name), ['赵静'])
  assert.equal(await refusalOf(it.write(tx => it.approvals.removeSigner(tx, actor('wang'), { instance_id: it.instance_id, seat: signers[0]?.seat ?? 0 }))), 'conflict: 这位加签人已经办理，或者不是由你加签的')
  await it.write(tx => it.approvals.removeSigner(tx, actor('limin'), { instance_id: it.instance_id, seat: signers[0]?.seat ?? 0 }))
  assert.deepEqual([(await it.open('zhao')).length, (await it.open('limin')).length], [0, 1])
  await add('limin', 'beside', 'sun')
  await add('limin', 'after', 'chen')
  assert.deepEqual([(await it.open('sun')).length, (await it.open('chen')).length], [1, 0])
  await it.decide(await it.task('limin'), 'limin', 'approve')
  assert.equal((await it.open('chen')).length, 1)
  await it.decide(await it.task('chen'), 'chen', 'approve')
  assert.equal(await it.status(), 'running')
  await it.decide(await it.task('sun'), 'sun', 'approve')
  assert.equal(await it.status(), 'approved')
})

test('拿回 while the next has not acted, and no longer', async t => {
  const it = await open(t, { nodes: [tutor, office, head] })
  const limins = await it.task('limin')
  await it.decide(limins, 'limin', 'approve')
  const wangs = await it.task('wang')
  await it.write(tx => it.approvals.takeBack(tx, actor('limin'), { task_id: limins }))
  assert.deepEqual([(await it.open('wang')).length, (await it.open('limin')).length], [0, 1])
  assert.equal(await refusalOf(it.decide(wangs, 'wang', 'approve')), 'conflict: 李敏拿回了上一环节的意见')
  const again = await it.task('limin')
  await it.decide(again, 'limin', 'approve')
  await it.decide(await it.task('wang'), 'wang', 'approve')
  assert.equal(await refusalOf(it.write(tx => it.approvals.takeBack(tx, actor('limin'), { task_id: again }))), 'conflict: 后面的环节已经办理，不能拿回')
})

test('撤销 after the end, where the flow allows it and with a reason', async t => {
  const it = await open(t, { nodes: [tutor], revoke: true })
  const revoke = (by: string, reason: string) => it.write(tx => it.approvals.revoke(tx, actor(by), { instance_id: it.instance_id, reason }))
  assert.equal(await refusalOf(revoke('zhou', '不去了')), 'conflict: 只有已经通过的申请可以撤销')
  await it.decide(await it.task('limin'), 'limin', 'approve')
  assert.equal(await refusalOf(revoke('limin', '不去了')), 'forbidden: 只有申请人可以撤销')
  assert.equal(await refusalOf(revoke('zhou', ' ')), 'invalid: 请填写撤销的理由')
  await revoke('zhou', '不去了')
  assert.equal(await it.status(), 'revoked')
  const firm = await open(t, { nodes: [{ ...tutor, nobody: 'pass', approver: { rule: 'person', params: { numbers: ['T404'] } } }] })
  assert.equal(await refusalOf(firm.write(tx => firm.approvals.revoke(tx, actor('zhou'), { instance_id: firm.instance_id, reason: '不去了' }))), 'conflict: 这类申请通过后不能撤销，需要时请联系办理部门')
})

test('抄送 by node and by hand reaches each once; a comment and a draft are kept', async t => {
  const it = await open(t, { nodes: [{ id: 'cc', kind: 'cc', label: '知会', to: { rule: 'department-head' } }, tutor] })
  const copy = (...to: string[]) => it.write(tx => it.approvals.sendCopy(tx, actor('limin'), { instance_id: it.instance_id, to }))
  assert.equal(await refusalOf(copy('chen')), 'conflict: 已经抄送过，不必再次抄送')
  await copy('chen', 'wang')
  assert.deepEqual((await it.approvals.copiesOf(it.db, it.instance_id)).map(one => [one.person_name, one.by_name]), [['陈刚', null], ['王伟', '李敏']])
  assert.deepEqual(it.told.filter(one => one.kind === 'approvals.copy').map(one => one.to), ['chen', 'wang'])
  assert.deepEqual((await it.approvals.copiesTo(it.db, 'wang', { limit: 5 })).map(one => one.title), ['在读证明'])
  await it.write(tx => it.approvals.comment(tx, actor('zhou'), { instance_id: it.instance_id, text: '急用' }))
  const id = await it.task('limin')
  await it.write(tx => it.approvals.saveDraft(tx, actor('limin'), { task_id: id, text: '基本同意' }))
  assert.equal((await it.approvals.taskById(it.db, id))?.draft, '基本同意')
  await it.decide(id, 'limin', 'approve')
  assert.equal((await it.approvals.taskById(it.db, id))?.draft, null)
  assert.deepEqual(await it.acts(), ['李敏 copy 王伟', '周青 comment  急用'])
})

test('代理: tasks go to the delegate while the person is away, for whom is kept, and never to the applicant', async t => {
  const it = await openOffice(t)
  const { approvals, clock, database: { db, write } } = it
  const away = (by: string, to: string) => write(tx => approvals.standIn(tx, actor(by), { to, starts_at: clock.now(), ends_at: clock.now() + 86_400_000 }))
  await away('limin', 'chen')
  assert.equal(await refusalOf(away('limin', 'wang')), 'invalid: 这段时间已经有代理人，请先结束原来的代理')
  await away('chen', 'sun')
  await it.start({ nodes: [tutor] })
  const [task] = await it.open('sun')
  assert.deepEqual([task?.for_id, task?.for_name, it.told[0]?.lines[1]?.value], ['limin', '李敏', '代李敏办理'])
  assert.equal((await it.decide(task?.id ?? '', 'sun', 'approve')).status, 'approved')
  const [held] = await approvals.delegationsOf(db, 'limin', clock.now())
  await write(tx => approvals.endStandIn(tx, actor('limin'), { delegation_id: held?.id ?? '' }))
  await away('limin', 'zhou')
  await it.start({ nodes: [tutor] }, 'zhou', 'application-2')
  assert.equal((await it.open('limin')).length, 1, 'the applicant does not decide the own application')
  clock.advance(90_000_000)
  await it.start({ nodes: [head] }, 'zhou', 'application-3')
  assert.equal((await it.open('chen')).length, 1, 'the absence is over')
})

test('认领: one of the pool takes it, gives it back, another takes it', async t => {
  const it = await open(t, { nodes: [{ ...office, mode: 'pool' }] })
  const [wangs, zhaos] = [await it.task('wang'), await it.task('zhao')]
  assert.deepEqual(it.told[0]?.card?.buttons.map(button => button.key), ['claim'])
  assert.equal(await refusalOf(it.decide(wangs, 'wang', 'approve')), 'conflict: 这项待办要先认领')
  await it.write(tx => it.approvals.claim(tx, actor('wang'), { task_id: wangs }))
  assert.equal(await refusalOf(it.write(tx => it.approvals.claim(tx, actor('zhao'), { task_id: zhaos }))), 'conflict: 已由王伟认领')
  await it.onTask('wang', (tx, task_id) => it.approvals.giveBack(tx, actor('wang'), { task_id }))
  await it.onTask('zhao', (tx, task_id) => it.approvals.claim(tx, actor('zhao'), { task_id }))
  assert.deepEqual([(await it.open('wang')).length, await it.acts()], [0, ['王伟 claim', '王伟 give-back', '赵静 claim']])
  assert.equal((await it.decide(await it.task('zhao'), 'zhao', 'approve')).status, 'approved')
})

test('The same person again: asked again, once for all, or not right after; the applicant may be replaced by a superior', async t => {
  const same = (id: string, again?: 'once' | 'consecutive') => approval(id, { approver: { rule: 'tutor' }, ...(again && { again }) })
  const reached = async (nodes: Flow['nodes']) => {
    const it = await open(t, { nodes })
    for (;;) {
      const id = (await it.open('limin'))[0]?.id ?? (await it.open('chen'))[0]?.id
      if (!id) return (await it.approvals.nodesOf(it.db, it.instance_id)).map(node => `${node.step} ${node.note ?? node.status}`)
      await it.decide(id, (await it.open('limin'))[0] ? 'limin' : 'chen', 'approve')
    }
  }
  assert.deepEqual(await reached([same('a'), same('b')]), ['a passed', 'b passed'])
  assert.deepEqual(await reached([same('a'), head, same('b', 'once')]), ['a passed', 'head passed', 'b again'])
  assert.deepEqual(await reached([same('a'), head, same('b', 'consecutive')]), ['a passed', 'head passed', 'b passed'])
  assert.deepEqual(await reached([same('a'), same('b', 'consecutive')]), ['a passed', 'b again'])
  const it = await openOffice(t)
  await it.start({ nodes: [approval('own', { approver: { rule: 'person', params: { numbers: ['T001'] } }, self: 'leader' })] }, 'limin')
  assert.deepEqual([(await it.open('chen'))[0]?.reason, (await it.open('limin')).length], ['leader', 0])
})

test('票签 by weight: the share decides', async t => {
  const it = await openOffice(t)
  it.world.registrars = ['wang', 'zhao', 'chen']
  await it.start({ nodes: [{ ...office, mode: 'vote', vote: { over: 50, weights: [{ numbers: ['T002'], weight: 3 }] } }] })
  const one = async (by: string, decision: 'approve' | 'reject') => (await it.decide((await it.open(by))[0]?.id ?? '', by, decision)).status
  assert.equal(await one('wang', 'reject'), 'running')
  assert.equal(await one('zhao', 'reject'), 'running')
  assert.equal(await one('chen', 'approve'), 'approved')
})

test('An administrator reassigns, jumps, suspends, resumes and ends, each with a reason that is kept', async t => {
  const it = await open(t, { nodes: [tutor, office, head] })
  const about = { instance_id: it.instance_id, reason: '人员变动' }
  const limins = await it.task('limin')
  assert.equal(await refusalOf(it.write(tx => it.approvals.reassign(tx, actor('sun'), { task_id: limins, to: 'chen', reason: '' }))), 'invalid: 请填写理由')
  await it.write(tx => it.approvals.reassign(tx, actor('sun'), { task_id: limins, to: 'chen', reason: '人员变动' }))
  assert.equal(await refusalOf(it.decide(limins, 'limin', 'approve')), 'conflict: 管理员孙洁已改派')
  await it.write(tx => it.approvals.suspend(tx, actor('sun'), about))
  assert.equal(await refusalOf(it.decide(await it.task('chen'), 'chen', 'approve')), 'conflict: 这项审批已被管理员暂停，恢复后再办理')
  assert.equal(await refusalOf(it.write(tx => it.approvals.jump(tx, actor('sun'), { ...about, to: 'head' }))), 'conflict: 这项审批已经暂停，请先恢复')
  await it.write(tx => it.approvals.resume(tx, actor('sun'), about))
  await it.write(tx => it.approvals.jump(tx, actor('sun'), { ...about, to: 'head' }))
  assert.deepEqual((await it.approvals.nodesOf(it.db, it.instance_id)).map(node => `${node.step} ${node.status} ${node.note}`), ['tutor skipped jumped', 'office skipped jumped', 'head open null'])
  await it.write(tx => it.approvals.end(tx, actor('sun'), about))
  assert.deepEqual([await it.status(), (await it.acts()).map(act => act.split(' ')[1])], ['ended', ['reassign', 'suspend', 'resume', 'jump', 'end']])
  assert.equal(await refusalOf(it.write(tx => it.approvals.end(tx, actor('sun'), about))), 'conflict: 审批已经结束或者退回了申请人，不能干预')
})

test('All that a leaving person holds goes to another by a job; what cannot is kept and counted', async t => {
  const it = await openOffice(t)
  const { approvals, clock, database } = it
  for (let n = 0; n < 4; n++) await it.start({ nodes: [tutor] }, 'zhou', `application-${n}`)
  it.world.tutors.chen = 'limin'
  await it.start({ nodes: [tutor] }, 'chen', 'application-9')
  const id = await database.write(tx => approvals.handOver(tx, actor('sun'), { from: 'limin', to: 'chen', reason: '离职' }))
  await createEmbeddedDispatcher({ database, runner: createRunner({ database, works: approvals.jobs ?? [], clock, log: quietLog }), log: quietLog }).drain()
  const done = await approvals.handoverById(database.db, id)
  assert.deepEqual([done?.moved, done?.kept, done?.ended_at !== null], [4, 1, true])
  assert.deepEqual([(await it.open('chen')).length, (await it.open('limin')).map(task => task.applicant_id)], [4, ['chen']])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { actionOf, apply, APPLY, decide, GOOD, openTask, PDF, startCampus } from './campus.ts'

test('an application goes its way', async t => {
  const campus = await startCampus(t)
  const { db } = campus.app.database
  let tutor = await campus.as('李敏')
  let registrar = await campus.as('周静')
  // Sessions end when nobody uses them, and some stories let hours pass.
  t.beforeEach(async () => {
    tutor = await campus.as('李敏')
    registrar = await campus.as('周静')
  })

  await t.test('tutor, then registrar: each sees it among 待办, the applicant reads where it is', async () => {
    const { client, name } = await campus.student()
    const sent = await apply(client)
    assert.ok(sent.has('等辅导员 李敏 审批，已 1 分钟，承诺 1 个工作日'))
    assert.match(sent.text, /编号 2026\d{4}-\d{4}/)
    campus.clock.advance(5_400_000)
    registrar = await campus.as('周静')
    assert.ok((await client.get(sent.path)).has('等辅导员 李敏 审批，已 1 小时'))
    const task = await openTask(tutor, name)
    for (const words of ['办理签证', 'chen@example.com', '签证中心要求', '申请人的辅导员']) assert.ok(task.has(words), words)
    const after = await decide(tutor, name, 'approve')
    assert.ok(after.has('已同意') && !after.has('审批意见'))
    assert.ok((await client.get(sent.path)).has('等教务员'))
    await decide(registrar, name, 'approve', '已核对学籍')
    const done = await client.get(sent.path)
    for (const words of ['审批已通过', '李敏', '周静', '已核对学籍', '审批通过，申请办结']) assert.ok(done.has(words), words)
    assert.ok((await tutor.get('/received?state=done')).has(`${name}的在读证明`))
  })

  await t.test('what follows an approval is told with the outcome filled in', async () => {
    const { client, name } = await campus.student()
    const sent = await apply(client, { ...GOOD, purpose: 'other', purpose_other: 'summer school', language: 'en' })
    await decide(tutor, name, 'approve')
    await decide(registrar, name, 'approve')
    const view = await campus.app.services.applicationById(db, sent.path.slice('/applications/'.length))
    assert.deepEqual(view.outcome, { document: { kind: 'enrolment-en', mail_to: 'chen@example.com', facts: { purpose: 'summer school' } } })
    assert.equal(view.status, 'approved')
  })

  await t.test('rejecting and returning ask for a reason, and the page comes back with what was typed', async () => {
    const { client, name } = await campus.student()
    await apply(client)
    const back = await decide(tutor, name, 'reject')
    assert.deepEqual([back.status, back.has('请填写驳回的理由')], [422, true])
    assert.equal(back.root.querySelector('.summary a')?.getAttribute('href'), '#f-comment', 'and on top of the long page, where it is seen')
    const long = await decide(tutor, name, 'return', '长'.repeat(501))
    assert.deepEqual([long.status, long.value('comment').trim().length], [422, 501])
    const page = await decide(tutor, name, 'reject', '不在读')
    assert.ok(page.has('申请已被驳回') && page.has('不在读'))
  })

  await t.test('what is returned is corrected by its applicant, sent again, and goes the whole way', async () => {
    const { client, name } = await campus.student()
    const sent = await apply(client, { ...GOOD, attachment: PDF })
    await decide(tutor, name, 'return', '请写明签证类别')
    const returned = await client.get(sent.path)
    assert.ok(returned.has('已退回，请修改后重新提交') && returned.has('请写明签证类别'))
    const form = await client.get(returned.link('修改并重新提交'))
    assert.deepEqual([form.value('remark').trim(), form.has('要求.pdf')], ['签证中心要求', true])
    const remove = form.root.querySelector('button[name=remove]')?.getAttribute('value') ?? ''
    const without = await client.submit(form, form.path, { ...GOOD, remark: '学生签证', remove })
    assert.ok(!without.has('要求.pdf'), 'taken off the correction')
    assert.ok((await tutor.get(sent.path)).has('要求.pdf'), 'still what was sent before')
    const bad = await client.submit(without, form.path, { ...GOOD, mailbox: 'x', intent: 'submit' })
    assert.equal(bad.status, 422)
    const again = await client.submit(bad, form.path, { ...GOOD, remark: '学生签证', intent: 'submit' })
    assert.ok(again.has('等辅导员 李敏 审批'))
    const task = await openTask(tutor, name)
    assert.ok(task.has('这是第 2 次提交，修改了：附件、备注'))
    await decide(tutor, name, 'approve')
    await decide(registrar, name, 'approve')
    assert.ok((await client.get(sent.path)).has('审批已通过'))
  })

  await t.test('two who may decide at once: one decides, the other reads who did', async () => {
    const { client, name } = await campus.student()
    await apply(client)
    await decide(tutor, name, 'approve')
    const pool = await db.selectFrom('approvals_tasks as task').innerJoin('approvals_instances as instance', 'instance.id', 'task.instance_id')
      .select('task.person_name').where('instance.applicant_name', '=', name).where('task.status', '=', 'open').execute()
    assert.ok(pool.length >= 2)
    const both = await Promise.all(pool.slice(0, 2).map(async ({ person_name }) => {
      const who = await campus.as(person_name)
      return { who, person_name, page: await openTask(who, name) }
    }))
    const answers = await Promise.all(both.map(({ who, page }) => who.submit(page, actionOf(page), { decision: 'approve', comment: '' })))
    assert.deepEqual(answers.map(page => page.status).toSorted(), [200, 409])
    const winner = both[answers.findIndex(page => page.status === 200)]?.person_name ?? ''
    assert.ok(answers.find(page => page.status === 409)?.has(`已由${winner}同意`))
  })

  await t.test('a decision after the withdrawal, a second withdrawal, and a decision by a stranger each get a clear answer', async () => {
    const { client, name } = await campus.student()
    const sent = await apply(client)
    const task = await openTask(tutor, name)
    const stranger = await registrar.post(actionOf(task), { _csrf: (await registrar.get('/received')).value('_csrf'), decision: 'approve' })
    assert.equal(stranger.status, 404)
    const question = await client.get(sent.link('撤回'))
    const withdrawn = await client.submit(question, question.path, {})
    assert.ok(withdrawn.has('申请人已撤回'))
    const late = await tutor.submit(task, actionOf(task), { decision: 'approve', comment: '' })
    assert.deepEqual([late.status, late.has('申请人已撤回')], [409, true])
    assert.deepEqual((await client.submit(question, question.path, {})).status, 409)
    assert.equal((await tutor.submit(task, actionOf(task), { decision: 'maybe' })).status, 422)
  })

  await t.test('urging tells the holder once an hour; too soon it says when', async () => {
    const { client } = await campus.student()
    const sent = await apply(client)
    const urging = `${sent.path}/urging`
    assert.ok((await client.submit(sent, urging)).has('已催办'))
    const soon = await client.get(sent.path)
    assert.ok(soon.has('60 分钟后可以再次催办') && !soon.root.querySelector(`[formaction="${urging}"]`), 'the button is gone')
    const forced = await client.post(urging, { _csrf: sent.value('_csrf') })
    assert.deepEqual([forced.status, forced.has('60 分钟后可以再次催办')], [409, true])
    campus.clock.advance(3_600_001)
    assert.equal((await client.submit(await client.get(sent.path), urging)).status, 200)
  })

  await t.test("another student's application is not shown, nor its files, nor its acts; an administrator may look", async () => {
    const [one, two] = [await campus.student(), await campus.student()]
    const sent = await apply(one.client, { ...GOOD, attachment: PDF })
    const file = sent.link('要求.pdf')
    for (const path of [sent.path, file, `${sent.path}/withdrawal`]) assert.equal((await two.client.get(path)).status, 403, path)
    const token = (await two.client.get(APPLY)).value('_csrf')
    for (const act of ['withdrawal', 'urging', 'copy', 'correction']) assert.equal((await two.client.post(`${sent.path}/${act}`, { _csrf: token, ...GOOD })).status, 403, act)
    assert.equal((await (await campus.as('陆远')).get(sent.path)).status, 200)
    assert.equal((await tutor.get(file)).status, 200)
    assert.equal((await two.client.get('/applications/01ARZ3NDEKTSV4RRFFQ69G5FAV')).status, 404)
    assert.equal((await campus.stranger().get(sent.path)).path.startsWith('/login'), true)
  })

  await t.test('an old application is copied as a new draft with its files', async () => {
    const { client } = await campus.student()
    const sent = await apply(client, { ...GOOD, attachment: PDF })
    const copy = await client.submit(sent, `${sent.path}/copy`)
    assert.deepEqual([copy.path, copy.value('mailbox'), copy.has('要求.pdf')], [APPLY, 'chen@example.com', true])
    const again = await client.post(`${sent.path}/copy`, { _csrf: copy.value('_csrf') })
    assert.deepEqual([again.status, again.has('已有一份没有提交的草稿')], [409, true])
    const second = await client.submit(copy, APPLY, { ...GOOD, intent: 'submit' })
    assert.equal((await client.get(second.link('要求.pdf'))).status, 200)
  })

  await t.test('我发出的 counts what is under way and what is over, and pages without losing or repeating', async () => {
    const { client, name } = await campus.student()
    const paths: string[] = []
    for (let n = 0; n < 22; n++) {
      paths.push((await apply(client)).path)
      if (n === 0) await decide(tutor, name, 'reject', '重复')
    }
    const first = await client.get('/sent')
    assert.match(first.text, /全部 ?22 ?进行中 ?21 ?已办结 ?1/)
    const second = await client.get(first.link('下一页'))
    const shown = [first, second].flatMap(page => page.root.querySelectorAll('a.cell').map(link => link.getAttribute('href')))
    assert.deepEqual(shown, paths.toReversed())
    assert.ok((await client.get('/sent?state=done')).has('已驳回'))
    assert.equal((await client.get('/sent?before=nonsense')).status, 200)
  })

  await t.test('every event of the story is in the trail, by its person', async () => {
    const { client, name } = await campus.student()
    const sent = await apply(client)
    await decide(tutor, name, 'return', '改一下')
    await client.submit(await client.get(`${sent.path}/correction`), `${sent.path}/correction`, { ...GOOD, intent: 'submit' })
    await client.submit(await client.get(`${sent.path}/withdrawal`), `${sent.path}/withdrawal`, {})
    const events = await db.selectFrom('events').select('name').where('subject', '=', sent.path.slice('/applications/'.length)).where('name', 'like', 'services.%').orderBy('id').execute()
    assert.deepEqual(events.map(event => event.name), ['submitted', 'returned', 'resubmitted', 'withdrawn'].map(word => `services.application-${word}`))
    assert.ok((await client.get(sent.path)).has(name))
  })
})

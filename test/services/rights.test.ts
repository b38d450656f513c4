import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createApp } from '../../src/app.ts'
import { rightsAt, rightsOver } from '../../src/features/services/rules/steps.ts'
import { answersOn, FILLED, idOf, MASKED_ID, openTaskOf, send, startActivity, WHOLE_ID } from './activity.ts'
import { quietLog } from '../support/database.ts'
import { actionOf, PDF, PNG } from './campus.ts'

const fields = [{ key: 'a' }, { key: 'b' }, { key: 'c' }]
const read = (rights: ReadonlyMap<string, string>) => [...rights.values()].join(' ')

test('a step that says nothing of a field lets it be read; over several steps the most that one allows counts', () => {
  assert.equal(read(rightsAt(undefined, fields)), 'read read read')
  assert.equal(read(rightsAt({ id: 's', kind: 'approval', fields: { a: 'hidden', b: 'write' } }, fields)), 'hidden write read')
  assert.equal(read(rightsOver([], fields)), 'hidden hidden hidden')
  assert.equal(read(rightsOver([{ id: 's', kind: 'approval', fields: { a: 'hidden', b: 'write', c: 'hidden' } }, { id: 't', kind: 'approval', fields: { b: 'hidden', c: 'hidden' } }], fields)), 'read write hidden')
})

test('what a step may see and write', async t => {
  const campus = await startActivity(t)
  const { db } = campus.app.database
  const tutor = await campus.as('李敏')
  const registrar = await campus.as('周静')

  await t.test('what is hidden from a step is on none of its pages, and its files are not there for it', async () => {
    const { client, name } = await campus.student()
    const own = await send(client, { plan: PDF })
    const file = own.link('要求.pdf')
    const task = await openTaskOf(tutor, name)
    const [seen, all] = [answersOn(task), answersOn(own)]
    assert.deepEqual([...all.keys()].filter(label => !seen.has(label)), ['手机', '活动方案', '准备程度'])
    assert.equal((await tutor.get(file)).status, 404)
    assert.equal((await client.get(file)).status, 200)
    const marking = await tutor.get(task.link('逐项指出要修改的内容'))
    assert.ok(marking.has('活动名称') && !marking.has('准备程度') && !marking.has('13800138000'))
    await tutor.submit(task, actionOf(task), { decision: 'approve' })
    assert.ok(!(await tutor.get(task.path)).has('准备程度'), 'nor afterwards')
    const next = await openTaskOf(registrar, name)
    assert.ok(next.has('4 分（满意）') && next.has('13800138000'))
    assert.equal((await registrar.get(file)).status, 200)
  })

  await t.test('who got a copy reads what no step hides, its files too, and nothing else', async () => {
    const { client } = await campus.student()
    const own = await send(client, { plan: PDF })
    const copy = await client.get(own.link('抄送'))
    const found = await client.submit(copy, copy.path, { q: '王艳', intent: 'search', comment: '' })
    await client.submit(found, copy.path, { to: found.root.querySelector('input[name=to]')?.getAttribute('value') ?? '', intent: 'send', comment: '' })
    const reader = await campus.as('王艳')
    const page = await reader.get(own.path)
    const [seen, all] = [answersOn(page), answersOn(own)]
    assert.deepEqual([...all.keys()].filter(label => !seen.has(label)), ['手机', '活动方案', '准备程度'])
    assert.equal((await reader.get(own.link('要求.pdf'))).status, 404)
    assert.ok(page.has(MASKED_ID) && page.root.querySelector('form[action$="/whole"]') === null, 'and nothing masked is opened')
    assert.equal((await reader.post(`${own.path}/whole`, { _csrf: page.value('_csrf'), field: 'id_number' })).status >= 400, true)
  })

  await t.test('an ID number rests sealed: masked everywhere, whole for the applicant and who decides now, and that it was seen stays in the record', async () => {
    const { client, name } = await campus.student()
    const own = await send(client)
    const id = idOf(own)
    assert.equal(answersOn(own).get('身份证号')?.includes(MASKED_ID), true)
    for (const table of ['services_applications', 'services_revisions', 'services_secrets', 'approvals_instances', 'approvals_history', 'events', 'messages_messages', 'jobs'] as const) {
      assert.ok(!JSON.stringify(await db.selectFrom(table).selectAll().execute()).includes(WHOLE_ID), table)
    }
    const task = await openTaskOf(tutor, name)
    assert.ok(task.has(MASKED_ID) && !task.has(WHOLE_ID))
    const whole = `/applications/${id}/whole`
    const seen = await tutor.submit(task, whole, { field: 'id_number' })
    assert.ok(seen.has(WHOLE_ID) && seen.has('查看了完整的证件号码'))
    assert.equal((await tutor.submit(task, whole, { field: 'title' })).status, 404)
    assert.equal((await tutor.submit(task, whole, { field: 'constructor' })).status, 404)
    const stranger = await registrar.post(whole, { _csrf: (await registrar.get('/received')).value('_csrf'), field: 'id_number' })
    assert.equal(stranger.status, 403)
    await tutor.submit(task, actionOf(task), { decision: 'approve' })
    const late = await tutor.post(whole, { _csrf: (await tutor.get('/account')).value('_csrf'), field: 'id_number' })
    assert.equal(late.status, 403, 'a task that is done shows no more')
    assert.equal((await db.selectFrom('events').select('id').where('name', '=', 'services.whole-seen').where('subject', '=', id).execute()).length, 1)
  })

  await t.test('copied as new, the sealed number goes along and the signature does not; a deleted draft leaves neither', async () => {
    const { client } = await campus.student()
    const own = await send(client)
    const draft = await client.submit(own, `/applications/${idOf(own)}/copy`, {})
    assert.deepEqual([draft.value('id_number'), draft.value('title'), draft.value('items.0.name'), draft.value('signature.name')], [WHOLE_ID, '秋游', '车票', ''])
    const sealed = () => db.selectFrom('services_secrets').select('revision').where('application_id', '=', draft.value('draft')).execute()
    assert.equal((await sealed()).length, 1)
    const question = await client.get(draft.link('删除草稿'))
    await client.submit(question, question.path, {})
    assert.deepEqual(await sealed(), [])
  })

  await t.test('what is an approver’s to fill in is asked of the step that may write it, and of nobody else', async () => {
    const { client, name } = await campus.student()
    const forged = await send(client, { granted: '99999' })
    assert.ok(forged.has('收到了这项服务没有的内容，没有提交：granted'))
    const own = await send(client)
    const filling = `/applications/${idOf(own)}/filling`
    const task = await openTaskOf(tutor, name)
    for (const who of [client, tutor]) assert.equal((await who.get(filling)).status, 403)
    await tutor.submit(task, actionOf(task), { decision: 'approve' })
    assert.equal((await tutor.get(filling)).status, 403)
    const mine = await openTaskOf(registrar, name)
    assert.ok(mine.has('这一环节由你填写：批准经费、审批签名'))
    const early = await registrar.submit(mine, actionOf(mine), { decision: 'approve', comment: '可以' })
    assert.deepEqual([early.status, early.has('请先填写“批准经费”，再同意'), early.value('comment').trim()], [422, true, '可以'])
    // A node that has other services by now asks the same: what counts is the version that was applied for.
    const other = await createApp(campus.app.config, { clock: campus.clock, log: quietLog })
    t.after(() => other.close())
    const answer = await (await other.http()).inject({
      method: 'POST', url: actionOf(mine), payload: new URLSearchParams({ _csrf: mine.value('_csrf'), decision: 'approve' }).toString(),
      headers: { cookie: [...registrar.cookies].map(pair => pair.join('=')).join('; '), accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
    })
    assert.deepEqual([answer.statusCode, answer.body.includes('请先填写“批准经费”，再同意')], [422, true])
    const page = await registrar.get(mine.link('去填写'))
    assert.ok(page.has('批准经费') && !page.root.querySelector('[name=title]'))
    const back = await registrar.submit(page, filling, { granted: 'x', intent: 'submit' })
    assert.deepEqual([back.status, back.value('granted'), back.has('“批准经费”应填写金额')], [422, 'x', true])
    assert.equal((await registrar.submit(page, filling, { granted: '1', title: '改掉', intent: 'submit' })).status, 422, 'nothing but its own')
    const signed = await registrar.submit(page, filling, { granted: '300', 'stamp.drawn': `data:image/png;base64,${PNG.content.toString('base64')}`, act: 'stamp.put' })
    assert.ok(signed.root.querySelector('.signature-kept img') && signed.value('granted') === '300', 'the signature is kept, and what was typed beside it')
    const saved = await registrar.submit(signed, filling, { granted: '300', intent: 'submit' })
    assert.ok(saved.root.querySelectorAll('.rows > div').find(row => row.querySelector('dt')?.text.trim() === '审批签名')?.querySelector('img'))
    assert.match(answersOn(saved).get('批准经费') ?? '', /¥300\.00/)
    assert.ok(saved.has('填写了审批环节的内容') && answersOn(saved).get('活动名称') === FILLED.title)
    const { form } = await db.selectFrom('approvals_instances').select('form').where('subject', '=', idOf(own)).executeTakeFirstOrThrow()
    assert.equal(JSON.parse(form).granted, 30_000, 'later steps see it')
    await registrar.submit(saved, actionOf(saved), { decision: 'approve' })
    assert.equal((await registrar.submit(page, filling, { granted: '1', intent: 'submit' })).status, 403, 'after the decision it stands')
  })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CommonField } from '../../src/features/services/fields/field.ts'
import { lockedKeys } from '../../src/features/services/rules/corrections.ts'
import { openForm } from '../../src/features/services/rules/form.ts'
import { answersOn, idOf, openTaskOf, send, startActivity, WHOLE_ID } from './activity.ts'
import { actionOf, PDF } from './campus.ts'

test('only what was marked is open where the service says so, and what hangs on its answer with it', () => {
  const fields: CommonField[] = [
    { key: 'a', type: 'text', label: '甲' }, { key: 'b', type: 'text', label: '乙', when: { field: 'a', filled: true } }, { key: 'c', type: 'text', label: '丙', when: { not: { field: 'b', filled: true } } }, { key: 'd', type: 'text', label: '丁' }, { key: 'n', type: 'note', label: '戊' },
  ]
  const locked = (marked: string[], setting?: 'open' | 'locked') => [...lockedKeys(openForm(fields), marked.map(field => ({ field })), setting)]
  assert.deepEqual(locked(['a'], 'locked'), ['d'])
  assert.deepEqual(locked(['d'], 'locked'), ['a', 'b', 'c'])
  assert.deepEqual(locked([], 'locked'), [])
  assert.deepEqual(locked(['a']), [])
})

test('an application is returned with what is wrong, field by field', async t => {
  const campus = await startActivity(t)
  const { db } = campus.app.database
  const tutor = await campus.as('李敏')
  const { client, name } = await campus.student()
  const sent = await send(client, { plan: PDF })
  const id = idOf(sent)
  const task = await openTaskOf(tutor, name)
  const path = task.link('逐项指出要修改的内容')

  await t.test('a reason is asked for each, and at least one; what was chosen and written comes back', async () => {
    const page = await tutor.get(path)
    const none = await tutor.submit(page, path, { comment: '看一下' })
    assert.deepEqual([none.status, none.has('请至少选一项要修改的内容'), none.value('comment').trim()], [422, true, '看一下'])
    const half = await tutor.submit(page, path, { 'title.note': '太短' })
    assert.deepEqual([half.status, half.has('请选择“活动名称”要修改的原因'), half.value('title.note')], [422, true, '太短'])
    const long = await tutor.submit(page, path, { 'title.reason': 'incomplete', 'title.note': '长'.repeat(201) })
    assert.deepEqual([long.status, long.has('“活动名称”的说明最多 200 字'), long.value('title.reason')], [422, true, 'incomplete'])
    assert.equal((await tutor.submit(page, path, { 'title.reason': 'ugly' })).status, 422)
    assert.equal((await client.get(path)).status, 404, 'the page is for who holds the task')
  })

  await t.test('the applicant reads each at its field; the rest is shown and cannot be changed', async () => {
    const returned = await tutor.submit(await tutor.get(path), path, { 'title.reason': 'incomplete', 'title.note': '写明地点', 'kind.reason': 'incorrect', 'items.reason': 'outdated' })
    assert.ok(returned.has('已退回申请人修改') && returned.has('请修改：活动名称（不完整）、活动类型（不正确）、经费明细（已过期）'))
    const late = await tutor.post(path, { _csrf: returned.value('_csrf') || (await tutor.get('/account')).value('_csrf'), 'title.reason': 'incorrect' })
    assert.equal(late.status, 409, 'pressed twice, it is returned once')
    assert.equal((await db.selectFrom('services_corrections').select('id').where('application_id', '=', id).execute()).length, 3)
    const own = await client.get(sent.path)
    assert.match(answersOn(own).get('活动名称') ?? '', /要求修改：不完整：写明地点/)
    const form = await client.get(own.link('修改并重新提交'))
    assert.ok(form.has('请修改标明的 3 处') && form.root.querySelector('#part-title')?.text.includes('需要修改：不完整'))
    assert.ok(form.root.querySelector('#part-title')?.text.includes('李敏：写明地点'))
    assert.ok(form.root.querySelector('[name="items.0.price"]') && form.root.querySelector('[name=kind_other]'), 'what hangs on a marked answer is open too')
    assert.ok(!form.root.querySelector('[name=reason]') && form.has('看红叶'))
    const strange = await client.submit(form, form.path, { title: '秋游香山', kind: 'lecture', 'items.0.name': '车票', 'items.0.price': '12', 'items.0.count': '30', reason: '偷偷改', intent: 'submit' })
    assert.deepEqual([strange.status, strange.has('没有提交：reason')], [422, true])
    const again = await client.submit(strange, form.path, { title: '秋游香山', kind: 'lecture', 'items.0.name': '车票', 'items.0.price': '12', 'items.0.count': '30', intent: 'submit' })
    const said = answersOn(again)
    assert.deepEqual([said.get('活动内容'), said.get('预算结余')?.includes('¥255.00'), said.get('活动方案')?.includes('要求.pdf')], ['看红叶', true, true])
    assert.equal((await campus.app.services.applicationById(db, id)).form.title, '秋游香山')
  })

  await t.test('the second time the approver reads what had been asked, and the sealed number is still there', async () => {
    const second = await openTaskOf(tutor, name)
    assert.match(answersOn(second).get('活动名称') ?? '', /秋游香山.*要求修改：不完整：写明地点/)
    assert.ok(second.has('这是第 2 次提交，修改了：活动名称、经费明细、预算结余'))
    assert.ok((await tutor.submit(second, `/applications/${id}/whole`, { field: 'id_number' })).has(WHOLE_ID))
  })

  await t.test('what an approver enters afterwards is no change of the applicant’s', async () => {
    const second = await openTaskOf(tutor, name)
    await tutor.submit(second, actionOf(second), { decision: 'approve' })
    const registrar = await campus.as('周静')
    const filling = `/applications/${id}/filling`
    const saved = await registrar.submit(await registrar.get(filling), filling, { granted: '300', 'stamp.name': '周静', intent: 'submit' })
    assert.ok(saved.has('¥300.00') && saved.has('这是第 2 次提交，修改了：活动名称、经费明细、预算结余 '), saved.text)
  })

  await t.test('what hangs on an answer that is locked is shown and can be corrected, with script too', async () => {
    const other = await campus.student()
    await send(other.client, { kind: 'other', kind_other: '读书会', needs: ['room'], place: 'north/gym' })
    const action = (await openTaskOf(tutor, other.name)).link('逐项指出要修改的内容')
    await tutor.submit(await tutor.get(action), action, { 'kind_other.reason': 'incorrect' })
    const returned = await other.client.get((await other.client.get('/sent')).link('活动申请'))
    const form = await other.client.get(returned.link('修改并重新提交'))
    for (const key of ['kind_other', 'place']) {
      const part = form.root.querySelector(`#part-${key}`)
      assert.ok(part && !part.hasAttribute('data-when') && !part.hasAttribute('data-unasked'), `${key}: the browser knows nothing of the answer that is locked`)
    }
    assert.equal(form.value('kind_other'), '读书会')
  })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client, Page } from '../support/client.ts'
import { actionOf, apply, decide, openTask, PDF, PNG, startCampus } from './campus.ts'

/** Searches on a page that chooses people, chooses the first of that name and sends. */
async function choose(client: Client, page: Page, name: string, fields: Record<string, string> = {}): Promise<Page> {
  const action = page.root.querySelectorAll('form').map(form => form.getAttribute('action') ?? '').find(one => /\/(passing|copies)$/.test(one)) ?? ''
  const found = await client.submit(page, action, { ...fields, q: name, intent: 'search' })
  const label = found.root.querySelectorAll('label.choice').find(one => one.text.includes(name))
  const to = label?.querySelector('input')?.getAttribute('value') ?? ''
  return client.submit(found, action, { ...fields, q: '', to, intent: 'send' })
}

test('a task goes further than yes and no', async t => {
  const campus = await startCampus(t)
  let tutor = await campus.as('李敏')
  let registrar = await campus.as('周静')
  t.beforeEach(async () => { tutor = await campus.as('李敏'); registrar = await campus.as('周静') })

  await t.test('转交 by search without script: what was typed stays, the other decides, and the applicant reads it', async () => {
    const { client, name } = await campus.student()
    const sent = await apply(client)
    const task = await openTask(tutor, name)
    const form = await tutor.get(task.link('转交'))
    assert.ok(form.has('转交后由对方办理'))
    const action = form.path.split('?')[0] ?? ''
    const nobody = await tutor.submit(form, action, { how: 'transfer', q: '', comment: '请代我办理', intent: 'send' })
    assert.deepEqual([nobody.status, nobody.has('请选择人员'), nobody.value('comment').trim()], [422, true, '请代我办理'])
    assert.equal(nobody.root.querySelector('.summary a')?.getAttribute('href'), '#f-q')
    const unknown = await tutor.submit(form, action, { how: 'transfer', q: '不存在的人', comment: '请代我办理', intent: 'search' })
    assert.ok(unknown.has('没有找到，请换一个姓名或工号') && unknown.value('comment').trim() === '请代我办理')
    const done = await choose(tutor, unknown, '周静', { how: 'transfer', comment: '请代我办理' })
    assert.ok(done.has('已转交'))
    const page = await client.get(sent.path)
    for (const words of ['转交：周静', '请代我办理', '等辅导员 周静 审批']) assert.ok(page.has(words), words)
    assert.ok((await decide(registrar, name, 'approve')).has('已同意'))
  })

  await t.test('加签 before: the signer decides first, and can be taken away again', async () => {
    const { client, name } = await campus.student()
    await apply(client)
    const form = await tutor.get((await openTask(tutor, name)).link('加签'))
    const waiting = await choose(tutor, form, '周静', { how: 'add', place: 'before', mode: 'all', comment: '' })
    assert.ok(waiting.has('我请来的人') && !waiting.has('审批意见'))
    const removal = waiting.root.querySelector('button[formaction*="/signers/"]')?.getAttribute('formaction') ?? ''
    const back = await tutor.submit(waiting, removal, {})
    assert.ok(back.has('已减签') && back.has('审批意见'))
    assert.equal((await registrar.get('/received')).has(`${name}的在读证明`), false)
  })

  await t.test('沟通: the other answers, and the task stays where it is', async () => {
    const { client, name } = await campus.student()
    const sent = await apply(client)
    const form = await tutor.get((await openTask(tutor, name)).link('征求意见'))
    const empty = await tutor.submit(form, form.path.replace(/\?.*/, ''), { how: 'consult', comment: '', intent: 'send' })
    assert.deepEqual([empty.status, empty.has('请选择人员'), empty.has('请写明要问什么')], [422, true, true], 'all that is missing is said at once')
    await choose(tutor, form, '周静', { how: 'consult', comment: '学籍正常吗' })
    const asked = await openTask(registrar, name)
    assert.ok(asked.has('对方会看到你的回复') && asked.has('学籍正常吗') && !asked.has('驳回'))
    await registrar.submit(asked, actionOf(asked), { decision: 'reply', comment: '正常' })
    const page = await client.get(sent.path)
    assert.ok(page.has('征求意见：周静') && page.has('正常') && page.has('等辅导员 李敏 审批'))
  })

  await t.test('退回 to an earlier step and straight back; 拿回 while the next has not acted', async () => {
    const { client, name } = await campus.student()
    const sent = await apply(client)
    await decide(tutor, name, 'approve')
    const task = await openTask(registrar, name)
    const form = await registrar.get(task.link('退回到指定环节'))
    const without = await registrar.submit(form, form.path, { to: 'tutor', way: 'straight', comment: '' })
    assert.deepEqual([without.status, without.has('请写明需要修改什么')], [422, true])
    assert.equal(without.root.querySelector('.summary a')?.getAttribute('href'), '#f-comment', 'its field stands under the bar of buttons on a phone')
    await registrar.submit(form, form.path, { to: 'tutor', way: 'straight', comment: '请核实学籍' })
    assert.ok((await client.get(sent.path)).has('退回到环节：辅导员审批'))
    const again = await decide(tutor, name, 'approve')
    const recall = again.root.querySelector('[formaction$="/recall"]')?.getAttribute('formaction') ?? ''
    const taken = await tutor.submit(again, recall, {})
    assert.ok(taken.has('已拿回，请重新办理') && taken.has('审批意见'))
    assert.equal((await registrar.get('/received')).has(`${name}的在读证明`), false)
  })

  await t.test('an opinion is kept for later; a comment and a copy reach who may read', async () => {
    const { client, name } = await campus.student()
    const sent = await apply(client)
    const task = await openTask(tutor, name)
    const kept = await tutor.submit(task, actionOf(task).replace('decision', 'draft'), { comment: '待核实' })
    assert.equal(kept.value('comment').trim(), '待核实')
    const comments = await client.get(sent.link('留言'))
    await client.submit(comments, comments.path, { comment: '下周要用', files: [PDF, PNG] })
    const told = await openTask(tutor, name)
    assert.ok(told.has('下周要用'))
    assert.deepEqual([(await tutor.get(told.link('要求.pdf'))).status, (await tutor.get(told.link('图.png'))).status], [200, 200], 'who may read the comment opens its files')
    assert.deepEqual([(await registrar.get(sent.path)).status, (await registrar.get(told.link('要求.pdf'))).status], [403, 403])
    const wrong = await client.submit(comments, comments.path, { comment: '再补一份', files: { filename: '表.pdf', type: 'application/pdf', content: Buffer.from('no pdf at all') } })
    assert.deepEqual([wrong.status, wrong.has('“表.pdf”的内容不是'), wrong.value('comment').trim()], [422, true, '再补一份'])
    const many = await client.submit(comments, comments.path, { comment: '很多', files: [PDF, PDF, PDF, PDF] })
    assert.deepEqual([many.status, many.has('最多 3 个文件')], [422, true])
    assert.ok((await client.submit(comments, comments.path, { comment: ' ', files: PDF })).has('请填写留言'))
    assert.ok(!(await client.get(sent.path)).has('很多'))
    await choose(client, await client.get(sent.link('抄送')), '周静', { comment: '' })
    assert.ok((await registrar.get('/received?state=copied')).has(`${name}的在读证明`))
    assert.equal((await registrar.get(sent.path)).status, 200)
  })

  await t.test('an opinion takes files, whatever the decision; what is wrong with one is said and nothing is decided', async () => {
    const { client, name } = await campus.student()
    const sent = await apply(client)
    const task = await openTask(tutor, name)
    const wrong = await tutor.submit(task, actionOf(task), { decision: 'return', comment: '请看批注', files: { filename: '批注.pdf', type: 'application/pdf', content: Buffer.from('no pdf at all') } })
    assert.deepEqual([wrong.status, wrong.has('“批注.pdf”的内容不是'), wrong.value('comment').trim()], [422, true, '请看批注'])
    const many = await tutor.submit(wrong, actionOf(wrong), { decision: 'return', comment: '请看批注', files: [PDF, PDF, PDF, PDF] })
    assert.deepEqual([many.status, many.has('最多 3 个文件')], [422, true])
    assert.ok((await client.get(sent.path)).has('等辅导员 李敏 审批'))
    assert.ok((await tutor.submit(many, actionOf(many), { decision: 'return', comment: '请看批注', files: [PDF, PNG] })).has('已退回申请人'))
    const told = await client.get(sent.path)
    assert.ok(told.has('请看批注'))
    const here = (page: Page) => page.root.querySelectorAll('nav [aria-current]').map(one => one.text.trim()).join()
    assert.match(here(told), /我发出的/)
    assert.match(here(await tutor.get(sent.path)), /我收到的/)
    assert.deepEqual([(await client.get(told.link('要求.pdf'))).status, (await registrar.get(told.link('要求.pdf'))).status], [200, 403], 'who may read the opinion opens its files')
  })

  await t.test('several at once: each has its result, and one that is not to be decided holds no other up', async () => {
    const people = [await campus.student(), await campus.student(), await campus.student()]
    for (const { client } of people) await apply(client)
    const page = await tutor.get('/received/batch')
    const ids = page.root.querySelectorAll('input[name=task]').map(input => input.getAttribute('value') ?? '')
    const none = await tutor.submit(page, '/received/batch', { decision: 'approve', comment: '' })
    assert.deepEqual([none.status, none.has('请选择要办理的事项')], [422, true])
    await decide(tutor, people[0]?.name ?? '', 'reject', '重复')
    const foreign = await campus.app.database.db.selectFrom('approvals_tasks as task').innerJoin('identity_bindings as binding', 'binding.person_id', 'task.person_id')
      .select('task.id').where('task.status', '=', 'open').where('task.id', 'not in', ids).executeTakeFirst()
    const token = page.value('_csrf')
    const results = await tutor.post('/received/batch', { _csrf: token, decision: 'approve', comment: '', task: [...ids, foreign?.id ?? '01ARZ3NDEKTSV4RRFFQ69G5FAV'] })
    assert.ok(results.has(`${ids.length - 1} 项已办理，2 项没有办理`), results.text)
    assert.ok(results.has('已经驳回过，不必再次办理') && results.has('没有找到这项待办'))
  })

  await t.test("another's task is nobody's business", async () => {
    const { client, name } = await campus.student()
    await apply(client)
    const path = actionOf(await openTask(tutor, name)).replace('/decision', '')
    const token = (await registrar.get('/received')).value('_csrf')
    for (const act of ['claim', 'release', 'recall', 'draft', 'passing', 'return']) {
      const answer = await registrar.post(`${path}/${act}`, { _csrf: token, how: 'transfer', comment: '好', to: 'applicant', intent: 'send' })
      assert.equal(answer.status, 404, act)
    }
    assert.equal((await client.get(`${path}/passing?how=transfer`)).status, 404, 'the applicant may know of it, but not hand it on')
  })
})

test('代理人 is set by search for some days, and ended', async t => {
  const campus = await startCampus(t)
  const tutor = await campus.as('李敏')
  const registrar = await campus.as('周静')
  const page = await tutor.get('/received/absences')
  const empty = await tutor.submit(page, page.path, { q: '', from: '2026-11-16', until: '', intent: 'send' })
  assert.deepEqual([empty.status, empty.has('请选择代理人'), empty.has('请填写日期'), empty.value('from')], [422, true, true, '2026-11-16'])
  const herself = await tutor.submit(empty, page.path, { q: '李敏', from: '2026-11-16', until: '2026-11-18', intent: 'search' })
  assert.equal(herself.root.querySelectorAll('input[name="to"]').length, 0, 'nobody stands in for herself')
  const found = await tutor.submit(empty, page.path, { q: '周静', from: '2026-11-16', until: '2026-11-18', intent: 'search' })
  const to = found.root.querySelectorAll('label.choice').find(label => label.text.includes('周静'))?.querySelector('input')?.getAttribute('value') ?? ''
  const set = await tutor.submit(found, page.path, { q: '', to, from: '2026-11-16', until: '2026-11-18', intent: 'send' })
  assert.ok(set.has('11月16日至11月18日由周静代理'))
  const { client, name } = await campus.student()
  await apply(client)
  const task = await openTask(registrar, name)
  assert.ok(task.has('代李敏办理'))
  await tutor.submit(set, set.root.querySelector('[formaction$="/end"]')?.getAttribute('formaction') ?? '', {})
  const other = await campus.student()
  await apply(other.client)
  assert.ok((await tutor.get('/received')).has(`${other.name}的在读证明`))
})

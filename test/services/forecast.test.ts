import assert from 'node:assert/strict'
import { test } from 'node:test'
import { APPLY, apply, decide, GOOD, openTask, SERVICE, startCampus } from './campus.ts'

test('before sending one sees who decides and why', async t => {
  const campus = await startCampus(t)
  const { db } = campus.app.database
  const applications = async () => Number((await db.selectFrom('approvals_instances').select(({ fn }) => fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).n)

  await t.test('the service says by which day it is done', async () => {
    const { client } = await campus.student()
    const guide = await client.get(SERVICE)
    assert.match(guide.text, /1 个工作日，现在提交约 \d+月\d+日前办结/)
  })

  await t.test('without script a button keeps the draft and shows the steps with their people', async () => {
    const { client } = await campus.student()
    const page = await client.submit(await client.get(APPLY), APPLY, { ...GOOD, mailbox: 'not a mailbox', intent: 'foresee' })
    assert.match(page.path, /^\/applications\/[0-9A-Z]{26}\/approvers$/)
    for (const words of ['辅导员审批', '李敏', '申请人的辅导员', '教务员审批', '文学院的教务员', '周静', '任一人同意', '都同意后办结', '还有没填好的内容']) assert.ok(page.has(words), words)
    assert.equal(await applications(), 0)
    const form = await client.get(page.link('返回填写'))
    assert.equal(form.value('mailbox'), 'not a mailbox')
    assert.ok(form.has('谁来审批'))
    const whole = await client.submit(form, APPLY, { ...GOOD, intent: 'foresee' })
    assert.ok(whole.has('提交时以实际为准') && !whole.has('还有没填好的内容'))
  })

  await t.test('it is the applicant’s alone, and over once it is sent', async () => {
    const { client } = await campus.student()
    const page = await client.submit(await client.get(APPLY), APPLY, { ...GOOD, intent: 'foresee' })
    const { client: other } = await campus.student()
    assert.deepEqual([(await other.get(page.path)).status, (await (await campus.as('李敏')).get(page.path)).status], [403, 403])
    const sent = await apply(client)
    assert.equal(page.path, `${sent.path}/approvers`)
    assert.equal((await client.get(page.path)).path, sent.path)
  })

  await t.test('who holds the task reads the department and the role that brought it', async () => {
    const { client, name } = await campus.student()
    await apply(client)
    const tutor = await campus.as('李敏')
    const task = await tutor.get((await tutor.get('/received')).link(`${name}的在读证明`))
    assert.ok(task.has('申请人的辅导员'))
    await decide(tutor, name, 'approve')
    const registrar = await campus.as('周静')
    assert.ok((await openTask(registrar, name)).has('由谁办理的依据：文学院的教务员'))
  })
})

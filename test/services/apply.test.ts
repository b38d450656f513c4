import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apply, APPLY, GOOD, PDF, PNG, SERVICE, startCampus } from './campus.ts'

test('a student fills in and sends', async t => {
  const campus = await startCampus(t)
  const { db } = campus.app.database

  await t.test('a form comes back filled, with the sentences in the summary and at the fields', async () => {
    const { client } = await campus.student()
    const back = await client.submit(await client.get(APPLY), APPLY, { purpose: 'other', language: 'en', mailbox: 'not-an-address', remark: '长'.repeat(201), intent: 'submit' })
    assert.equal(back.status, 422)
    assert.deepEqual([back.value('purpose'), back.value('language'), back.value('mailbox'), back.value('remark').trim().length], ['other', 'en', 'not-an-address', 201])
    for (const sentence of ['请填写“其他用途”', '“接收邮箱”不是完整的邮箱地址，应类似 name@example.com', '“备注”最多 200 字，现在有 201 字']) {
      assert.equal(back.text.split(sentence).length - 1, 2, `${sentence}: once on top and once at its field`)
    }
    assert.equal(back.root.querySelector('.summary a[href="#f-mailbox"]')?.tagName, 'A')
  })

  await t.test('a draft is kept by itself, announced at home, continued, and gone once it is sent', async () => {
    const { client } = await campus.student()
    const form = await client.get(APPLY)
    assert.ok(!(await client.get('/')).has('还没有提交'), 'a form that was only opened is no draft')
    const saved = await client.post(`/applications/${form.value('draft')}/draft`, { _csrf: form.value('_csrf'), draft: form.value('draft'), purpose: 'exchange', remark: '写到一半' })
    assert.equal(saved.status, 200)
    const home = await client.get('/')
    assert.ok(home.has('还没有提交'))
    const again = await client.get(home.link('在读证明继续填写'))
    assert.deepEqual([again.value('purpose'), again.value('remark').trim(), again.value('draft')], ['exchange', '写到一半', form.value('draft')])
    assert.ok((await client.get(SERVICE)).has('有一份草稿还没有提交'))
    await apply(client)
    assert.ok(!(await client.get('/')).has('还没有提交'))
  })

  await t.test('without script a button keeps the draft, and a page asks before it is deleted', async () => {
    const { client } = await campus.student()
    const kept = await client.submit(await client.get(APPLY), APPLY, { mailbox: 'half@', intent: 'save', attachment: PDF })
    assert.ok(kept.value('mailbox') === 'half@' && kept.has('要求.pdf'))
    const question = await client.get(kept.link('删除草稿'))
    const home = await client.submit(question, question.path, {})
    assert.ok(home.has('草稿已删除') && !home.has('还没有提交'))
    const fresh = await client.get(APPLY)
    assert.ok(fresh.value('mailbox') === '' && !fresh.has('要求.pdf'))
  })

  await t.test('an attachment is told by its content, and what was uploaded survives a form that is refused', async () => {
    const { client } = await campus.student()
    const disguised = { filename: '成绩.pdf', type: 'application/pdf', content: Buffer.from('MZ\u0090\u0000 not a PDF at all, whatever it is called') }
    const back = await client.submit(await client.get(APPLY), APPLY, { ...GOOD, mailbox: '', attachment: [PDF, disguised], intent: 'submit' })
    assert.equal(back.status, 422)
    assert.ok(back.has('“成绩.pdf”的内容不是 PDF / JPG / PNG，请换一个文件'))
    assert.ok(back.has('要求.pdf'), 'the good one is kept')
    const sent = await client.submit(back, APPLY, { ...GOOD, intent: 'submit' })
    assert.equal(sent.status, 200)
    const file = await client.get(sent.link('要求.pdf'))
    assert.equal(file.status, 200)
    assert.deepEqual(Buffer.from(file.bytes), PDF.content)
    assert.equal(file.headers.get('content-type'), 'application/pdf')
    assert.equal(file.headers.get('x-content-type-options'), 'nosniff')
    assert.equal(file.headers.get('content-disposition'), `attachment; filename*=UTF-8''${encodeURIComponent('要求.pdf')}`)
  })

  await t.test('a picture named as a path is kept under a plain name with the extension of its content', async () => {
    const { client } = await campus.student()
    const sent = await apply(client, { ...GOOD, attachment: { ...PNG, filename: '..\\..\\etc/\u202egnp.pdf' } })
    const row = await db.selectFrom('services_attachments').selectAll().where('application_id', '=', sent.path.slice('/applications/'.length)).executeTakeFirstOrThrow()
    assert.deepEqual([row.name, row.type], ['gnp.png', 'png'])
  })

  await t.test('a file that is too large, empty, or one too many is refused by name', async () => {
    const { client } = await campus.student()
    const large = { ...PDF, filename: '大.pdf', content: Buffer.concat([PDF.content, Buffer.alloc(10 * 1024 * 1024)]) }
    const first = await client.submit(await client.get(APPLY), APPLY, { ...GOOD, attachment: large, intent: 'submit' })
    assert.equal(first.status, 422)
    assert.ok(first.has('“大.pdf”超过 10 MB，请压缩或拆分后再传'))
    const second = await client.submit(first, APPLY, { ...GOOD, attachment: { ...PDF, filename: '空.pdf', content: Buffer.alloc(0) }, intent: 'submit' })
    assert.ok(second.has('“空.pdf”是空文件，请重新选择'))
    const third = await client.submit(second, APPLY, { ...GOOD, attachment: [1, 2, 3, 4].map(n => ({ ...PDF, filename: `${n}.pdf` })), intent: 'submit' })
    assert.ok(third.has('“附件”最多 3 个文件，现在有 4 个'))
    const one = third.root.querySelector('button[name=remove]')?.getAttribute('value') ?? ''
    const fourth = await client.submit(third, APPLY, { ...GOOD, remove: one })
    assert.equal(fourth.root.querySelectorAll('button[name=remove]').length, 3)
    assert.equal((await client.submit(fourth, APPLY, { ...GOOD, intent: 'submit' })).status, 200)
  })

  await t.test('fields that the form does not have are refused and named; nothing is sent', async () => {
    const { client } = await campus.student()
    const back = await client.submit(await client.get(APPLY), APPLY, { ...GOOD, status: 'approved', number: '1', intent: 'submit' })
    assert.equal(back.status, 422)
    assert.ok(back.has('收到了这项服务没有的内容，没有提交：status, number'))
    assert.equal(back.value('mailbox'), 'chen@example.com')
  })

  await t.test('a value of the wrong type is a sentence at its field', async () => {
    const { client } = await campus.student()
    const back = await client.submit(await client.get(APPLY), APPLY, { ...GOOD, purpose: ['visa', 'other'], remark: { ...PDF, filename: 'a.pdf' }, attachment: 'text', intent: 'submit' })
    assert.equal(back.status, 422)
    for (const sentence of ['“用途”的内容格式不对，请重新填写', '“附件”的内容格式不对，请重新填写', '“备注”不收文件']) assert.ok(back.has(sentence), sentence)
  })

  await t.test('pressed twice and sent again after a time-out, it is one application', async () => {
    const { client } = await campus.student()
    const form = await client.get(APPLY)
    const send = () => client.submit(form, APPLY, { ...GOOD, intent: 'submit' })
    const pages = await Promise.all([send(), send(), send()])
    const late = await send()
    assert.deepEqual(new Set([...pages, late].map(page => page.path)).size, 1)
    const rows = await db.selectFrom('approvals_instances').select('id').where('subject', '=', form.value('draft')).execute()
    assert.equal(rows.length, 1)
  })

  await t.test('a student who is sent away by another identity cannot touch the draft', async () => {
    const [one, two] = [await campus.student(), await campus.student()]
    const form = await one.client.get(APPLY)
    const strange = await two.client.submit(await two.client.get(APPLY), APPLY, { ...GOOD, draft: form.value('draft'), intent: 'submit' })
    assert.equal(strange.status, 403)
    const saved = await two.client.post(`/applications/${form.value('draft')}/draft`, { _csrf: (await two.client.get(APPLY)).value('_csrf'), purpose: 'visa' })
    assert.equal(saved.status, 403)
  })

  await t.test('staff read the guide and learn that it is not for them', async () => {
    const tutor = await campus.as('李敏')
    const guide = await tutor.get(SERVICE)
    assert.ok(guide.has('这项服务不对当前身份开放') && !guide.has('开始办理'))
    const form = await tutor.get(APPLY)
    assert.deepEqual([form.status, form.has('这项服务只对在读学生开放')], [403, true])
  })

  await t.test('a student on leave is told so too', async () => {
    const { name, client } = await campus.student()
    const { number } = await db.selectFrom('identity_people').select('number').where('name', '=', name).executeTakeFirstOrThrow()
    const stand = (standing: 'suspended' | 'enrolled') => db.updateTable('identity_numbers').set({ standing }).where('number', '=', number).execute()
    await stand('suspended')
    const form = await client.get(APPLY)
    assert.deepEqual([form.status, form.has('这项服务只对在读学生开放')], [403, true])
    await stand('enrolled')
    assert.equal((await client.get(APPLY)).status, 200)
  })

  await t.test('an unknown service is a page that says so', async () => {
    const page = await (await campus.student()).client.get('/services/moon-landing')
    assert.deepEqual([page.status, page.has('没有这项服务')], [404, true])
  })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { printed, workshop } from '../integrations/seal-material.ts'
import { idOf, MASKED_ID, openTaskOf, send, startActivity, WHOLE_ID } from '../services/activity.ts'
import { actionOf, apply, type Campus, decide, GOOD, startCampus } from '../services/campus.ts'
import { twoServices } from '../services/two-services.ts'
import { idIn } from '../support/certificate.ts'
import type { Client, Page } from '../support/client.ts'
import { holderOf } from '../support/desks.ts'
import { upload } from './office.ts'

const BOTH = { history: '1', files: '1' }
const ask = async (client: Client, application: string, fields: Record<string, string> = BOTH): Promise<Page> => {
  const address = `/documents/records/${idIn(application)}`
  return client.submit(await client.get(address), address, fields)
}
const codeOn = (page: Page) => page.root.querySelectorAll('dd').map(each => each.text.trim()).find(text => /^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/.test(text)) ?? assert.fail(page.text)

/** 设备报修 of a student, which the tutor has approved. */
async function repaired(campus: Campus): Promise<{ client: Client; name: string; path: string }> {
  const { client, name } = await campus.student()
  const { path } = await client.submit(await client.get('/services/repair/apply'), '/services/repair/apply', { ...GOOD, intent: 'submit' })
  const tutor = await campus.as('李敏')
  const task = await tutor.get((await tutor.get('/received')).link(`${name}的设备报修`))
  await tutor.submit(task, actionOf(task), { decision: 'approve', comment: '情况属实' })
  return { client, name, path }
}

test('办结单', async t => {
  const campus = await startCampus(t, { serviceFiles: twoServices(t) })
  const { database: { db } } = campus.app

  await t.test('who applied gets a sealed paper with what was asked, decided and attached, and anyone can verify it', async step => {
    const { client, name, path } = await repaired(campus)
    const page = await client.get(path)
    assert.equal(page.link('生成办结单'), `/documents/records/${idIn(path)}`)
    const waiting = await ask(client, path)
    assert.match(waiting.path, /^\/documents\/[0-9A-Z]{26}$/)
    await campus.drain()
    const document = await client.get(waiting.path)
    assert.ok(document.has('已签章') && document.has('办结单'), document.text)
    const { bytes } = await client.get(document.link('下载文件'))
    const { file } = await workshop(step)
    const words = await printed('pdftotext', '-layout', await file('record.pdf', bytes), '-')
    for (const said of ['设备报修', name, '办理签证', '签证中心要求', '李敏', '情况属实', '附件清单', '已通过', codeOn(document)]) assert.ok(words.includes(said), `${said}: ${words}`)
    const stranger = campus.stranger()
    const verdict = await stranger.get(`/verify?code=${codeOn(document)}`)
    for (const said of ['真实有效', '办结单', '设备报修', '已通过']) assert.ok(verdict.has(said), `${said}: ${verdict.text}`)
    for (const private_ of [name, '签证中心要求', '情况属实']) assert.ok(!verdict.has(private_), private_)
    assert.ok((await upload(stranger, bytes)).has('真实有效'))
    assert.ok((await client.get(path)).root.querySelectorAll('.event').every(each => !each.text.includes('文件')), 'the story of the application is not the paper’s')
  })

  await t.test('asked for again, or by an impatient thumb, it is the same one; with other parts it is another', async () => {
    const { client, path } = await repaired(campus)
    const [one, other] = await Promise.all([ask(client, path), ask(client, path)])
    assert.equal(one.path, other.path)
    const short = await ask(client, path, {})
    assert.notEqual(short.path, one.path)
    const rows = await db.selectFrom('documents_documents').select(['id', 'facts']).where('record_of', '=', idIn(path)).execute()
    assert.equal(rows.length, 2)
    const facts = JSON.parse(rows.find(row => row.id === idIn(short.path))?.facts ?? '{}')
    assert.deepEqual([facts.history, facts.files, typeof facts.answers], [undefined, undefined, 'string'])
    assert.ok((await client.get(`/documents/records/${idIn(path)}`)).has('已经生成的'))
  })

  await t.test('it is for who applied and the administrators, and only of what has ended', async () => {
    const { client, name, path } = await repaired(campus)
    const tutor = await campus.as('李敏')
    assert.ok(!(await tutor.get(path)).has('生成办结单'))
    assert.equal((await tutor.get(`/documents/records/${idIn(path)}`)).status, 404)
    const admin = await campus.phone((await holderOf(campus, 'admin')).userid)
    const made = await ask(admin, path)
    await campus.drain()
    assert.ok((await client.get(made.path)).has('已签章'), 'it is the applicant’s')
    assert.equal((await tutor.get(made.path)).status, 404)
    const running = (await campus.student()).client
    const { path: early } = await apply(running)
    const answer = await running.get(`/documents/records/${idIn(early)}`)
    assert.deepEqual([answer.status, answer.has('申请办结以后才有办结单')], [409, true])
    assert.ok(name)
  })

  await t.test('beside the certificate that an application brought there is room for its record', async () => {
    const { client, name } = await campus.student()
    const { path } = await apply(client)
    await decide(await campus.as('李敏'), name, 'approve')
    await decide(await campus.as('周静'), name, 'approve')
    await ask(client, path)
    await campus.drain()
    const list = await client.get('/documents')
    assert.ok(list.has('中文在读证明') && list.has('办结单'))
  })

  await t.test('what is taken back makes its records void, drawn or not', async () => {
    const { client, path } = await repaired(campus)
    const drawn = await ask(client, path)
    await campus.drain()
    const code = codeOn(await client.get(drawn.path))
    const waiting = await ask(client, path, {})
    const question = await client.get(`${path}/revocation`)
    await client.submit(question, `${path}/revocation`, { reason: '修好了' })
    await campus.drain()
    const verdict = await campus.stranger().get(`/verify?code=${code}`)
    assert.ok(verdict.has('已作废') && verdict.has('申请人已经撤销这份申请'), verdict.text)
    assert.ok((await client.get(waiting.path)).has('已作废'))
    const anew = await ask(client, path)
    assert.notEqual(anew.path, drawn.path)
    await campus.drain()
    assert.ok((await client.get(anew.path)).has('已签章'))
  })
})

test('a paper shows no more of an ID number than the page', async t => {
  const campus = await startActivity(t)
  const { client, name } = await campus.student()
  const application = idOf(await send(client))
  const teacher = await campus.as('李敏')
  const task = await openTaskOf(teacher, name)
  await teacher.submit(task, actionOf(task), { decision: 'reject', comment: '时间冲突' })
  await ask(client, `/applications/${application}`)
  const { facts } = await campus.app.database.db.selectFrom('documents_documents').select('facts').where('record_of', '=', application).executeTakeFirstOrThrow()
  assert.ok(facts.includes(MASKED_ID) && !facts.includes(WHOLE_ID))
  await campus.drain()
  const { id, status } = await campus.app.database.db.selectFrom('documents_documents').select(['id', 'status']).where('record_of', '=', application).executeTakeFirstOrThrow()
  assert.equal(status, 'issued')
  const { file } = await workshop(t)
  const words = await printed('pdftotext', '-layout', await file('record.pdf', (await client.get(`/documents/${id}/file`)).bytes), '-')
  assert.match(words, /合计 +30 +¥300\.00/, 'the sums of a table are named')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apply, decide, GOOD } from '../services/campus.ts'
import { idIn } from '../support/certificate.ts'
import type { Client, Fields, Page } from '../support/client.ts'
import { rows, startDesk, toldTo } from './desk.ts'
import { folderOf, plainService, tutor } from './services.ts'

/** Opens the act's page and sends it. */
async function act(desk: Client, id: string, name: string, fields: Fields, query = ''): Promise<Page> {
  const address = `/admin/applications/${id}/${name}`
  return desk.submit(await desk.get(address + query), address, { intent: 'send', ...fields })
}

test('the page of an application says who was asked and why, what they said, and what works behind it', async t => {
  const { campus, admin } = await startDesk(t)
  const { client, name } = await campus.student()
  const id = idIn((await apply(client)).path)
  await decide(await campus.as('李敏'), name, 'approve', '情况属实')
  const page = await admin.get(`/admin/applications/${id}`)
  const tasks = page.root.querySelector('#tasks')?.querySelectorAll('tbody tr').map(row => row.structuredText.replace(/\s+/g, ' ').trim()) ?? []
  assert.match(tasks[0] ?? '', /辅导员审批 李敏.*导师|辅导员审批 李敏/)
  assert.match(tasks[0] ?? '', /李敏 已同意.*情况属实/)
  assert.match(tasks[1] ?? '', /教务员审批.*等待审批.*改派/)
  assert.ok(page.has('办理签证') && page.has('chen@example.com'), page.text)
  assert.ok(page.root.querySelector('#timeline')?.structuredText.includes('情况属实'))
  assert.equal((await admin.get('/admin/applications/01ARZ3NDEKTSV4RRFFQ69G5FAV')).status, 404)
})

test('an answer of several rows is read as a table there too', async t => {
  const copies = { key: 'copies', type: 'table', label: '要盖章的文件', columns: [{ key: 'file', type: 'text', label: '文件名称' }, { key: 'count', type: 'number', label: '份数' }], sums: ['count'] }
  const { campus, admin } = await startDesk(t, { serviceFiles: folderOf(t, plainService({ fields: fields => [...fields, copies] })) })
  const { client } = await campus.student()
  const id = idIn((await apply(client, { ...GOOD, 'copies.0.file': '合作函', 'copies.0.count': '3' })).path)
  const page = await admin.get(`/admin/applications/${id}`)
  assert.equal(page.status, 200)
  assert.ok(page.has('合作函'), page.text)
  assert.ok(page.root.querySelector('link[href*="css/pages/forms.css"]'), 'with the lines of a table')
})

test('a task goes to another: by search, with a reason, and everyone concerned hears of it', async t => {
  const { campus, admin } = await startDesk(t)
  const { client, name } = await campus.student()
  const id = idIn((await apply(client)).path)
  const address = (await admin.get(`/admin/applications/${id}`)).link('改派')
  const found = await admin.submit(await admin.get(address), `/admin/applications/${id}/reassignment`, { q: '崔语涵', reason: '李敏出差', intent: 'search' })
  assert.equal(found.value('reason').trim(), '李敏出差', 'what was typed stays')
  const to = found.root.querySelector('input[name=to]')?.getAttribute('value') ?? ''
  const missing = await admin.submit(found, `/admin/applications/${id}/reassignment`, { q: '崔语涵', to, reason: '', intent: 'send' })
  assert.deepEqual([missing.status, missing.has('请填写理由')], [422, true])
  const done = await admin.submit(missing, `/admin/applications/${id}/reassignment`, { to, reason: '李敏出差', intent: 'send' })
  assert.ok(done.has('已改派') && done.root.querySelector('#timeline')?.structuredText.includes('李敏 → 崔语涵'), done.text)
  assert.ok(done.root.querySelector('#timeline')?.structuredText.includes('李敏出差'), 'the reason stands in the trail')
  assert.match((await toldTo(campus, '崔语涵'))[0] ?? '', /等待审批/)
  assert.match((await toldTo(campus, '李敏'))[0] ?? '', new RegExp(`${name}的在读证明已改派给崔语涵`))
  assert.ok((await (await campus.as('崔语涵')).get('/received')).has(name))
  assert.ok(!(await (await campus.as('李敏')).get('/received')).has(name))
  const late = await admin.submit(missing, `/admin/applications/${id}/reassignment`, { to, reason: '又一次', intent: 'send' })
  assert.deepEqual([late.status, late.has('这项待办已经办理')], [409, true], 'the task that was on the page is over')
})

test('suspended, nobody acts; resumed, it goes on; each is told with its reason', async t => {
  const { campus, admin } = await startDesk(t)
  const { client, name } = await campus.student()
  const id = idIn((await apply(client)).path)
  assert.equal((await act(admin, id, 'suspension', { reason: ' ' })).status, 422)
  const held = await act(admin, id, 'suspension', { reason: '等上级批示' })
  assert.ok(held.has('已暂停') && held.has('恢复办理') && !held.root.querySelectorAll('a').some(link => link.text.trim() === '改派'), held.text)
  for (const page of [await client.get(`/applications/${id}`), await admin.get(`/admin/applications/${id}`)]) assert.ok(page.has('已被管理员暂停，恢复后接着办理') && !page.has('，承诺 '), 'where it stands is said as it is')
  assert.match((await toldTo(campus, name))[0] ?? '', /的审批已被管理员暂停/)
  const standing = async () => (await client.get(`/applications/${id}`)).root.querySelector('.state')?.text.trim() ?? ''
  assert.match(await standing(), /已被管理员暂停，恢复后接着办理/, 'nobody is waited for')
  assert.match((await toldTo(campus, '李敏'))[0] ?? '', /已被管理员暂停，恢复后再办理/)
  const again = await admin.get(`/admin/applications/${id}/suspension`)
  assert.ok(again.has('这项审批已经暂停，请先恢复') && !again.root.querySelector('form.form'), 'the page behind a button that is gone says why')
  const page = await act(admin, id, 'resumption', { reason: '批示已到' })
  assert.ok(page.has('暂停') && page.has('批示已到'))
  assert.match(await standing(), /等辅导员 李敏 审批/)
  assert.equal((await decide(await campus.as('李敏'), name, 'approve')).status, 200)
})

test('a jump leads to any step, an end ends, and what has ended offers neither', async t => {
  const { campus, admin } = await startDesk(t)
  const { client, name } = await campus.student()
  const id = idIn((await apply(client)).path)
  const nowhere = await act(admin, id, 'jump', { reason: '辅导员空缺', step: '' })
  assert.deepEqual([nowhere.status, nowhere.has('请选择要跳到的环节')], [422, true])
  const jumped = await act(admin, id, 'jump', { reason: '辅导员空缺', step: 'registrar' })
  assert.ok(jumped.has('已跳转') && jumped.has('教务员审批'), jumped.text)
  assert.match((await toldTo(campus, name))[0] ?? '', /的审批已被管理员转到其他环节/)
  const ended = await act(admin, id, 'end', { reason: '重复申请' })
  assert.ok(ended.has('审批已被管理员终止'))
  assert.match((await client.get(`/applications/${id}`)).root.querySelector('.state-note')?.text ?? '', /：重复申请$/, 'why stands on top of the applicant’s page')
  assert.deepEqual(ended.root.querySelectorAll('a').map(link => link.text.trim()).filter(text => ['终止', '跳转', '暂停', '改派'].includes(text)), [])
  assert.match((await toldTo(campus, name))[0] ?? '', /的审批已被管理员终止/)
  assert.equal((await act(admin, id, 'end', { reason: '再来' }).catch(() => ({ status: 409 }))).status, 409)
})

test('what was approved is revoked only where the service allows it', async t => {
  const { campus, admin } = await startDesk(t, { serviceFiles: folderOf(t, plainService({ flow: { nodes: [tutor], revoke: true } })) })
  const { client, name } = await campus.student()
  const id = idIn((await apply(client)).path)
  assert.ok((await admin.get(`/admin/applications/${id}/cancellation`)).has('只有已经通过的申请可以撤销'))
  await decide(await campus.as('李敏'), name, 'approve')
  const page = await act(admin, id, 'cancellation', { reason: '材料作假' })
  assert.ok(page.has('已撤销') && page.has('材料作假'), page.text)
  assert.match((await toldTo(campus, name))[0] ?? '', /通过后已被管理员撤销/)
  assert.ok((await client.get(`/applications/${id}`)).has('通过后已撤销'))
  assert.deepEqual(rows(await admin.get('/admin/applications?status=revoked')).length, 1)

  await t.test('and not where it does not', async inner => {
    const desk = await startDesk(inner, { serviceFiles: folderOf(inner, plainService({ flow: { nodes: [tutor] } })) })
    const other = await desk.campus.student()
    const strict = idIn((await apply(other.client)).path)
    await decide(await desk.campus.as('李敏'), other.name, 'approve')
    assert.ok((await desk.admin.get(`/admin/applications/${strict}/cancellation`)).has('这个事项规定通过后不能撤销'))
    assert.ok(!(await desk.admin.get(`/admin/applications/${strict}`)).root.querySelectorAll('a').some(link => link.text.trim() === '撤销'))
  })
})

test('English reads English', async t => {
  const { campus, admin } = await startDesk(t)
  const { client } = await campus.student()
  const id = idIn((await apply(client)).path)
  admin.cookies.set('language', 'en')
  for (const address of ['/admin/applications', `/admin/applications/${id}`, `/admin/applications/${id}/jump`, `/admin/applications/${id}/end`, '/admin/handovers', '/admin/moves', '/admin/connections', '/admin/connections/new']) {
    const page = await admin.get(address)
    assert.equal(page.status, 200, address)
    assert.doesNotMatch(page.root.querySelector('main')?.structuredText.replaceAll('签证中心要求', '') ?? '', /\p{Script=Han}{5,}/u, address)
  }
})

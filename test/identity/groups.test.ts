import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client, Page } from '../support/client.ts'
import { cast } from '../support/people.ts'
import { holders, openDesk } from '../services/office.ts'
import { textIn } from '../../src/platform/text.ts'

const names = (page: Page) => page.root.querySelectorAll('#members .cell-title').map(cell => cell.text.trim())
const idsFound = (page: Page) => page.root.querySelectorAll('#found input[type=checkbox]:not([disabled])').map(box => box.getAttribute('value') ?? '')

async function takeOut(admin: Client, path: string, name: string): Promise<Page> {
  const page = await admin.get(path)
  const form = page.root.querySelectorAll('#members form').find(one => one.querySelector('button')?.getAttribute('aria-label') === `移出${name}`)
  return await admin.submit(page, form?.getAttribute('action') ?? assert.fail(`${name} is not in it`))
}

test('an administrator keeps a group of people: made, found by search, taken in and out, renamed and removed, each in the trail', async t => {
  const desk = await openDesk(t)
  const { admin: administrator, audit } = await cast(desk.app)
  const admin = await desk.phone(administrator.userid)
  const list = await admin.get('/admin/groups')
  assert.ok(list.has('网站建设小组') && list.has('website-board') && list.has('网站变更申请'), list.text)

  const form = await admin.get(list.link('新建工作组'))
  const wrong = await admin.submit(form, '/admin/groups', { name: '', word: '评审 小组', purpose: '评审大额采购' })
  assert.equal(wrong.status, 422)
  assert.ok(wrong.has('请填写工作组的名称') && wrong.has('代号用小写英文字母') && wrong.value('word') === '评审 小组' && wrong.has('评审大额采购'), wrong.text)
  const taken = await admin.submit(wrong, '/admin/groups', { name: '评审小组', word: 'website-board', purpose: '' })
  assert.deepEqual([taken.status, taken.has('已经有这个代号的工作组'), taken.value('name')], [422, true, '评审小组'])
  const made = await admin.submit(taken, '/admin/groups', { name: '评审小组', word: 'purchase-board', purpose: '评审大额采购' })
  const { path } = made
  assert.ok(made.has('还没有成员') && made.has('没有事项在用'), made.text)

  const found = await admin.get(`${path}?q=wuyan`)
  const [wu = ''] = idsFound(found)
  const nobody = await admin.submit(found, `${path}/members`, { q: 'wuyan' })
  assert.ok(nobody.status === 422 && nobody.has('请选择要加入的人') && idsFound(nobody).includes(wu), 'who was found is still there')
  const one = await admin.submit(found, `${path}/members`, { q: 'wuyan', person: wu })
  assert.deepEqual([one.has('已加入 1 人'), names(one)], [true, ['1. 吴妍']])
  const other = await admin.get(`${path}?q=郑子琳`)
  const [zheng = ''] = idsFound(other)
  const two = await admin.submit(other, `${path}/members`, { person: [wu, zheng] })
  assert.deepEqual([two.has('已加入 1 人'), names(two)], [true, ['1. 吴妍', '2. 郑子琳']], 'who was in it stays where they are')
  assert.deepEqual(idsFound(await admin.get(`${path}?q=wuyan`)).includes(wu), false)
  assert.ok((await admin.get(`${path}?q=不存在`)).has('没有找到'))

  const unnamed = await admin.submit(two, `${path}/name`, { name: ' ', purpose: '新的用途' })
  assert.ok(unnamed.status === 422 && unnamed.has('请填写工作组的名称') && unnamed.has('新的用途'), unnamed.text)
  const renamed = await admin.submit(unnamed, `${path}/name`, { name: '采购评审小组', purpose: '新的用途' })
  assert.equal(renamed.heading, '采购评审小组')
  assert.ok(renamed.has('郑子琳 加入工作组：评审小组') && renamed.has('修改工作组：采购评审小组') && renamed.has(administrator.name), renamed.text)
  assert.deepEqual(names(await takeOut(admin, path, '吴妍')), ['1. 郑子琳'])

  const gone = await admin.submit(await admin.get(`${path}/removal`), `${path}/removal`)
  assert.ok(gone.path === '/admin/groups' && !gone.has('采购评审小组'), gone.text)
  assert.equal((await admin.get(path)).status, 404)
  assert.ok((await (await desk.phone(audit.userid)).get('/admin/events')).has('删除工作组：采购评审小组'))
})

test('what a service calls stays, with somebody in it; who was taken in gets what comes next', async t => {
  const desk = await openDesk(t)
  const { admin: administrator, student } = await cast(desk.app)
  const admin = await desk.phone(administrator.userid)
  const { path } = await admin.get((await admin.get('/admin/groups')).link('网站建设小组'))

  const asked = await admin.get(`${path}/removal`)
  assert.ok(asked.has('不能删除') && asked.has('网站变更申请：网站建设小组票签') && asked.root.querySelector('form[action$=removal]') === null, asked.text)
  // As from a page that was opened before the service was published.
  const refused = await admin.post(`${path}/removal`, { _csrf: (await admin.get(path)).value('_csrf') })
  assert.deepEqual([refused.status, refused.has('网站变更申请：网站建设小组票签')], [409, true])

  await takeOut(admin, path, '吴妍')
  // Two at once take the last two out: one stays.
  const last = await Promise.all([takeOut(admin, path, '郑子琳'), takeOut(await desk.phone(administrator.userid), path, '萧梓涛')])
  assert.deepEqual(last.map(page => page.status).toSorted(), [200, 409])
  assert.ok(last.some(page => page.has('“网站变更申请”要由这个工作组办理，至少留一个人')))
  const search = await admin.get(`${path}?q=高思远`)
  assert.equal((await admin.submit(search, `${path}/members`, { person: idsFound(search) })).status, 200)

  const client = await desk.as('龚语怡')
  const sent = await desk.send(client, 'website-change', {
    department: await desk.unit('文学院'), site: '文学院网站', address: 'wxy.minghu.example', kinds: ['domain'], domain: 'chinese.minghu.example', 'pages.0.page': '首页', 'pages.0.then': '换域名', reason: '域名更名',
    personal: 'no', online_on: '2026-12-10', urgency: '2', phone: '029-88250101',
  }, { owner: '龚语怡' })
  assert.equal(sent.status, 200, sent.text.slice(0, 900))
  await desk.agree('崔语涵', '网站变更申请')
  const page = await client.get(sent.path)
  assert.match(holders(page), /高思远/)
  assert.doesNotMatch(holders(page), /吴妍/)
  assert.ok((await desk.todo('高思远', '网站变更申请')).page.has('网站建设小组成员'), 'why it came to them')

  assert.equal((await (await desk.phone(student.userid)).get('/admin/groups')).status, 403)
})

test('a flow that calls a group which is not there, or which everybody has left, is told before it is published', async t => {
  const desk = await openDesk(t)
  const { approvals, database: { db, write } } = desk.app
  const flow = (group: string) => ({ nodes: [{ id: 'board', kind: 'approval', label: '评审', mode: 'in-turn', approver: { rule: 'group', params: { group } } }] })
  const said = async (group: string) => (await approvals.checkFlow(db, { flow: flow(group), audience: ['employed'] })).map(({ label, sentence, params }) => `${label ?? ''} ${textIn('zh')(sentence, params)}`)
  assert.deepEqual(await said('website-board'), [])
  assert.deepEqual(await said('nowhere'), ['评审 没有代号是“nowhere”的工作组'])
  await write(tx => tx.updateTable('identity_numbers').set({ standing: 'left' }).where('number', 'in', ['10077', '10050', '10062']).execute())
  assert.deepEqual(await said('website-board'), ['评审 工作组“网站建设小组”里没有在校的成员'])
})

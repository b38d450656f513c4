import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Fields } from '../support/client.ts'
import { answersOn } from './activity.ts'
import { desksOf } from '../support/desks.ts'
import { asItStands, holders, openDesk } from './office.ts'

const SERVICE = 'website-change'
const WORDS = '龚语怡的网站变更申请'

test('网站变更申请', async t => {
  const desk = await openDesk(t)
  const change: Fields = {
    department: await desk.unit('文学院'), site: '文学院网站', address: 'wxy.minghu.example', kinds: ['content', 'design'], 'pages.0.page': '师资队伍', 'pages.0.then': '2026 年名单', reason: '新教师入职',
    personal: 'no', online_on: '2026-12-10', urgency: '2', phone: '029-88250101',
  }
  const applicant = () => desk.as('龚语怡')

  await t.test('new content: head, owner, an editor by lot, the centre; built, scanned, mended, accepted, and sent to the register', async () => {
    const client = await applicant()
    const sent = await desk.send(client, SERVICE, change, { owner: '任心欣' })
    assert.ok(sent.has('申请部门负责人 崔语涵'), sent.text.slice(0, 900))
    await desk.agree('崔语涵', WORDS)
    await desk.agree('任心欣', WORDS)
    const editors = holders(await client.get(sent.path))
    const editor = ['万若雯', '高思远'].filter(name => editors.includes(name))
    assert.equal(editor.length, 1, 'one of the two, by lot')
    await desk.agree(editor[0] ?? '', WORDS)
    await desk.agree('郑子琳', WORDS)
    await (await (await desk.todo('何嘉妍', WORDS)).enter({ done_on: '2026-12-09' })).decide('approve')
    await desk.agree('任心欣', WORDS)
    await (await (await desk.todo('毛娟', WORDS)).enter({ tested: 'again' })).decide('approve')
    assert.match(holders(await client.get(sent.path)), /网站管理员实施（何嘉妍/, 'back to who builds it')
    await (await (await desk.todo('何嘉妍', WORDS)).enter({ done_on: '2026-12-10' })).decide('approve')
    await desk.agree('任心欣', WORDS)
    await (await (await desk.todo('毛娟', WORDS)).enter({ tested: 'pass' })).decide('approve')
    await desk.drain()
    const done = await client.get(sent.path)
    assert.ok(done.has('审批已通过') && done.has('抄送给 吴妍') && done.has('系统调用失败'), done.text)
    assert.match(answersOn(done).get('实施日期') ?? '', /2026-12-10/)
  })

  await t.test('personal data and a domain are reviewed side by side; the board votes by weight, and one voice against is outvoted', async () => {
    const client = await applicant()
    const sent = await desk.send(client, SERVICE, { ...change, kinds: ['domain'], domain: 'chinese.minghu.example', personal: 'yes', personal_note: '教师姓名和照片，本人书面同意' }, { owner: '龚语怡' })
    assert.equal(sent.status, 200, sent.text.slice(0, 900))
    await desk.agree('崔语涵', WORDS)
    const review = await client.get(sent.path)
    for (const who of ['郝涛', '吴妍', '郑子琳', '萧梓涛']) assert.ok(review.has(who), `${who}: the owner is the applicant, who is left out`)
    await (await desk.todo('萧梓涛', WORDS)).decide('reject', '域名太长')
    assert.ok(!(await client.get(sent.path)).has('申请已被驳回'), 'in a vote it is one voice of four')
    await desk.agree('吴妍', WORDS)
    await desk.agree('郑子琳', WORDS)
    await (await desk.todo('郝涛', WORDS)).decide('reject', '照片没有同意书')
    assert.ok((await client.get(sent.path)).has('照片没有同意书'))
  })

  await t.test('the head sends it back, the correction goes the whole way again; a form without its list is not taken', async () => {
    const client = await applicant()
    const empty = await desk.send(client, SERVICE, { ...change, 'pages.0.page': '', 'pages.0.then': '' }, { owner: '任心欣' })
    assert.equal(empty.status, 422)
    const late = await desk.send(client, SERVICE, { ...change, online_on: '2026-11-01' }, { owner: '任心欣' })
    assert.ok(late.status === 422 && late.has('“希望上线日期”不能早于 2026-11-') && late.value('online_on') === '2026-11-01', 'a wish for a day that is over')
    assert.match(empty.text, /“变更清单”/)
    const sent = await desk.send(client, SERVICE, change, { owner: '任心欣' })
    await (await desk.todo('崔语涵', WORDS)).decide('return', '请写明栏目')
    assert.ok((await client.get(sent.path)).has('请写明栏目'))
    const form = await client.get(`${sent.path}/correction`)
    const again = await desk.correct(client, sent.path, { ...change, 'owner.id': form.value('owner.id'), 'pages.0.page': '师资队伍 / 新进教师' })
    assert.ok(again.has('这是第 2 次提交，修改了：变更清单'), again.text.slice(0, 900))
    assert.ok(again.has('申请部门负责人 崔语涵'))
  })

  await t.test('the example alone is enough to try it with: people and departments of the directory stand in for those it cannot name', async () => {
    const admin = await desksOf(desk)('services.manage')
    const { id } = await desk.app.database.db.selectFrom('identity_people').select('id').where('name', '=', '龚语怡').executeTakeFirstOrThrow()
    const at = `/admin/services/${SERVICE}/1/trial?applicant=${id}`
    const form = await admin.get(`${at}&fill=sample`)
    const told = await admin.submit(form, at, { ...asItStands(form), intent: 'run' })
    assert.equal(told.status, 200, told.text)
    assert.ok(told.has('会由谁办理') && told.has('申请部门负责人'), told.text)
  })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Fields } from '../support/client.ts'
import { answersOn, MASKED_ID, WHOLE_ID } from './activity.ts'
import { PDF, PNG } from './campus.ts'
import { holders, openDesk } from './office.ts'

const SERVICE = 'seal-use'

test('用印申请', async t => {
  const desk = await openDesk(t)
  const letter: Fields = {
    department: await desk.unit('文学院'), seal: 'school', 'files.0.name': '合作函', 'files.0.kind': 'letter', 'files.0.copies': '3', 'files.1.name': '回执', 'files.1.kind': 'other', 'files.1.copies': '2',
    purpose: '和实习单位互寄', scans: PDF, way: 'here', 'promise.name': '经办人',
  }
  const STAMPED: Fields = { stamped: '5', stamped_on: '2026-11-17', stamped_photos: PNG }

  await t.test('a letter: head, office, and whoever keeps the seals enters what was stamped', async () => {
    const client = await desk.as('龚语怡')
    const words = '龚语怡的用印申请'
    const sent = await desk.send(client, SERVICE, letter)
    assert.ok(answersOn(sent).get('用印文件')?.includes('5 份') && answersOn(sent).get('涉及总金额') === '¥0.00', sent.text.slice(0, 900))
    await desk.agree('崔语涵', words)
    await desk.agree('王艳', words)
    const keeper = await desk.todo('曹书舟', words)
    assert.equal((await keeper.decide('approve')).status, 422, 'not before it is entered')
    await (await keeper.enter(STAMPED)).decide('approve')
    const done = await client.get(sent.path)
    assert.ok(done.has('审批已通过') && answersOn(done).get('实际盖章份数') === '5 份', done.text)
  })

  await t.test('a large contract is reviewed and countersigned by all; of the countersigners one refusal ends it', async () => {
    const client = await desk.as('龚语怡')
    const words = '龚语怡的用印申请'
    const contract = { ...letter, seal: 'contract', partner: '明湖软件有限公司', 'files.0.kind': 'contract', 'files.0.amount': '120000', 'seam.from': '1', 'seam.to': '12' }
    const sent = await desk.send(client, SERVICE, contract)
    assert.match(answersOn(sent).get('骑缝章页码') ?? '', /1 – 12 页/)
    await desk.agree('崔语涵', words)
    await desk.agree('高嘉菲', words)
    const all = await client.get(sent.path)
    for (const who of ['萧梓涛', '武佳婷', '廖晓岚']) assert.ok(all.has(who), who)
    await desk.agree('萧梓涛', words)
    await desk.agree('武佳婷', words)
    assert.match(holders(await client.get(sent.path)), /10 万元以上会签（廖晓岚）/)
    await desk.agree('廖晓岚', words)
    assert.match(holders(await client.get(sent.path)), /党政办公室 王艳/)
    const second = await desk.send(await desk.as('任心欣'), SERVICE, contract)
    await desk.agree('崔语涵', '任心欣的用印申请')
    await desk.agree('高嘉菲', '任心欣的用印申请')
    await (await desk.todo('武佳婷', '任心欣的用印申请')).decide('reject', '付款条款不清楚')
    assert.ok((await (await desk.as('任心欣')).get(second.path)).has('付款条款不清楚'))
  })

  await t.test('a seal that leaves the house is registered beside the approval, which waits for nobody there; the ID number is for the secretary', async () => {
    const client = await desk.as('任心欣')
    const words = '任心欣的用印申请'
    const out = { ...letter, seal: 'president', way: 'out', 'out_on.from': '2026-11-24', 'out_on.to': '2026-11-25', 'out_to.text': '省教育厅', out_id: WHOLE_ID }
    const sent = await desk.send(client, SERVICE, out, { keeper: '龚语怡' })
    assert.ok(sent.has('监印人确认') && sent.has('龚语怡') && sent.has('崔语涵'), sent.text.slice(0, 900))
    const keeper = await desk.todo('龚语怡', words)
    assert.ok(!keeper.page.has(MASKED_ID))
    await keeper.decide('reject', '那天有课')
    assert.ok(!(await client.get(sent.path)).has('申请已被驳回'), 'the register does not decide about the seal')
    await desk.agree('崔语涵', words)
    assert.match(holders(await client.get(sent.path)), /党政办公室 萧梓涛/, 'the president’s signature is for the head of the office')
    await desk.agree('萧梓涛', words)
    await (await (await desk.todo('武明博', words)).enter(STAMPED)).decide('approve')
    assert.ok((await client.get(sent.path)).has('审批已通过'))
  })

  await t.test('a head who applies has no superior: the head of the office approves in that place', async () => {
    const sent = await desk.send(await desk.as('崔语涵'), SERVICE, letter)
    assert.match(holders(sent), /部门负责人 萧梓涛/)
    const task = await desk.todo('萧梓涛', '崔语涵的用印申请')
    assert.ok(task.page.has('由流程指定的人办理'), task.page.text)
  })
})

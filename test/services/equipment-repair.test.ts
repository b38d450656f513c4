import assert from 'node:assert/strict'
import { test } from 'node:test'
import { schoolTime } from '../../src/platform/dates.ts'
import type { Fields } from '../support/client.ts'
import { desksOf } from '../support/desks.ts'
import { answersOn } from './activity.ts'
import { PNG } from './campus.ts'
import { DAY, holders, HOUR, openDesk } from './office.ts'

const SERVICE = 'equipment-repair'
const FAULT: Fields = { danger: 'no', kind: 'power', building: 'teaching/t1', room: '305', problem: '前排的日光灯一直闪' }
const DONE: Fields = { 'materials.0.name': '灯管', 'materials.0.price': '18.5', 'materials.0.count': '2', labour: '0', result: 'fixed' }

test('设备报修', async t => {
  const desk = await openDesk(t)

  await t.test('the repair team claims it, one repairs it, it is tried for a working day, and the building manager accepts it', async () => {
    const { client, name } = await desk.student()
    const words = `${name}的设备报修`
    const sent = await desk.send(client, SERVICE, { ...FAULT, photos: PNG })
    assert.match(holders(sent), /维修班维修（.*3 人/)
    const unclaimed = await desk.todo('苏可婷', words)
    assert.ok(!unclaimed.page.has('这一环节由你填写'))
    assert.equal((await unclaimed.client.get(`${sent.path}/filling`)).status, 403, 'who has not claimed it fills in nothing')
    const worker = await unclaimed.claim()
    assert.equal((await (await desk.as('朱雨晴')).get('/received')).has(words), false, 'claimed is off the others’ list')
    const early = await worker.decide('approve')
    assert.ok(early.status === 422 && early.has('请先填写“人工费”、“维修结果”，再同意'))
    await (await worker.enter({ ...DONE, fixed_photos: PNG })).decide('approve', '已换灯管')
    const trial = await client.get(sent.path)
    assert.deepEqual([answersOn(trial).get('维修费用'), trial.has('试用一个工作日'), trial.has('等到 ')], ['¥37.00', true, true])
    assert.match(holders(trial), /^试用一个工作日，到 /)
    assert.ok(trial.has('现在没有人要办理，不必催办') && !trial.root.querySelector('[formaction$="/urging"]'))
    await desk.wait(2 * DAY)
    const manager = await desk.todo('史若悦', words)
    await (await manager.enter({ score: '5' })).decide('approve')
    const done = await (await desk.as(name)).get(sent.path)
    assert.ok(done.has('审批已通过') && done.has('5 分（很满意）'), done.text)
  })

  await t.test('what is dangerous is marked urgent and told to the heads at once; what is not fixed goes out again; what is dear is approved', async () => {
    const { client, name } = await desk.student()
    const words = `${name}的设备报修`
    const sent = await desk.send(client, SERVICE, { ...FAULT, danger: 'yes', problem: '插座冒火花' })
    assert.match(answersOn(sent).get('优先级') ?? '', /紧急/)
    assert.ok(sent.has('抄送给 廖晓岚、邓天文'))
    await (await (await (await desk.todo('朱雨晴', words)).claim()).enter({ 'materials.0.name': '插座', 'materials.0.price': '12', 'materials.0.count': '1', labour: '50', result: 'again', fixed_photos: PNG })).decide('approve')
    const again = await client.get(sent.path)
    assert.match(holders(again), /维修班维修/)
    const told = again.root.querySelectorAll('.timeline li').map(line => line.text.replace(/\s+/g, ' '))
    assert.ok(told.findIndex(line => /没有修好的再派.*已跳转/.test(line)) > told.findIndex(line => line.includes('同意')), 'why it goes out again stands behind who said so')
    const second = await (await desk.todo('杜思宁', words)).claim()
    assert.deepEqual(['维修结果', '维修后照片', '人工费', '维修费用'].map(label => answersOn(second.page).get(label)), [undefined, undefined, '¥50.00', '¥62.00'], 'the flow asks the result and its photos anew, and keeps what was used')
    assert.ok((await second.decide('approve')).has('请先填写“维修结果”，再同意'), 'nobody agrees with what the first round said')
    const form = await second.client.get(`${sent.path}/filling`)
    assert.deepEqual([form.value('labour'), form.value('materials.0.name'), form.root.querySelectorAll('[name=remove]').length], ['50.00', '插座', 0])
    await (await second.enter({ 'materials.0.name': '配电箱', 'materials.0.price': '5600', 'materials.0.count': '1', labour: '200', result: 'fixed' })).decide('approve')
    assert.match(holders(await client.get(sent.path)), /处长 廖晓岚/)
    await (await desk.todo('廖晓岚', words)).decide('reject', '改走采购')
    assert.ok((await client.get(sent.path)).has('改走采购'))
  })

  await t.test('network and media go to the Information Centre; who cannot do it gives it back; a middling cost goes to the deputy', async () => {
    const client = await desk.as('龚语怡')
    const sent = await desk.send(client, SERVICE, { ...FAULT, kind: 'media', problem: '投影仪不亮', 'spot.text': '讲台上方', visit_on: '2026-11-25', 'visit_hours.from': '09:00', 'visit_hours.to': '11:00' })
    const words = '龚语怡的设备报修'
    const first = await (await desk.todo('孔泽宁', words)).claim()
    const release = first.page.root.querySelector('[formaction$="/release"]')?.getAttribute('formaction') ?? ''
    await first.client.submit(first.page, release)
    const other = await (await desk.todo('萧雨岚', words)).claim()
    await (await other.enter({ 'materials.0.name': '灯泡', 'materials.0.price': '880', 'materials.0.count': '1', labour: '0', result: 'fixed' })).decide('approve')
    await desk.agree('邓天文', words)
    assert.ok((await client.get(sent.path)).has('试用一个工作日'))
  })

  await t.test('what nobody claims in time goes to the foreman', async () => {
    const { client, name } = await desk.student()
    const sent = await desk.send(client, SERVICE, FAULT)
    for (let day = 0; day < 6 && !/周宇宁/.test(holders(await (await desk.as(name)).get(sent.path))); day++) await desk.wait(12 * HOUR)
    const held = await desk.todo('周宇宁', `${name}的设备报修`)
    assert.ok(held.page.has('超时'), held.page.text)
  })

  await t.test('a day that has passed is not taken any more, and the flow is still tried with what was sent while it was to come', async () => {
    const { client } = await desk.student()
    const day = (ahead: number) => schoolTime(desk.clock.now() + ahead * DAY).date
    const visit_on = day(2)
    const sent = await desk.send(client, SERVICE, { ...FAULT, visit_on })
    await desk.wait(7 * DAY)
    const late = await desk.send((await desk.student()).client, SERVICE, { ...FAULT, visit_on })
    assert.equal(late.status, 422, late.text)
    assert.ok(late.has(`“方便上门的日期”不能早于 ${day(0)}`), late.text)
    const admin = await desksOf(desk)('services.manage')
    const trial = await admin.get(`/admin/services/${SERVICE}/1/trial?application=${/\d{8}-\d{4}/.exec(sent.text)?.[0] ?? ''}`)
    assert.deepEqual([trial.value('visit_on'), trial.has('不能早于'), trial.has('请选择“楼宇管理员验收”')], [visit_on, false, true], 'only whom its applicant chose is asked again')
  })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Fields } from '../support/client.ts'
import { answersOn } from './activity.ts'
import { PDF } from './campus.ts'
import { DAY, holders, openDesk } from './office.ts'

const SERVICE = 'student-leave'
const LEAVE: Fields = { kind: 'personal', reason: '姐姐结婚', leaves: 'no', 'promise.name': '本人' }
const days = (from: string, to: string): Fields => ({ 'period.from': from, 'period.to': to })

test('学生请假', async t => {
  const desk = await openDesk(t)

  await t.test('one day: the tutor alone decides, the teacher of the course gets a copy, nothing is left to close', async () => {
    const { client, name } = await desk.student()
    const sent = await desk.send(client, SERVICE, { ...LEAVE, ...days('2026-11-20', '2026-11-20'), 'lessons.0.course': '古代文学史', 'lessons.0.periods': '2' }, { teacher: '丁宇涛' })
    assert.ok(sent.has('等辅导员 李敏 审批'), sent.text.slice(0, 900))
    assert.match(answersOn(sent).get('缺课课程') ?? '', /古代文学史 2/)
    await desk.agree('李敏', `${name}的学生请假`)
    const done = await client.get(sent.path)
    assert.ok(done.has('审批已通过') && done.has('抄送给 丁宇涛'), done.text)
    assert.ok((await (await desk.as('丁宇涛')).get('/received?state=copied')).has(`${name}的学生请假`))
  })

  await t.test('a long leave climbs the line of superiors, who approved before is not asked again, and the student affairs office has the last word', async () => {
    const { client, name } = await desk.student()
    const sent = await desk.send(client, SERVICE, { ...LEAVE, ...days('2026-11-25', '2026-12-04'), leaves: 'yes', 'destination.text': '宝鸡', contact_name: '家长', contact_phone: '029-88250101', family: 'yes' })
    const said = answersOn(sent)
    assert.match(`${said.get('请假天数')} ${said.get('其中工作日')}`, /^10 天.* 8 天/)
    const words = `${name}的学生请假`
    await desk.agree('李敏', words)
    assert.match(holders(await client.get(sent.path)), /丁宇涛/, 'the tutor is the first of the line and has agreed')
    const deputy = await desk.todo('丁宇涛', words)
    assert.ok(!deputy.page.has('029-88250101') && deputy.page.has('宝鸡'), 'the phone of the family is for the tutor')
    await deputy.decide('approve')
    await desk.agree('崔语涵', words)
    assert.match(holders(await client.get(sent.path)), /学生处 .*郑紫晴.*汤承博/)
    await desk.agree('汤承博', words)
    const away = await client.get(sent.path)
    assert.ok(away.has('等到 12月4日 17:00'), away.text)
    await desk.wait(Date.parse('2026-12-04T17:01+08:00') - desk.clock.now())
    const back = await desk.todo('李敏', words)
    const early = await back.decide('approve')
    assert.ok(early.status === 422 && early.has('请先填写“实际返校日期”、“销假情况”，再同意'))
    await (await back.enter({ back_on: '2026-12-04', back: 'in-time' })).decide('approve')
    const done = await (await desk.as(name)).get(sent.path)
    assert.ok(done.has('审批已通过') && answersOn(done).get('销假情况')?.includes('按时返校'))
  })

  await t.test('three days and a week go to different people, and one refusal ends it', async () => {
    const [short, week] = [await desk.student(), await desk.student()]
    const three = await desk.send(short.client, SERVICE, { ...LEAVE, ...days('2026-12-09', '2026-12-11') })
    const seven = await desk.send(week.client, SERVICE, { ...LEAVE, ...days('2026-12-09', '2026-12-15'), family: 'no' })
    for (const { name } of [short, week]) await desk.agree('李敏', `${name}的学生请假`)
    assert.match(holders(await short.client.get(three.path)), /分管副院长 丁宇涛/)
    assert.match(holders(await week.client.get(seven.path)), /院长 崔语涵/)
    await (await desk.todo('崔语涵', `${week.name}的学生请假`)).decide('reject', '期末考试周不准假')
    assert.ok((await week.client.get(seven.path)).has('期末考试周不准假'))
    await desk.agree('丁宇涛', `${short.name}的学生请假`)
    assert.ok((await short.client.get(three.path)).has('等到 12月11日 17:00'))
  })

  await t.test('sick leave wants its proof; what was returned is corrected; a leave that is over is closed at once', async () => {
    const { client, name } = await desk.student()
    const sick = { ...LEAVE, ...days('2026-12-01', '2026-12-02'), kind: 'sick' }
    const refused = await desk.send(client, SERVICE, sick)
    assert.ok(refused.status === 422 && refused.has('请上传“诊断证明或病历”'), refused.text.slice(0, 900))
    const sent = await desk.send(client, SERVICE, { ...sick, proof: PDF })
    assert.equal(sent.status, 200, sent.text.slice(0, 900))
    await (await desk.todo('李敏', `${name}的学生请假`)).decide('return', '请写明就诊医院')
    await desk.correct(client, sent.path, { ...sick, reason: '在市一院住院' })
    await desk.agree('李敏', `${name}的学生请假`)
    const deputy = await desk.todo('丁宇涛', `${name}的学生请假`)
    assert.ok(!deputy.page.has('要求.pdf') && deputy.page.has('在市一院住院'), 'the medical record is for the tutor alone')
    await deputy.decide('approve')
    assert.ok((await client.get(sent.path)).has('等辅导员销假（李敏）'), 'those days are over')
    await desk.wait(4 * DAY)
    assert.ok((await (await desk.as(name)).get(sent.path)).has('已到办理时限'), 'the tutor is reminded to close it')
  })

  await t.test('a second leave waits until the first is decided or closed', async () => {
    const { client, name } = await desk.student()
    assert.equal((await desk.send(client, SERVICE, { ...LEAVE, ...days('2026-12-08', '2026-12-08') })).status, 200)
    const guide = await client.get(`/services/${SERVICE}/apply`)
    assert.ok(guide.path === `/services/${SERVICE}` && guide.has('有未办完的') && guide.has('同时最多办理 1 份'), guide.text)
    await desk.agree('李敏', `${name}的学生请假`)
    assert.equal((await client.get(`/services/${SERVICE}/apply`)).path, `/services/${SERVICE}/apply`)
  })
})

import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { deskOf } from '../cases/desk.ts'
import type { Client, Fields } from '../support/client.ts'
import { PDF } from './campus.ts'
import { holders, openDesk } from './office.ts'

const SERVICE = 'meeting-room'

test('会议室预约', async t => {
  const desk = await openDesk(t, { env: { CONNECTIONS_PRIVATE: '127.0.0.1' } })
  const host = await desk.unit('文学院')
  const room: Fields = { subject: '教学研讨会', people: '12', host, outsiders: 'no' }
  const at = (place: string, day: string, from: string, to: string): Fields => ({ ...room, room: place, day, 'hours.from': from, 'hours.to': to })
  const book = (client: Client, where: Fields) => desk.send(client, SERVICE, where)
  const taken = '“会议室”在'

  await t.test('a member of staff asks the manager of that building; the door and the screen follow, the department gets a copy', async () => {
    const client = await desk.as('龚语怡')
    const sent = await book(client, at('admin/a201', '2026-11-24', '14:00', '16:00'))
    assert.ok(sent.has('会议室管理员确认（史雨洁）'), sent.text.slice(0, 900))
    await (await (await desk.todo('史雨洁', '龚语怡的会议室预约')).enter({ door: '门禁码当天发到手机' })).decide('approve')
    await desk.drain()
    const done = await client.get(sent.path)
    for (const words of ['审批已通过', '门禁码当天发到手机', '抄送给 崔语涵', '办理人没有找到']) assert.equal(done.has(words), words !== '办理人没有找到', words)
    assert.ok(done.has('系统调用失败'), 'nobody has made the connection, and the booking stands all the same')
  })

  await t.test('of a student the tutor agrees first; another building has another manager', async () => {
    const { client, name } = await desk.student()
    const sent = await book(client, at('union/u203', '2026-11-24', '19:00', '21:00'))
    assert.ok(sent.has('等辅导员 李敏'))
    await desk.agree('李敏', `${name}的会议室预约`)
    assert.match(holders(await client.get(sent.path)), /史若悦.*罗梦瑶/)
    await desk.agree('罗梦瑶', `${name}的会议室预约`)
    await desk.drain()
    assert.ok((await client.get(sent.path)).has('审批已通过'))
  })

  await t.test('the same room at the same time is refused with the time that is taken; before, after and next door are free', async () => {
    const [one, other] = [await desk.as('龚语怡'), (await desk.student()).client]
    assert.equal((await book(one, at('library/l105', '2026-11-25', '10:00', '11:30'))).status, 200)
    for (const [from, to] of [['10:00', '11:30'], ['09:00', '10:01'], ['11:29', '12:00'], ['09:00', '12:00'], ['10:30', '11:00']] as const) {
      const refused = await book(other, at('library/l105', '2026-11-25', from, to))
      assert.deepEqual([refused.status, refused.has(`${taken} 11-25 10:00 至 11-25 11:30 已有人预约，请换一个时间或另选一个`), refused.value('subject')], [422, true, '教学研讨会'], `${from}–${to}`)
    }
    for (const free of [at('library/l105', '2026-11-25', '11:30', '12:30'), at('library/l105', '2026-11-26', '10:00', '11:30'), at('library/l-hall', '2026-11-25', '10:00', '11:30')]) {
      assert.equal((await book(other, free)).status, 200, JSON.stringify(free))
    }
    const past = await book(other, at('library/l105', '2026-11-15', '10:00', '11:30'))
    assert.ok(past.status === 422 && past.has('“使用时段”已经过去，请选以后的时间'))
  })

  await t.test('what is taken stands beside the time before anything is sent, without a name; one’s own is no obstacle', async () => {
    const [one, other] = [await desk.as('龚语怡'), (await desk.student()).client]
    const where = at('admin/a302', '2026-12-10', '10:00', '11:30')
    const sent = await book(one, where)
    assert.equal(sent.status, 200)
    const form = await other.get('/services/meeting-room/apply')
    const beside = (page: typeof form) => page.root.querySelector('[data-live="hours.taken"]')?.text
    assert.equal(beside(form), '选好“会议室、使用日期”以后，这里会列出已有人预约的时间')
    const draft = form.value('draft')
    const typing = async (fields: Fields): Promise<string> => JSON.parse(Buffer.from((await other.post(`/applications/${draft}/draft`, { _csrf: form.value('_csrf'), draft, ...fields })).bytes).toString()).live['hours.taken']
    assert.equal(await typing({ room: 'admin/a302', day: '2026-12-10' }), '已有人预约：10:00–11:30')
    assert.equal(beside(await other.get('/services/meeting-room/apply')), '已有人预约：10:00–11:30')
    assert.equal(await typing({ room: 'admin/a302', day: '2026-12-11' }), '还没有人预约')
    assert.equal(await typing({ room: 'admin/a201', day: '2026-12-10' }), '还没有人预约')
    await (await desk.todo('史雨洁', '龚语怡的会议室预约')).decide('return', '请改到下午')
    assert.equal(beside(await one.get(`${sent.path}/correction`)), '还没有人预约')
    await one.submit(await one.get(`${sent.path}/withdrawal`), `${sent.path}/withdrawal`, {})
  })

  await t.test('what is withdrawn, refused or revoked lets go of the room; what was returned keeps it, and may move', async () => {
    const client = await desk.as('龚语怡')
    const where = at('admin/a302', '2026-11-27', '09:00', '10:00')
    const free = async () => {
      const { client: other } = await desk.student()
      const sent = await book(other, where)
      if (sent.status === 200) await other.submit(await other.get(`${sent.path}/withdrawal`), `${sent.path}/withdrawal`, {})
      return sent.status === 200
    }
    const withdrawn = await book(client, where)
    assert.equal(await free(), false)
    await client.submit(await client.get(`${withdrawn.path}/withdrawal`), `${withdrawn.path}/withdrawal`, {})
    assert.equal(await free(), true)
    const second = await book(client, where)
    assert.equal(second.status, 200)
    await (await desk.todo('史雨洁', '龚语怡的会议室预约')).decide('reject', '当天检修')
    assert.equal(await free(), true)
    const third = await book(client, where)
    await (await desk.todo('史雨洁', '龚语怡的会议室预约')).decide('return', '请改到下午')
    assert.equal(await free(), false, 'it is expected back')
    assert.equal((await desk.correct(client, third.path, { ...where, 'hours.from': '09:30', 'hours.to': '10:30' })).status, 200, 'its own time is no obstacle')
    assert.equal((await book((await desk.student()).client, at('admin/a302', '2026-11-27', '09:00', '09:30'))).status, 200)
    await desk.agree('史雨洁', '龚语怡的会议室预约')
    await desk.drain()
    const approved = await client.get(third.path)
    assert.ok(approved.has('审批已通过'))
    assert.equal((await book((await desk.student()).client, at('admin/a302', '2026-11-27', '10:00', '10:30'))).status, 422)
    const question = await client.get(approved.link('撤销'))
    await client.submit(question, question.path, { reason: '会议取消' })
    assert.ok((await client.get(third.path)).has('通过后已撤销'))
    assert.equal((await book((await desk.student()).client, at('admin/a302', '2026-11-27', '10:00', '10:30'))).status, 200)
  })

  await t.test('many who want one room at the same moment: one has it', async () => {
    const people = await Promise.all(Array.from({ length: 4 }, () => desk.student()))
    const wanted = (index: number) => at('union/u-hall', '2026-12-02', `1${index}:00`, '16:00')
    const answers = await Promise.all(people.map(({ client }, index) => book(client, wanted(index))))
    assert.deepEqual(answers.map(page => page.status).toSorted(), [200, 422, 422, 422])
    assert.ok(answers.every(page => page.status === 200 || page.has('已有人预约')))
  })

  await t.test('with the connection made, the screen at the door shows who has the room', async () => {
    const shown: unknown[] = []
    const screen = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', chunk => chunks.push(chunk)).on('end', () => { shown.push(JSON.parse(Buffer.concat(chunks).toString()).values); response.end('{}') })
    })
    await new Promise<void>(resolve => { screen.listen(0, '127.0.0.1', resolve) })
    t.after(() => { screen.closeAllConnections(); screen.close() })
    const address = screen.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const admin = await deskOf(desk)
    await admin.submit(await admin.get('/admin/connections/new'), '/admin/connections', { name: 'room-screens', note: '会议室门口屏', origin: `http://127.0.0.1:${port}`, paths: '/bookings', method: 'POST', time_limit: '5' })
    const client = await desk.as('龚语怡')
    const sent = await book(client, at('admin/a201', '2026-12-03', '09:00', '11:00'))
    await desk.agree('史雨洁', '龚语怡的会议室预约')
    await desk.drain()
    assert.deepEqual(shown, [{ subject: '教学研讨会', room: ['admin', 'a201'], day: '2026-12-03', hours: { from: '09:00', to: '11:00' } }])
    assert.ok((await client.get(sent.path)).has('系统调用成功'))
  })

  await t.test('video, tea and visitors are each arranged by whom they concern, side by side', async () => {
    const { client, name } = await desk.student()
    const all = { ...at('admin/a401', '2026-11-30', '14:00', '17:00'), needs: ['projector', 'video', 'tea'], tea_budget: '300', outsiders: 'yes', outsiders_list: PDF }
    const sent = await book(client, all)
    assert.equal(sent.status, 200, sent.text.slice(0, 900))
    await desk.agree('李敏', `${name}的会议室预约`)
    await desk.agree('史雨洁', `${name}的会议室预约`)
    const held = await client.get(sent.path)
    for (const who of ['邓天文', '汪玲', '等待认领']) assert.ok(held.has(who), who)
    await (await (await desk.todo('孔泽宁', `${name}的会议室预约`)).claim()).decide('approve')
    await desk.agree('汪玲', `${name}的会议室预约`)
    assert.ok(!(await client.get(sent.path)).has('审批已通过'))
    await desk.agree('邓天文', `${name}的会议室预约`)
    await desk.drain()
    assert.ok((await client.get(sent.path)).has('审批已通过'))
  })
})

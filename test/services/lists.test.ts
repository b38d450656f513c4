import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client, Page } from '../support/client.ts'
import { schoolTime } from '../../src/platform/dates.ts'
import { actionOf, apply, GOOD, startCampus } from './campus.ts'
import { twoServices } from './two-services.ts'

const DAY = 86_400_000
const titles = (page: Page) => page.root.querySelectorAll('#list .cell-title').map(each => each.text.trim())
const tags = (page: Page) => page.root.querySelectorAll('#list .tag').map(each => each.text.trim())
const tabs = (page: Page) => page.root.querySelectorAll('.segment').map(each => each.text.replace(/\s+/g, ' ').trim())

test('我发出的 and 我收到的', async t => {
  const campus = await startCampus(t, { serviceFiles: twoServices(t) })
  const { client, name } = await campus.student()
  const tutorNow = () => campus.as('李敏')
  const studentNow = async () => campus.phone((await campus.app.database.db.selectFrom('identity_bindings').innerJoin('identity_people', 'identity_people.id', 'identity_bindings.person_id').select('userid').where('name', '=', name).executeTakeFirstOrThrow()).userid)
  const send = async (by: Client, service: string) => {
    const address = `/services/${service}/apply`
    return by.submit(await by.get(address), address, { ...GOOD, intent: 'submit' })
  }
  const certificate = await apply(client)
  const number = /编号 (\d{8}-\d{4})/.exec(certificate.text)?.[1] ?? ''
  await send(client, 'repair')

  await t.test('a state that there is not narrows nothing', async () => {
    assert.deepEqual(titles(await client.get('/sent?status=nonsense')), titles(await client.get('/sent')))
    assert.deepEqual((await (await tutorNow()).get('/received?status=nonsense&state=done')).status, 200)
  })

  await t.test('the filters narrow what is there, stay in the address and go along with the tabs', async () => {
    const all = await client.get('/sent')
    assert.deepEqual(titles(all), ['设备报修', '在读证明'])
    assert.deepEqual(tabs(all), ['全部2', '进行中2', '已办结0'])
    const some = await client.get('/sent?service=repair')
    assert.deepEqual([titles(some), some.value('service')], [['设备报修'], 'repair'])
    assert.equal(some.link('进行中'), '/sent?state=running&service=repair')
    assert.equal(some.link('清除筛选'), '/sent')
    assert.deepEqual(titles(await client.get(`/sent?q=${number}`)), ['在读证明'])
    assert.deepEqual(titles(await client.get(`/sent?q=${encodeURIComponent('报修')}`)), ['设备报修'])
    assert.deepEqual(titles(await client.get('/sent?status=returned')), [])
    assert.deepEqual(titles(await client.get('/sent?q=%25')), [], 'a percent sign is one')
  })

  await t.test('days are both included; a period that ends before it begins says so at its field', async () => {
    const today = schoolTime(campus.clock.now()).date
    const tomorrow = schoolTime(campus.clock.now() + DAY).date
    assert.equal(titles(await client.get(`/sent?from=${today}&to=${today}`)).length, 2)
    assert.equal(titles(await client.get(`/sent?from=${tomorrow}`)).length, 0)
    const wrong = await client.get(`/sent?from=${tomorrow}&to=${today}`)
    assert.ok(wrong.has('结束日期早于开始日期') && wrong.has('没有符合条件的事项'))
    assert.deepEqual([wrong.value('from'), wrong.value('to')], [tomorrow, today])
    for (const odd of ['from=2026-02-31', 'from=x', 'service=nothing', 'before=x', 'state=x', 'late=2', 'from[]=1']) assert.equal((await client.get(`/sent?${odd}`)).status, 200, odd)
  })

  await t.test('the receiver finds by number, title and applicant, and by service', async () => {
    const tutor = await tutorNow()
    assert.deepEqual(titles(await tutor.get('/received')), [`${name}的设备报修`, `${name}的在读证明`])
    assert.deepEqual(titles(await tutor.get(`/received?q=${number}`)), [`${name}的在读证明`])
    assert.deepEqual(titles(await tutor.get(`/received?q=${encodeURIComponent(name)}`)).length, 2)
    assert.deepEqual(titles(await tutor.get(`/received?q=${encodeURIComponent('设备')}`)), [`${name}的设备报修`])
    assert.deepEqual(titles(await tutor.get('/received?service=enrolment-certificate')), [`${name}的在读证明`])
    const detail = await tutor.get((await tutor.get('/received?service=repair')).link('设备报修'))
    assert.equal(detail.link('我收到的'), '/received')
  })

  await t.test('what is over its time says so and can be asked for: a step of its own limit first, then what was promised', async () => {
    campus.clock.advance(DAY)
    let tutor = await tutorNow()
    assert.deepEqual(titles(await tutor.get('/received?late=1')), [`${name}的设备报修`])
    campus.clock.advance(6 * DAY)
    tutor = await tutorNow()
    const late = await tutor.get('/received?late=1')
    assert.deepEqual([titles(late).length, tags(late)], [2, ['已超时', '已超时']])
    const sent = await (await studentNow()).get('/sent?late=1')
    assert.deepEqual([titles(sent).length, tags(sent)], [2, ['已超时', '已超时']])
  })

  await t.test('what the applicant takes to correct is not counted', async () => {
    const tutor = await tutorNow()
    const student = await studentNow()
    const fresh = await send(student, 'enrolment-certificate')
    const dueOf = async () => (await campus.app.database.db.selectFrom('services_applications').select('due_at').where('id', '=', fresh.path.slice('/applications/'.length)).executeTakeFirstOrThrow()).due_at ?? 0
    const before = await dueOf()
    const task = await tutor.get((await tutor.get('/received')).link('在读证明'))
    await tutor.submit(task, actionOf(task), { decision: 'return', comment: '请写明签证类别' })
    campus.clock.advance(4 * DAY)
    const again = await studentNow()
    await again.submit(await again.get(`${fresh.path}/correction`), `${fresh.path}/correction`, { ...GOOD, intent: 'submit' })
    assert.ok(await dueOf() >= before + 3 * DAY, 'the promise has moved')
    assert.deepEqual(tags(await again.get('/sent?service=enrolment-certificate'))[0], '审批中')
  })

  await t.test('done and copied are narrowed too, and by how the whole stands', async () => {
    const tutor = await tutorNow()
    const task = await tutor.get((await tutor.get('/received?service=repair')).link('设备报修'))
    await tutor.submit(task, actionOf(task), { decision: 'reject', comment: '没有这台设备' })
    assert.deepEqual(titles(await tutor.get('/received?state=done&status=rejected')), [`${name}的设备报修`])
    assert.deepEqual(titles(await tutor.get('/received?state=done&status=approved')), [])
    assert.equal((await tutor.get('/received?state=copied&q=x')).status, 200)
  })
})

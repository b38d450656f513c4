import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { warnOfClosingJob } from '../../src/features/services/jobs/closing.ts'
import type { Limits } from '../../src/features/services/rules/limits.ts'
import { testClock } from '../../src/platform/clock.ts'
import { schoolTime } from '../../src/platform/dates.ts'
import type { Client, Page } from '../support/client.ts'
import { desksOf } from '../support/desks.ts'
import { actionOf, type Campus, GOOD, startCampus } from './campus.ts'

const DAY = 86_400_000
const CERTIFICATE = join(import.meta.dirname, '../../src/catalogue/services/enrolment-certificate.json')

/** A campus with one service for each of these limits, called as its key, which one step decides. */
async function startLimited(t: TestContext, limits: Record<string, Limits>): Promise<Campus> {
  const folder = mkdtempSync(join(tmpdir(), 'hall-limits-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const { outcome: _, ...definition } = JSON.parse(readFileSync(CERTIFICATE, 'utf8'))
  const flow = { nodes: [{ id: 'tutor', kind: 'approval', label: '辅导员审批', approver: { rule: 'tutor' }, mode: 'any' }], revoke: true }
  for (const [key, own] of Object.entries(limits)) writeFileSync(join(folder, `${key}.json`), JSON.stringify({ ...definition, title: `事项 ${key}`, flow, limits: own }))
  return startCampus(t, { serviceFiles: folder })
}

const applyTo = (key: string) => `/services/${key}/apply`

async function fill(client: Client, key: string, intent: 'submit' | 'save' = 'submit'): Promise<Page> {
  return sendFrom(client, await client.get(applyTo(key)), key, intent)
}

async function sendFrom(client: Client, form: Page, key: string, intent: 'submit' | 'save' = 'submit'): Promise<Page> {
  assert.equal(form.path, applyTo(key), form.text.slice(0, 600))
  return client.submit(form, applyTo(key), { ...GOOD, intent })
}

async function withdraw(client: Client, { path }: Page): Promise<void> {
  await client.submit(await client.get(`${path}/withdrawal`), `${path}/withdrawal`, {})
}

const isSent = (page: Page) => page.status === 200 && page.path.startsWith('/applications/')
const inWords = (at: number) => Object.values(schoolTime(at)).join(' ')
const inFile = (at: number) => Object.values(schoolTime(at)).join('T')

test('a service has places for so many, and each person so many goes', async t => {
  const campus = await startLimited(t, { few: { total: 2 }, once: { once: 'term' }, busy: { at_once: 1 } })
  const decide = async (name: string, title: string, decision: string, comment = '') => {
    const tutor = await campus.as('李敏')
    const page = await tutor.get((await tutor.get('/received')).link(`${name}的${title}`))
    return tutor.submit(page, actionOf(page), { decision, comment })
  }

  await t.test('many want the last places at the same moment: so many have them, the others read it and lose nothing', async () => {
    const people = await Promise.all(Array.from({ length: 5 }, () => campus.student()))
    const forms = await Promise.all(people.map(({ client }) => client.get(applyTo('few'))))
    const answers = await Promise.all(people.map(({ client }, at) => sendFrom(client, forms[at] ?? assert.fail(), 'few')))
    assert.deepEqual(answers.map(page => page.status).toSorted(), [200, 200, 422, 422, 422])
    const late = answers.findIndex(page => page.status === 422)
    const [page, someone] = [answers[late], people[late]]
    assert.ok(page?.has('2 个名额已经用完') && page.value('remark').trim() === GOOD['remark'], page?.text.slice(0, 900))
    const guide = await someone?.client.get('/services/few')
    assert.ok(guide?.has('名额已满') && guide.has('2 个，先到先得，还剩 0 个') && !guide.has('开始办理'), guide?.text)
    assert.match((await someone?.client.get('/services'))?.root.querySelector('a.cell[href="/services/few"]')?.text ?? '', /名额已满/)
    assert.ok((await someone?.client.get(applyTo('few')))?.has('现在不能提交：名额已满'), 'the draft can be looked at')

    const first = answers.findIndex(isSent)
    await withdraw(people[first]?.client ?? assert.fail(), answers[first] ?? assert.fail())
    assert.ok(isSent(await fill(someone?.client ?? assert.fail(), 'few')), 'what was withdrawn gives its place back')
    const { client, name } = people[answers.findLastIndex(isSent)] ?? assert.fail()
    await decide(name, '事项 few', 'reject', '材料不全')
    assert.ok(isSent(await fill(client, 'few')), 'so does what was refused')
  })

  await t.test('once a term: a second is not begun; a refusal frees, an approval does not', async () => {
    const { client, name } = await campus.student()
    assert.ok(isSent(await fill(client, 'once')))
    const stopped = await client.get(applyTo('once'))
    assert.equal(stopped.path, '/services/once')
    assert.ok(stopped.has('已申请过') && stopped.has('你本学期已经申请过') && stopped.has('每人每学期一次'), stopped.text)
    await decide(name, '事项 once', 'reject', '请重新填写')
    assert.ok(isSent(await fill(client, 'once')))
    await decide(name, '事项 once', 'approve')
    assert.equal((await client.get(applyTo('once'))).path, '/services/once')
  })

  await t.test('one under way: a second is not begun and a copy of the first is not sent until that is done', async () => {
    const { client, name } = await campus.student()
    const sent = await fill(client, 'busy')
    assert.ok(isSent(sent))
    assert.ok((await client.get(applyTo('busy'))).has('同时最多办理 1 份'))
    const copy = await client.submit(await client.get(sent.path), `${sent.path}/copy`)
    assert.ok(copy.has('现在不能提交：有未办完的'), copy.text.slice(0, 600))
    assert.equal((await sendFrom(client, copy, 'busy')).status, 422)
    await decide(name, '事项 busy', 'approve')
    assert.ok(isSent(await sendFrom(client, await client.get(applyTo('busy')), 'busy')))
  })
})

test('a service opens and closes, and drafts are told of the end once', async t => {
  const now = testClock().now()
  const [opens, closes] = [inFile(now + DAY), inFile(now + 6 * DAY)]
  const campus = await startLimited(t, { round: { opens, closes } })
  const { client, name } = await campus.student()
  const later = await campus.student()
  const again = async (who: string) => campus.as(who)
  const tick = async (ms: number) => {
    campus.clock.advance(ms)
    await campus.app.runner.tick()
    await campus.drain()
  }
  const told = async (who: string) => (await (await again(who)).get('/messages')).text.split('还没有提交，快要截止了').length - 1

  await t.test('before it opens the guide says when', async () => {
    const page = await client.get(applyTo('round'))
    assert.ok(page.path === '/services/round' && page.has('未开始') && page.has(`${inWords(now + DAY)} 起可以办理`) && page.has('约'), page.text)
  })

  await t.test('a draft is told two days before the end, once; who has sent it is not', async () => {
    await tick(DAY)
    await fill(await again(name), 'round', 'save')
    assert.ok(isSent(await fill(await again(later.name), 'round')))
    await tick(2 * DAY)
    assert.equal(await told(name), 0)
    await tick(1.5 * DAY)
    assert.equal(await told(name), 1)
    await tick(DAY / 2)
    const rows = await campus.app.database.db.selectFrom('jobs').select('status').where('name', '=', warnOfClosingJob.name).execute()
    assert.ok(rows.length > 1 && rows.every(row => row.status === 'done'))
    assert.deepEqual([await told(name), await told(later.name)], [1, 0])
  })

  await t.test('after the end the draft stays and is not taken; whoever was let through sends it, once, and the trail has the reason', async () => {
    await tick(2 * DAY)
    const student = await again(name)
    const form = await student.get(applyTo('round'))
    assert.ok(form.has('现在不能提交：已截止') && form.value('remark').trim() === GOOD['remark'], form.text.slice(0, 600))
    const refused = await sendFrom(student, form, 'round')
    assert.ok(refused.status === 422 && refused.has(`${inWords(now + 6 * DAY)} 已经截止`))

    const admin = await desksOf(campus)('services.manage')
    const console = '/admin/services/round/passes'
    assert.ok((await admin.get('/admin/services/round')).link('放行').endsWith(console))
    const { number } = await campus.app.database.db.selectFrom('identity_numbers as n').innerJoin('identity_people as p', 'p.id', 'n.person_id').select('n.number').where('p.name', '=', name).executeTakeFirstOrThrow()
    const wrong = await admin.submit(await admin.get(console), console, { number: '000', reason: '' })
    assert.ok(wrong.status === 422 && wrong.has('没有找到这个学工号') && wrong.has('请填写理由') && wrong.value('number') === '000', wrong.text)
    const letThrough = async () => admin.submit(await admin.get(console), console, { number, reason: '住院期间错过' })
    const list = await letThrough()
    assert.ok(list.has('已放行') && list.has('住院期间错过') && list.has(name), list.text)
    assert.ok((await letThrough()).has('已经放行过，对方还没有用'))
    await admin.submit(await admin.get(console), `${console}/removal`, {})
    assert.equal((await fill(student, 'round')).status, 422, 'what was taken back lets nobody through')
    await letThrough()
    await campus.drain()
    assert.ok((await student.get('/messages')).has('可以办理“事项 round”了'))
    assert.ok(isSent(await fill(student, 'round')))
    assert.equal((await student.get(applyTo('round'))).path, '/services/round', 'for one application')
    assert.ok((await admin.get(console)).has('已经用过'))
    const trail = await campus.app.database.db.selectFrom('events').select(['name', 'data']).where('subject', '=', 'round').where('name', 'like', 'services.%pass%').execute()
    assert.equal(trail.length, 1)
    const reasons = await campus.app.database.db.selectFrom('events').select('data').where('name', '=', 'services.let-through').execute()
    assert.deepEqual(reasons.map(({ data }) => [JSON.parse(data).number, JSON.parse(data).note]), [[number, '住院期间错过'], [number, '住院期间错过']])
  })
})

test('who may not apply reads why; a department, a year of entry and a list let people in', async t => {
  const why = '只面向文学院的学生'
  const campus = await startLimited(t, { others: { units: ['0102'], why }, own: { units: ['0101'], why }, year: { entry_years: [1999], why } })
  const { client } = await campus.student()
  const guide = await client.get(applyTo('others'))
  assert.ok(guide.path === '/services/others' && guide.has('不在范围') && guide.has(why) && guide.has('限定范围'), guide.text)
  assert.ok((await client.get(applyTo('year'))).has(why))
  assert.ok(isSent(await fill(client, 'own')))
})

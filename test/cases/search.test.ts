import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '../../src/platform/ids.ts'
import { apply, type Campus, decide, startCampus } from '../services/campus.ts'
import { idIn } from '../support/certificate.ts'
import { deskOf, rows, startDesk } from './desk.ts'
import { folderOf, plainService, registrar, tutor } from './services.ts'

const next = (page: { root: { querySelector(selector: string): { getAttribute(name: string): string | undefined } | null } }) => page.root.querySelector('a[rel=next], .pager a:last-of-type')?.getAttribute('href') ?? ''

test('applications are found by number, applicant, state, who holds them, and when they were sent; the address keeps what was asked', async t => {
  const campus = await startCampus(t)
  const one = await campus.student()
  await apply(one.client)
  campus.clock.advance(86_400_000)
  const two = await campus.student()
  await apply(two.client)
  const admin = await deskOf(campus)
  await decide(await campus.as('李敏'), one.name, 'approve')
  const number = rows(await admin.get(`/admin/applications?q=${encodeURIComponent(one.name)}`))[0]?.[0]?.match(/\d{8}-\d{4}$/)?.[0] ?? ''
  const search = async (query: Record<string, string>) => rows(await admin.get(`/admin/applications?${new URLSearchParams(query)}`)).map(cells => cells[1]?.replace(/\d+$/, ''))
  assert.deepEqual(await search({}), [two.name, one.name], 'newest first')
  assert.deepEqual(await search({ q: number }), [one.name])
  assert.deepEqual(await search({ status: 'approved' }), [])
  assert.deepEqual(await search({ holder: '李敏' }), [two.name], 'what she has decided she holds no more')
  assert.deepEqual(await search({ holder: 'limin', status: 'running' }), [two.name], 'also by pinyin')
  assert.deepEqual(await search({ holder: '没有这个人' }), [])
  const [day, nextDay] = [campus.clock.now() - 86_400_000, campus.clock.now()].map(at => new Date(at + 8 * 3_600_000).toISOString().slice(0, 10)) as [string, string]
  assert.deepEqual(await search({ until: day }), [one.name], 'the last day is in it')
  assert.deepEqual(await search({ from: nextDay }), [two.name])
  assert.deepEqual(await search({ from: '2026-13-77', q: '%%' }), [], 'what is no day asks nothing, and signs of the database are letters')
  assert.deepEqual(await search({ service: 'no-such-service', status: 'running' }), [], 'a service that is none has none')
  const page = await admin.get(`/admin/applications?${new URLSearchParams({ holder: '李敏', status: 'running', service: 'enrolment-certificate' })}`)
  assert.deepEqual([page.value('holder'), page.value('status'), page.value('service')], ['李敏', 'running', 'enrolment-certificate'])
  assert.match(rows(page)[0]?.join(' | ') ?? '', /李敏 ?辅导员审批/, 'who holds it, and where')
  assert.equal((await admin.get(page.link('在读证明'))).heading, '在读证明')
})

test('pages follow each other without a gap, and keep what was asked', async t => {
  const { campus, admin } = await startDesk(t)
  const { db } = campus.app.database
  const { client } = await campus.student()
  const id = idIn((await apply(client)).path)
  const row = await db.selectFrom('services_applications').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  await db.insertInto('services_applications').values(Array.from({ length: 60 }, (_, index) => ({
    ...row, id: newId(), number: `20250101-${String(index).padStart(4, '0')}`, instance_id: null, submitted_at: (row.submitted_at ?? 0) - 1000 - Math.floor(index / 3), person_name: '王%小_明',
  }))).execute()
  const page = await admin.get('/admin/applications?status=running&q=20250101')
  assert.equal(rows(page).length, 50)
  assert.match(next(page), /q=20250101&status=running|status=running&q=20250101/)
  const second = await admin.get(`/admin/applications${next(page)}`)
  assert.equal(rows(second).length, 10)
  assert.equal(new Set([...rows(page), ...rows(second)].map(cells => cells[0])).size, 60)
})

test('what is over its limit is found, and said at the step', async t => {
  const limited = plainService({ flow: { nodes: [{ ...tutor, limit: { minutes: 60, clock: 'clock' } }, registrar] } })
  const campus = await startCampus(t, { serviceFiles: folderOf(t, limited) })
  const { client, name } = await campus.student()
  await apply(client)
  assert.deepEqual(rows(await (await deskOf(campus)).get('/admin/applications?overdue=1')), [])
  campus.clock.advance(2 * 3_600_000)
  const [row] = rows(await (await deskOf(campus)).get('/admin/applications?overdue=1'))
  assert.match(row?.join(' | ') ?? '', new RegExp(`${name}.*李敏 ?辅导员审批 · 已超过时限`))
})

test('who looks after one service sees its applications and no others, and not even that there are others', async t => {
  const campus = await startCampus(t, { serviceFiles: folderOf(t, plainService(), 'another-service') })
  const { client, name } = await campus.student()
  const id = idIn((await apply(client)).path)
  const { userid, grant } = await ownerIn(campus)
  await grant('service', 'another-service')
  const other = await campus.phone(userid)
  assert.deepEqual(rows(await other.get('/admin/applications')), [])
  assert.equal((await other.get(`/admin/applications/${id}`)).status, 404)
  assert.equal((await other.post(`/admin/applications/${id}/end`, { reason: '不该有的' })).status, 403, 'without a token')
  assert.equal((await other.get(`/admin/applications/${id}/end`)).status, 404)
  await grant('service', 'enrolment-certificate')
  const own = await campus.phone(userid)
  assert.match(rows(await own.get('/admin/applications'))[0]?.[1] ?? '', new RegExp(name))
  const page = await own.get(`/admin/applications/${id}`)
  assert.ok(page.has('办理签证') && page.has('暂停') && page.has('改派'), page.text)
  assert.ok(!page.has('跳转') && !page.has('申请人看到的页面'), 'what goes against the flow is not theirs')
  assert.equal((await own.get(`/admin/applications/${id}/jump`)).status, 403)
  assert.equal((await own.get(`/applications/${id}`)).status, 403)
})

test('who looks after a department sees the applications of the services that it answers for', async t => {
  const campus = await startCampus(t)
  const { client, name } = await campus.student()
  const id = idIn((await apply(client)).path)
  const { userid, grant } = await ownerIn(campus)
  const unit = async (code: string) => (await campus.app.database.db.selectFrom('identity_units').select('id').where('code', '=', code).executeTakeFirstOrThrow()).id
  await grant('unit', await unit('0202'))
  const other = await campus.phone(userid)
  assert.deepEqual(rows(await other.get('/admin/applications')), [])
  assert.equal((await other.get(`/admin/applications/${id}`)).status, 404)
  await grant('unit', await unit('0201'))
  assert.match(rows(await (await campus.phone(userid)).get('/admin/applications'))[0]?.[1] ?? '', new RegExp(name))
})

/** Somebody who may become 事项负责人 of this or that. */
async function ownerIn({ app: { database, identity } }: Campus) {
  const { id: person_id, userid } = await database.db.selectFrom('identity_people').innerJoin('identity_bindings as binding', 'binding.person_id', 'identity_people.id')
    .select(['identity_people.id', 'binding.userid']).where('identity_people.name', '=', '崔语涵').executeTakeFirstOrThrow()
  const grant = (scope_kind: 'service' | 'unit', scope_id: string) => database.write(tx => identity.grantRole(tx, null, { person_id, role: 'service-owner', scope_kind, scope_id, reason: '试用' }))
  return { userid, grant }
}

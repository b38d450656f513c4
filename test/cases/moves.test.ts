import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { createServices } from '../../src/features/services/index.ts'
import { createFiles } from '../../src/integrations/files/index.ts'
import { apply, type Campus, decide, GOOD, startCampus } from '../services/campus.ts'
import { idIn } from '../support/certificate.ts'
import type { Client, Page } from '../support/client.ts'
import { deskOf, rows, toldTo } from './desk.ts'
import { folderOf, plainService, registrar, tutor } from './services.ts'

const dean = { id: 'dean', kind: 'approval', label: '系主任审批', approver: { rule: 'role', params: { role: 'admin' } }, mode: 'any' }

/** Publishes what the service is from now on, as the hall does when its files have changed. */
async function publish(t: TestContext, { app: { database, identity, keyring, approvals, messages }, clock }: Campus, definition: Record<string, unknown>): Promise<void> {
  const folder = folderOf(t, definition)
  const changed = createServices({ database, clock, workingTime: { add: from => from, addDays: from => from, between: () => 0, isWorkday: () => true }, keyring, identity, approvals, messages, scanner: null, files: createFiles(`file:${folder}/files`), labels: () => new Map(), documentKinds: () => [], folder })
  await database.write(changed.publish)
}

const versionOf = async ({ app: { database: { db } } }: Campus, id: string) => (await db.selectFrom('services_applications as application').innerJoin('services_versions as version', 'version.id', 'application.version_id')
  .select('version.version').where('application.id', '=', id).executeTakeFirstOrThrow()).version

const NEW = '/admin/moves/new?service=enrolment-certificate'

async function moveAll(campus: Campus, admin: Client, reason = '流程改了'): Promise<Page> {
  const started = await admin.submit(await admin.get(NEW), '/admin/moves', { reason })
  await campus.drain()
  return admin.get(started.path)
}

test('what is under way is moved to the newest version: shown before, one by one, with what became of each', async t => {
  const campus = await startCampus(t, { serviceFiles: folderOf(t, plainService()) })
  const [fresh, half, done] = [await campus.student(), await campus.student(), await campus.student()]
  const ids = [] as string[]
  for (const { client } of [fresh, half, done]) ids.push(idIn((await apply(client)).path))
  const limin = await campus.as('李敏')
  await decide(limin, half.name, 'approve', '属实')
  await decide(limin, done.name, 'reject', '材料不齐')
  await publish(t, campus, plainService({ flow: { nodes: [tutor, dean, registrar] } }))
  const admin = await deskOf(campus)

  const preview = await admin.get(NEW)
  assert.ok(preview.has('共 2 份申请会迁移到第 2 版'), preview.text)
  const line = (name: string) => rows(preview).find(cells => cells[0]?.startsWith(name))?.slice(1).join(' | ') ?? ''
  assert.match(line(fresh.name), /^辅导员审批（李敏） \| 辅导员审批（李敏） \| 没有变化$/)
  assert.match(line(half.name), /^教务员审批（.+） \| 系主任审批（.+） \| 撤回待办：教务员审批；要办理：系主任审批$/)
  assert.equal(line(done.name), '', 'what has ended stays as it ended')

  const refused = await admin.submit(preview, '/admin/moves', { reason: '' })
  assert.deepEqual([refused.status, refused.has('请填写理由')], [422, true])
  const report = await moveAll(campus, admin, '增加了系主任')
  assert.ok(report.has('已处理') && report.has(fresh.name) && report.has(half.name) && !report.has(done.name), report.text)
  assert.deepEqual(await Promise.all(ids.map(id => versionOf(campus, id))), [2, 2, 1])
  const page = await admin.get(`/admin/applications/${ids[1]}`)
  assert.ok(page.has('系主任审批') && page.has('第 1 版 → 第 2 版') && page.has('增加了系主任') && page.has('属实'), page.text)
  assert.match((await toldTo(campus, half.name))[0] ?? '', /改按新版本的流程办理/)
  assert.ok((await admin.get(NEW)).has('没有要迁移的申请'))
  assert.ok((await admin.get('/admin/moves')).has('增加了系主任'))
  const { db } = campus.app.database
  const kept = await db.selectFrom('approvals_history').select('entry').where('entry', 'like', '{"at":%"kind":"moved"%').execute()
  assert.equal(kept.length, 2)
  assert.ok(!kept.some(({ entry }) => JSON.stringify(JSON.parse(entry).from).includes('dean')), 'the history keeps the flow that held before')
})

test('a chosen few are moved, the others stay', async t => {
  const campus = await startCampus(t, { serviceFiles: folderOf(t, plainService()) })
  const [one, two] = [await campus.student(), await campus.student()]
  const [first, second] = [idIn((await apply(one.client)).path), idIn((await apply(two.client)).path)]
  await publish(t, campus, plainService({ flow: { nodes: [tutor] } }))
  const admin = await deskOf(campus)
  const list = await admin.get('/admin/applications?service=enrolment-certificate')
  assert.equal(list.root.querySelectorAll('input[name=id]').length, 2, 'they can be chosen from the list')
  const preview = await admin.get(`${NEW}&id=${first}`)
  assert.ok(preview.has('迁移 1 份申请'), preview.text)
  await admin.submit(preview, '/admin/moves', { reason: '试一份' })
  await campus.drain()
  assert.deepEqual([await versionOf(campus, first), await versionOf(campus, second)], [2, 1])
})

test('what cannot be moved says why and stays: a field that nobody would ask any more, an answer that does not fit, an end that nobody decided', async t => {
  const campus = await startCampus(t, { serviceFiles: folderOf(t, plainService()) })
  const [plain, odd] = [await campus.student(), await campus.student()]
  const [first, second] = [idIn((await apply(plain.client)).path), idIn((await apply(odd.client, { ...GOOD, purpose: 'exchange' })).path)]
  const copies = { key: 'copies', type: 'number', label: '份数', required: true }
  await publish(t, campus, plainService({ fields: fields => [...fields, copies], sample: { copies: '1' } }))
  const admin = await deskOf(campus)
  const reasons = (page: Page) => rows(page).map(cells => cells[3])
  assert.deepEqual(reasons(await admin.get(NEW)), ['新版本要求填写“份数”，请先退回申请人，再迁移', '新版本要求填写“份数”，请先退回申请人，再迁移'])

  await publish(t, campus, plainService({ fields: fields => fields.map(field => field.key === 'purpose' ? { ...field, options: [{ value: 'visa', label: '办理签证' }, { value: 'other', label: '其他' }] } : field) }))
  const preview = await admin.get(NEW)
  assert.ok(preview.has('其中 1 份不能迁移') && reasons(preview).some(reason => reason?.startsWith('“用途”的内容不合新版本的要求')), preview.text)
  const report = await moveAll(campus, admin)
  assert.ok(report.has('没有迁移') && report.has('“用途”的内容不合新版本的要求'), report.text)
  assert.deepEqual([await versionOf(campus, first), await versionOf(campus, second)], [3, 1])
  assert.ok(!(await admin.get(`${report.path}?outcome=kept`)).has(plain.name))

  await decide(await campus.as('李敏'), plain.name, 'approve')
  await publish(t, campus, plainService({ flow: { nodes: [tutor] }, fields: fields => fields.filter(field => field.key !== 'remark') }))
  const third = await (await deskOf(campus)).get(NEW)
  assert.deepEqual(reasons(third).toSorted().map(reason => reason?.slice(0, 10)), ['不再显示：备注', '新版本里已经没有要办'].toSorted(), third.text)
})

test('what was returned is moved too, and its applicant is asked what is new', async t => {
  const campus = await startCampus(t, { serviceFiles: folderOf(t, plainService()) })
  const { client, name } = await campus.student()
  const id = idIn((await apply(client)).path)
  await decide(await campus.as('李敏'), name, 'return', '请补充')
  await publish(t, campus, plainService({ flow: { nodes: [dean] }, fields: fields => [...fields, { key: 'copies', type: 'number', label: '份数', required: true }], sample: { copies: '1' } }))
  const admin = await deskOf(campus)
  assert.match(rows(await admin.get(NEW))[0]?.join(' | ') ?? '', /在申请人手里 \| 在申请人手里 \| 重新提交时要填：份数/)
  await moveAll(campus, admin)
  const correction = `/applications/${id}/correction`
  const refused = await client.submit(await client.get(correction), correction, { ...GOOD, intent: 'submit' })
  assert.deepEqual([refused.status, refused.has('请填写“份数”')], [422, true])
  const sent = await client.submit(refused, correction, { ...GOOD, copies: '2', intent: 'submit' })
  assert.ok(sent.has('系主任审批') && sent.has('份数'), sent.text)
  assert.equal(await versionOf(campus, id), 2)
})

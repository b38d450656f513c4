import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '../../src/platform/ids.ts'
import { startCampus } from './campus.ts'

const byNumber = (number: string) => ({ nodes: [{ id: 'one', kind: 'approval' as const, label: '审批', approver: { rule: 'person', params: { numbers: [number] } }, mode: 'any' as const }] })

test('500 decided at once, some forbidden, some over, some unknown: each has its own result, and none holds another up', async t => {
  const campus = await startCampus(t)
  const { approvals, database: { db, write } } = campus.app
  const { person_id, number } = await db.selectFrom('identity_people').select(['id as person_id', 'number']).where('name', '=', '于梦琪').executeTakeFirstOrThrow()
  const begin = async (count: number, holder: string) => {
    const instances: string[] = []
    for (let n = 0; n < count; n++) {
      instances.push((await write(tx => approvals.start(tx, { person_id, number }, { kind: 'test', subject: newId(), title: '测试申请', url: '/', summary: [], form: {}, flow: byNumber(holder) }))).instance_id)
    }
    return instances
  }
  const tasksOf = async (instances: readonly string[]) => (await db.selectFrom('approvals_tasks').select('id').where('instance_id', 'in', instances).execute()).map(task => task.id)
  const own = await begin(470, '10002')
  const others = await begin(15, '10001')
  const admin = await db.selectFrom('identity_people').select(['id', 'number']).where('name', '=', '陆远').executeTakeFirstOrThrow()
  const actor = { person_id: admin.id, number: admin.number }
  for (const instance_id of own.slice(0, 10)) await write(tx => approvals.suspend(tx, actor, { instance_id, reason: '等一等' }))
  for (const instance_id of own.slice(10, 20)) await write(tx => approvals.withdraw(tx, { person_id, number }, { instance_id }))
  const ids = [...await tasksOf(own), ...await tasksOf(others), ...Array.from({ length: 15 }, () => newId())]
  assert.equal(ids.length, 500)

  const phone = await campus.as('李敏')
  const page = await phone.get('/received/batch')
  const result = await phone.submit(page, '/received/batch', { task: ids, decision: 'approve', comment: '' })
  assert.equal(result.status, 200)
  assert.ok(result.has('450 项已办理，50 项没有办理'), result.text.slice(0, 200))
  const cells = result.root.querySelectorAll('.cell').map(cell => cell.structuredText.replace(/\s+/g, ' '))
  const count = (word: string) => cells.filter(cell => cell.includes(word)).length
  assert.deepEqual([cells.length, count('已被管理员暂停'), count('申请人已撤回'), count('没有找到这项待办'), count('未知的待办')], [500, 10, 10, 30, 30], 'of what is another\'s nothing is told, not even that it is there')
  const statuses = await db.selectFrom('approvals_instances').select(['status', ({ fn }) => fn.countAll<number | string>().as('number')]).where('kind', '=', 'test').groupBy('status').execute()
  assert.deepEqual(Object.fromEntries(statuses.map(row => [row.status, Number(row.number)])), { approved: 450, running: 25, withdrawn: 10 })

  const more = await phone.submit(page, '/received/batch', { task: [...ids, newId()], decision: 'approve', comment: '' })
  assert.deepEqual([more.status, more.has('一次最多办理 500 项')], [422, true])
})

import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { textIn } from '../../src/platform/text.ts'
import { startTestApp } from '../support/app.ts'

const folder = join(import.meta.dirname, '../../src/catalogue/services')
/** Connections are each school's own to make. */
const UNMADE: Record<string, string[]> = {
  'meeting-room.json': ['同步到会议室门口屏 没有叫“room-screens”的外部连接，系统调用会失败'], 'website-change.json': ['同步到网站登记系统 没有叫“website-register”的外部连接，系统调用会失败'],
}
const said = (faults: { label: string | null; sentence: string; params?: Record<string, string | number> | undefined }[]) => faults.map(({ label, sentence, params }) => `${label ?? ''} ${textIn('zh')(sentence, params)}`)

test('every step of every service finds somebody for each department of the sample university; who leaves is missed', async t => {
  const { app } = await startTestApp(t)
  const { approvals, database: { db, write } } = app
  for (const name of readdirSync(folder)) {
    const { flow, audience, form } = JSON.parse(readFileSync(join(folder, name), 'utf8'))
    assert.deepEqual(said(await approvals.checkFlow(db, { flow, audience, fields: form.fields.map((field: { key: string }) => field.key) })), UNMADE[name] ?? [], name)
  }
  const flow = { nodes: [
    { id: 'tutor', kind: 'approval', label: '辅导员审批', mode: 'any', approver: { rule: 'tutor' } },
    { id: 'line', kind: 'approval', label: '上级审批', mode: 'any', approver: { rule: 'leader', params: { level: 2 } } },
    { id: 'dean', kind: 'approval', label: '分管院长审批', mode: 'any', approver: { rule: 'post', params: { post: '副院长', within: 'unit' } } },
  ] }
  assert.deepEqual(said(await approvals.checkFlow(db, { flow, audience: ['enrolled'] })), [])
  assert.deepEqual(said(await approvals.checkFlow(db, { flow, audience: ['graduated'] })), [])
  const tutor = (await app.identity.personByNumber(db, '10002'))?.id ?? ''
  await write(tx => tx.updateTable('identity_numbers').set({ standing: 'left' }).where('number', 'in', ['10002', '10005']).execute())
  const pupils = await db.selectFrom('identity_numbers').select('number').where('tutor_id', '=', tutor).where('standing', '=', 'enrolled').execute()
  assert.deepEqual(said(await approvals.checkFlow(db, { flow, audience: ['enrolled'] })), [
    `辅导员审批 文学院的 ${pupils.length} 名学生按“申请人的辅导员”找不到办理人`, `上级审批 文学院的 ${pupils.length} 名学生按“申请人的上级”找不到办理人`,
    `分管院长审批 文学院的 ${(await db.selectFrom('identity_numbers as n').innerJoin('identity_units as u', 'u.id', 'n.unit_id').select('n.number').where('u.name', '=', '文学院').where('n.standing', '=', 'enrolled').execute()).length} 名学生按“担任指定岗位的人员”找不到办理人`,
  ])
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../support/app.ts'
import { cast } from '../support/people.ts'
import { issued, upload } from './office.ts'

test('a corrected paper takes the place of the old one, which says so to whoever verifies it', async t => {
  const hall = await startTestApp(t)
  const { document, pdf, code, student } = await issued(hall)
  const { admin } = await cast(hall.app)
  const desk = await hall.phone(admin.userid)
  const { db } = hall.app.database
  await db.updateTable('identity_numbers').set({ major: '历史学' }).where('number', '=', student.number).execute()

  const question = await desk.get((await desk.get(`/documents/${document.id}`)).link('重新出具'))
  assert.ok(question.has('历史学') && question.has(document.facts.major ?? ''), question.text)
  const address = `/admin/documents/${document.id}/reissue`
  assert.equal((await desk.submit(question, address, { reason: '' })).status, 422)
  const fresh = await desk.submit(question, address, { reason: '专业有误' })
  await hall.drain()
  const rows = (await db.selectFrom('documents_documents').selectAll().orderBy('id').execute()).map(row => ({ ...row, facts: JSON.parse(row.facts) }))
  const [old, next] = rows
  assert.deepEqual([rows.length, old?.status, next?.status, next?.facts.major, next?.facts.replaces, next?.facts.purpose], [2, 'revoked', 'issued', '历史学', document.number, document.facts.purpose])
  assert.ok((await desk.get(fresh.path)).has(document.number))
  const same = await desk.get(`/admin/documents/${next?.id}/reissue`)
  const words = same.root.querySelector('main')?.text ?? ''
  assert.ok(words.indexOf('作废并重新出具') < words.indexOf('新的一份内容不会变'), 'the heading comes first')

  const reader = hall.stranger()
  for (const page of [await reader.get(`/verify/${code}`), await upload(reader, pdf)]) assert.ok(page.has(next?.number ?? '?') && !page.has('真实有效'), page.text)
  const again = await desk.submit(question, address, { reason: '再来一次' })
  assert.equal(again.status, 409, 'an impatient second click makes no third paper')
  assert.equal((await db.selectFrom('documents_documents').select('id').execute()).length, 2)
})

test('papers are found by number, code, name and kind', async t => {
  const hall = await startTestApp(t)
  const [one, other] = [await issued(hall, { which: 0 }), await issued(hall, { which: 3 })]
  const { admin } = await cast(hall.app)
  const desk = await hall.phone(admin.userid)
  const finds = async (query: Record<string, string>) => {
    const page = await desk.get(`/admin/documents?${new URLSearchParams(query)}`)
    return [one, other].map(({ document }) => page.has(document.number))
  }
  assert.deepEqual(await finds({}), [true, true])
  assert.deepEqual(await finds({ q: one.document.number }), [true, false])
  assert.deepEqual(await finds({ q: one.document.number.slice(0, 8) }), [true, true])
  assert.deepEqual(await finds({ q: other.code }), [false, true])
  assert.deepEqual(await finds({ q: other.student.number }), [false, true])
  assert.deepEqual(await finds({ q: one.student.name }), [true, one.student.name === other.student.name])
  assert.deepEqual(await finds({ q: '没有这个人' }), [false, false])
  assert.deepEqual(await finds({ kind: 'enrolment-en' }), [false, false])
  assert.deepEqual(await finds({ kind: one.document.kind, status: 'issued' }), [true, true])
})

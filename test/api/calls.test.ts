import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { toldTo } from '../cases/desk.ts'
import { caller, makeClient, startOffice } from './office.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const findings = (json: Record<string, unknown>) => Object.fromEntries((json.findings as { finding: string; ok: boolean | null }[]).map(({ finding, ok }) => [finding, ok]))

test('an office has a certificate issued, follows its state, fetches and verifies it, and revokes it', async t => {
  const { campus, call, student } = await startOffice(t)
  const { db } = campus.app.database
  const kinds = await call('GET', '/api/v1/kinds')
  assert.deepEqual((kinds.json.kinds as { kind: string }[]).map(({ kind }) => kind), ['enrolment-en', 'enrolment-zh'])

  const wanted = { kind: 'enrolment-zh', student_number: student.number, purpose: '参加双选会', reference: 'JY-17' }
  const made = await call('POST', '/api/v1/documents', { body: wanted, headers: { 'idempotency-key': 'a-1' } })
  assert.deepEqual([made.status, made.json.state, made.json.reference, made.json.file], [201, 'reserved', 'JY-17', null])
  const address = made.headers.get('location') ?? ''
  assert.equal(address, `/api/v1/documents/${String(made.json.id)}`)
  const again = await call('POST', '/api/v1/documents', { body: wanted, headers: { 'idempotency-key': 'a-1' } })
  assert.deepEqual([again.status, again.json.id], [200, made.json.id])
  const other = await call('POST', '/api/v1/documents', { body: { ...wanted, purpose: '别的' }, headers: { 'idempotency-key': 'a-1' } })
  assert.deepEqual([other.status, other.type, other.json.code], [422, 'application/problem+json', 'key-reused'])
  assert.deepEqual([(await call('GET', `${address}/file`)).json.code, (await call('GET', `${address}/file`)).status], ['not-issued', 409])
  assert.equal((await toldTo(campus, student.name)).filter(title => title === '就业信息系统代你开具中文在读证明').length, 1, 'the student is told, once')

  const before = await call('GET', address)
  assert.equal((await call('GET', address, { headers: { 'if-none-match': before.headers.get('etag') ?? '' } })).status, 304)
  await campus.drain()
  const after = await call('GET', address, { headers: { 'if-none-match': before.headers.get('etag') ?? '' } })
  assert.deepEqual([after.status, after.json.state], [200, 'issued'])
  const file = await call('GET', String(after.json.file).replace(campus.origin, ''))
  assert.deepEqual([file.type, sha256(file.bytes)], ['application/pdf', after.json.sha256])
  const row = await db.selectFrom('documents_documents').select(['facts', 'code']).where('id', '=', String(made.json.id)).executeTakeFirstOrThrow()
  assert.equal(JSON.parse(row.facts).purpose, '参加双选会', 'what it is for stands on it')

  const byFile = await call('POST', '/api/v1/verify', { raw: new Uint8Array(file.bytes), headers: { 'content-type': 'application/pdf' } })
  assert.deepEqual([byFile.json.verdict, findings(byFile.json)], ['genuine', { unchanged: true, 'nothing-added': true, signer: true, time: null, revocation: null, level: null, registered: true, valid: true }])
  const bent = Buffer.from(file.bytes)
  bent[400] = (bent[400] ?? 0) ^ 1
  const altered = await call('POST', '/api/v1/verify', { raw: new Uint8Array(bent), headers: { 'content-type': 'application/pdf' } })
  assert.deepEqual([altered.json.verdict, altered.json.certified], ['altered', null])
  const end = [...student.name].at(-1)
  const byName = await call('POST', '/api/v1/verify', { body: { code: row.code.toLowerCase(), name_end: end } })
  assert.deepEqual([byName.json.verdict, findings(byName.json)], ['genuine', { registered: true, name: true, valid: true }])
  assert.ok(!JSON.stringify(byName.json).includes(student.name) && !JSON.stringify(byName.json).includes(student.number), 'masked')
  const wrong = await call('POST', '/api/v1/verify', { body: { code: row.code, name_end: '某', sha256: sha256(file.bytes) } })
  assert.deepEqual([wrong.json.verdict, wrong.json.certified, findings(wrong.json)], ['mismatch', null, { registered: true, name: false, file: true, valid: true }])
  assert.equal((await call('POST', '/api/v1/verify', { body: { code: row.code } })).status, 422, 'a code alone tells nothing')
  assert.equal((await call('POST', '/api/v1/verify', { body: { code: '0000000000000000', name_end: end } })).json.verdict, 'unknown')

  const revoked = await call('POST', `${address}/revocation`, { body: { reason: '学生放弃' } })
  assert.deepEqual([revoked.status, revoked.json.state, revoked.json.reason, revoked.json.file], [200, 'revoked', '学生放弃', null])
  assert.equal((await call('POST', `${address}/revocation`, { body: { reason: '再来一次' } })).json.reason, '学生放弃', 'twice is once')
  assert.equal((await call('POST', '/api/v1/verify', { body: { code: row.code, name_end: end } })).json.verdict, 'revoked')

  const trail = await db.selectFrom('events').select(['name', 'actor_number', 'data']).where('actor_number', '=', '就业信息系统').orderBy('id').execute()
  assert.deepEqual([...new Set(trail.map(({ name }) => name))].toSorted(), ['api.called', 'documents.reserved', 'documents.revoked'])
  assert.ok(trail.some(({ name, data }) => name === 'api.called' && JSON.parse(data).operation === 'getFile' && JSON.parse(data).of === made.json.id), 'each use, and of what')
})

test('a client sees what it asked for and nothing else, page by page', async t => {
  const { campus, admin, call, student } = await startOffice(t)
  const ids: unknown[] = []
  for (let n = 0; n < 5; n++) ids.unshift((await call('POST', '/api/v1/documents', { body: { kind: 'enrolment-zh', student_number: student.number, purpose: `第${n}次` }, headers: { 'idempotency-key': `k${n}` } })).json.id)
  const listed: unknown[] = []
  let next: unknown = ''
  for (let pages = 0; next !== null && pages < 5; pages++) {
    const page = await call('GET', `/api/v1/documents?limit=2${next ? `&before=${String(next)}` : ''}`)
    listed.push(...(page.json.documents as { id: string }[]).map(({ id }) => id))
    next = page.json.next
  }
  assert.deepEqual(listed, ids)

  const stranger = caller(campus.origin, (await makeClient(campus, admin, { name: '另一个系统' })).token)
  assert.deepEqual((await stranger('GET', '/api/v1/documents')).json, { documents: [], next: null })
  for (const [method, path, body] of [['GET', '', undefined], ['GET', '/file', undefined], ['POST', '/revocation', { reason: 'x' }]] as const) {
    const answer = await stranger(method, `/api/v1/documents/${String(ids[0])}${path}`, body && { body })
    assert.deepEqual([answer.status, answer.json.code], [404, 'not-found'], path)
  }
})

test('what a call may not do is refused with a code that stays and a sentence in the language asked for', async t => {
  const { campus, admin, call, student } = await startOffice(t)
  const { db } = campus.app.database
  const issue = (body: unknown, headers: Record<string, string> = { 'idempotency-key': 'x' }) => call('POST', '/api/v1/documents', { body, headers })
  const wanted = { kind: 'enrolment-zh', student_number: student.number, purpose: '就业' }
  const staff = await db.selectFrom('identity_numbers').select('number').where('kind', '=', 'staff').executeTakeFirstOrThrow()

  for (const [answer, status, code] of [
    [await issue(wanted, {}), 422, 'invalid-request'], [await issue({ ...wanted, extra: 1 }), 422, 'invalid-request'], [await issue({ kind: 'enrolment-zh' }), 422, 'invalid-request'], [await issue([]), 422, 'invalid-request'],
    [await issue({ ...wanted, kind: 'record' }), 403, 'kind-not-allowed'], [await issue({ ...wanted, student_number: '00000000' }), 404, 'student-unknown'], [await issue({ ...wanted, student_number: staff.number }), 404, 'student-unknown'],
    [await call('POST', '/api/v1/documents', { raw: '{"kind":', headers: { 'content-type': 'application/json', 'idempotency-key': 'x' } }), 400, 'malformed-json'],
    [await call('POST', '/api/v1/documents', { raw: '{"__proto__":{"kind":"x"}}', headers: { 'content-type': 'application/json', 'idempotency-key': 'x' } }), 400, 'malformed-json'],
    [await call('POST', '/api/v1/documents', { raw: 'kind=x', headers: { 'content-type': 'application/x-www-form-urlencoded', 'idempotency-key': 'x' } }), 415, 'unsupported-type'],
    [await call('POST', '/api/v1/documents', { body: { ...wanted, purpose: 'x'.repeat(70_000) }, headers: { 'idempotency-key': 'x' } }), 413, 'too-large'],
    [await call('POST', '/api/v1/verify', { raw: Buffer.alloc(11 * 1024 * 1024), headers: { 'content-type': 'application/pdf' } }), 413, 'too-large'],
    [await call('GET', '/api/v1/documents?limit=1000'), 422, 'invalid-request'], [await call('GET', '/api/v1/nothing'), 404, 'not-found'], [await call('DELETE', '/api/v1/documents'), 404, 'not-found'],
  ] as const) {
    assert.deepEqual([answer.status, answer.json.code, answer.type], [status, code, 'application/problem+json'], JSON.stringify(answer.json))
    assert.ok(String(answer.json.type).endsWith(`#${code}`) && answer.json.request_id)
  }
  const missing = await issue({ kind: 'enrolment-zh', purpos: 'x' })
  assert.deepEqual((missing.json.errors as { pointer: string }[]).map(({ pointer }) => pointer).toSorted(), ['/purpos', '/purpose', '/student_number'])
  assert.match(String(missing.json.detail), /接口说明/)
  assert.match(String((await call('GET', '/api/v1/nothing', { headers: { 'accept-language': 'en-GB,zh;q=0.5' } })).json.detail), /There is nothing|nothing at this address|address/i)

  await db.updateTable('identity_numbers').set({ standing: 'graduated' }).where('number', '=', student.number).execute()
  assert.equal((await issue(wanted)).json.code, 'not-possible')
  await db.updateTable('identity_numbers').set({ standing: 'enrolled' }).where('number', '=', student.number).execute()

  const { unit_id } = await db.selectFrom('identity_numbers').select('unit_id').where('number', '=', student.number).executeTakeFirstOrThrow()
  const elsewhere = await db.selectFrom('identity_units').select('id').where('kind', '=', 'school').where('id', '!=', unit_id).where('parent_id', 'is not', null).where('id', 'not in', db.selectFrom('identity_units').select('parent_id').where('id', '=', unit_id).where('parent_id', 'is not', null).$castTo<{ parent_id: string }>()).executeTakeFirst()
  if (elsewhere) {
    const faculty = caller(campus.origin, (await makeClient(campus, admin, { name: '外院系统', units: [elsewhere.id] })).token)
    const answer = await faculty('POST', '/api/v1/documents', { body: wanted, headers: { 'idempotency-key': 'x' } })
    assert.deepEqual([answer.status, answer.json.code], [404, 'student-unknown'], 'as if there were no such student')
  }
  const own = caller(campus.origin, (await makeClient(campus, admin, { name: '本院系统', units: [unit_id], scopes: ['documents.issue'] })).token)
  assert.equal((await own('POST', '/api/v1/documents', { body: wanted, headers: { 'idempotency-key': 'x' } })).status, 201)
  assert.deepEqual([(await own('POST', '/api/v1/verify', { body: { code: 'x', name_end: 'x' } })).json.code, (await own('POST', '/api/v1/documents/x/revocation', { body: { reason: 'x' } })).json.code], ['scope-missing', 'scope-missing'])
  assert.equal((await db.selectFrom('documents_on_behalf').select('document_id').execute()).length, 1, 'nothing else was issued')
})

test('one key sent ten times at once makes one document', async t => {
  const { campus, call, student } = await startOffice(t)
  const answers = await Promise.all(Array.from({ length: 10 }, () => call('POST', '/api/v1/documents', { body: { kind: 'enrolment-en', student_number: student.number, purpose: '签证' }, headers: { 'idempotency-key': 'same' } })))
  assert.equal(new Set(answers.map(({ json }) => json.id)).size, 1, JSON.stringify(answers.map(({ json }) => json)))
  assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 200, 200, 200, 200, 200, 200, 200, 200, 201])
  assert.equal((await campus.app.database.db.selectFrom('documents_documents').select('id').execute()).length, 1)
})

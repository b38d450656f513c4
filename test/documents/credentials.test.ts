import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { Ajv } from 'ajv'
import { createLocalJWKSet, decodeProtectedHeader, importJWK, type JSONWebKeySet, type JWK, jwtVerify } from 'jose'
import { caller, type Office, startOffice } from '../api/office.ts'
import type { Settings } from '../support/app.ts'
import { achievementCredential } from './open-badges.ts'

type Credential = {
  id: string; validFrom: string; nbf: number; iss: string; jti: string; sub: string; issuer: { id: string }
  credentialSubject: { id: string; certified: Record<string, string> }; evidence: { id: string; description: string }[]
  credentialStatus: { id: string; type: string; statusPurpose: string; statusListIndex: string; statusListCredential: string }
}

/** A certificate that was issued to the student, and the student's phone. */
async function issued(t: TestContext, settings: Settings = {}) {
  const office = await startOffice(t, settings)
  const { campus, call, student } = office
  const { json: { id } } = await call('POST', '/api/v1/documents', { body: { kind: 'enrolment-zh', student_number: student.number, purpose: '求职' }, headers: { 'idempotency-key': '1' } })
  await campus.drain()
  return { ...office, id: String(id), phone: await campus.phone(student.userid) }
}

const words = (page: { bytes: Uint8Array }) => Buffer.from(page.bytes).toString()

async function open(office: Office, path: string) {
  return caller(office.campus.origin, '')('GET', path.replace(office.campus.origin, ''))
}

/** As anybody does who was handed one: with what the school publishes and nothing else. */
async function verified(office: Office, jwt: string): Promise<Credential> {
  const jwks = (await open(office, '/.well-known/jwks.json')).json as unknown as JSONWebKeySet
  const { payload } = await jwtVerify<Credential>(jwt, createLocalJWKSet(jwks), { currentDate: new Date(office.campus.clock.now() + 60_000) })
  return payload
}

async function isRevoked(office: Office, { credentialStatus: { statusListIndex, statusListCredential } }: Credential): Promise<boolean> {
  const answer = await open(office, statusListCredential)
  assert.deepEqual([answer.status, answer.type, answer.headers.get('access-control-allow-origin')], [200, 'application/vc+jwt', '*'])
  const list = await verified(office, answer.bytes.toString()) as unknown as { id: string; type: string[]; credentialSubject: { type: string; statusPurpose: string; encodedList: string } }
  assert.deepEqual([list.id, list.type, list.credentialSubject.type, list.credentialSubject.statusPurpose], [statusListCredential, ['VerifiableCredential', 'BitstringStatusListCredential'], 'BitstringStatusList', 'revocation'])
  assert.equal(list.credentialSubject.encodedList[0], 'u', 'multibase: base64url')
  const bits = gunzipSync(Buffer.from(list.credentialSubject.encodedList.slice(1), 'base64url'))
  assert.equal(bits.length * 8, 131_072)
  const place = Number(statusListIndex)
  return ((bits[place >> 3] ?? 0) >> 7 - place % 8 & 1) === 1
}

test('the owner takes an Open Badges 3.0 credential along that anybody can check with what the school publishes', async t => {
  const office = await issued(t)
  const { phone, id, student, campus } = office
  const page = await phone.get(`/documents/${id}`)
  const taken = await phone.get(page.link('下载（Open Badges 3.0）'))
  assert.match(taken.headers.get('content-disposition') ?? '', /^attachment; filename="\d+\.jwt"$/)
  const jwt = words(taken)
  const credential = await verified(office, jwt)

  const ajv = new Ajv({ allErrors: true, strict: false })
  assert.ok(ajv.validate(achievementCredential, credential), JSON.stringify(ajv.errors))
  assert.deepEqual([credential.iss, credential.jti, credential.sub, credential.nbf], [credential.issuer.id, credential.id, credential.credentialSubject.id, Date.parse(credential.validFrom) / 1000])
  const row = await campus.app.database.db.selectFrom('documents_documents').select(['facts', 'sha256', 'code']).where('id', '=', id).executeTakeFirstOrThrow()
  const facts = JSON.parse(row.facts)
  for (const [key, value] of Object.entries(credential.credentialSubject.certified)) assert.equal(value, facts[key], key)
  assert.deepEqual([credential.credentialSubject.certified.name, credential.credentialSubject.certified.purpose, credential.credentialSubject.certified.number], [student.name, '求职', student.number])
  assert.ok(!credential.sub.includes(student.number) && /^urn:uuid:[0-9a-f-]{36}$/.test(credential.sub))
  assert.equal(credential.evidence[0]?.description, `PDF SHA-256 ${row.sha256}`)

  // Header, key and issuer, each looked up at the address that it is.
  const header = decodeProtectedHeader(jwt)
  assert.deepEqual([header.alg, header.typ, Object.keys(header).toSorted()], ['ES256', 'JWT', ['alg', 'kid', 'typ']])
  const key = (await open(office, header.kid ?? '')).bytes.toString()
  assert.ok(!('d' in JSON.parse(key)))
  await jwtVerify(jwt, await importJWK(JSON.parse(key), 'ES256'), { currentDate: new Date(campus.clock.now() + 60_000) })
  const issuer = (await open(office, credential.issuer.id)).json
  assert.deepEqual([issuer.id, issuer.type, issuer.assertionMethod], [credential.issuer.id, ['Profile'], [header.kid]])
  const did = (await open(office, '/.well-known/did.json')).json as { id: string; alsoKnownAs: string[]; verificationMethod: { publicKeyJwk: JWK }[] }
  assert.deepEqual([did.id, did.alsoKnownAs, did.verificationMethod[0]?.publicKeyJwk], [`did:web:${encodeURIComponent(new URL(campus.origin).host)}`, [issuer.id], JSON.parse(key)])
  const ld = JSON.parse(words(await phone.get(`/documents/${id}/credential?form=jsonld`)))
  assert.deepEqual([ld.type, ld.id.startsWith('data:application/vc+jwt,')], [['EnvelopedVerifiableCredential'], true])
  assert.equal((await verified(office, ld.id.split(',')[1])).id, credential.id, 'taken twice it is the same credential')

  const [head = '', body = '', signature = ''] = jwt.split('.')
  const forged = Buffer.from(JSON.stringify({ ...credential, name: '博士学位证书' })).toString('base64url')
  for (const wrong of [`${head}.${forged}.${signature}`, `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`]) await assert.rejects(verified(office, wrong))
})

test('revoking the document turns its place of the status list, and no other', async t => {
  const office = await issued(t)
  const { phone, id, call, campus, student } = office
  const second = String((await call('POST', '/api/v1/documents', { body: { kind: 'enrolment-en', student_number: student.number, purpose: 'visa' }, headers: { 'idempotency-key': '2' } })).json.id)
  await campus.drain()
  const credential = await verified(office, words(await phone.get(`/documents/${id}/credential`)))
  const other = await verified(office, (await call('GET', `/api/v1/documents/${second}/credential`)).bytes.toString())
  assert.notEqual(credential.credentialStatus.statusListIndex, other.credentialStatus.statusListIndex)
  assert.equal(credential.credentialStatus.statusListCredential, other.credentialStatus.statusListCredential)
  assert.deepEqual([await isRevoked(office, credential), await isRevoked(office, other)], [false, false])

  await call('POST', `/api/v1/documents/${id}/revocation`, { body: { reason: '信息有误' } })
  campus.clock.advance(61_000)
  assert.deepEqual([await isRevoked(office, credential), await isRevoked(office, other)], [true, false])
  assert.equal((await phone.get(`/documents/${id}/credential`)).status, 409, 'what is void is not given out again')
  assert.ok(!(await phone.get(`/documents/${id}`)).has('数字凭证'))
  const etag = (await open(office, credential.credentialStatus.statusListCredential)).headers.get('etag') ?? ''
  assert.equal((await fetch(credential.credentialStatus.statusListCredential, { headers: { 'if-none-match': etag } })).status, 304)
  for (const nowhere of ['/credentials/status/7', '/credentials/status/-1', '/credentials/status/x', '/credentials/keys/x', '/credentials/achievements/record']) assert.equal((await open(office, nowhere)).status, 404, nowhere)
})

test('only the owner takes a credential along, at any number of doors at once', async t => {
  const office = await issued(t)
  const { phone, id, campus, classmate, admin } = office
  const others = [await campus.phone(classmate.userid), admin]
  for (const client of others) assert.equal((await client.get(`/documents/${id}/credential`)).status, 404)
  assert.equal((await campus.app.database.db.selectFrom('documents_credentials').select('id').execute()).length, 0, 'where none is taken, none is made')
  const pages = await Promise.all(Array.from({ length: 6 }, () => phone.get(`/documents/${id}/credential`)))
  const ids = await Promise.all(pages.map(async page => (await verified(office, words(page))).id))
  assert.equal(new Set(ids).size, 1)
})

test('a key of the school signs where one is set, and keys that have signed stay published', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'hall-key-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'key.pem')
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const office = await issued(t, { env: { CREDENTIAL_KEY: path } })
  const { phone, id, campus } = office
  await campus.app.database.db.insertInto('documents_credential_keys').values({ id: 'earlier', jwk: JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }), first_used_at: 1 }).execute()
  const jwt = words(await phone.get(`/documents/${id}/credential`))
  assert.equal(decodeProtectedHeader(jwt).alg, 'RS256')
  await verified(office, jwt)
  const { keys } = (await open(office, '/.well-known/jwks.json')).json as unknown as JSONWebKeySet
  assert.deepEqual(keys.map(({ kid }) => kid?.endsWith('/earlier')), [true, false])
  assert.ok(keys.every(key => !('d' in key) && !('p' in key)))
})

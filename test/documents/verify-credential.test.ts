import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { decodeProtectedHeader, exportJWK, type JWK, SignJWT } from 'jose'
import { startOffice } from '../api/office.ts'
import { signingKey } from '../../src/features/documents/credentials/key.ts'
import { checkCredential, statusIn } from '../../src/features/documents/shared/credential.ts'
import { createKeyring } from '../../src/platform/keys.ts'
import { checks, upload } from './office.ts'

/** A credential in its owner's hands, and how a stranger drops a file. */
async function taken(t: TestContext) {
  const { campus, call, student } = await startOffice(t)
  const { json: { id } } = await call('POST', '/api/v1/documents', { body: { kind: 'enrolment-zh', student_number: student.number, purpose: '[求职' }, headers: { 'idempotency-key': '1' } })
  await campus.drain()
  const phone = await campus.phone(student.userid)
  const file = async (form = '') => Buffer.from((await phone.get(`/documents/${String(id)}/credential${form}`)).bytes).toString()
  return { campus, call, student, id: String(id), file, drop: (text: string) => upload(campus.stranger(), Buffer.from(text), 'a.jwt') }
}

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

test('a credential that is dropped is genuine, in both forms, until it is revoked', async t => {
  const { call, student, id, file, drop } = await taken(t)
  const jwt = await file()
  for (const text of [jwt, `\n${jwt}\n`, await file('?form=jsonld')]) {
    const page = await drop(text)
    for (const words of ['真实有效', '由学校签发', student.name, student.number, '[求职']) assert.ok(page.has(words), `${words}: ${page.text}`)
    assert.deepEqual(checks(page).map(line => line.replace(/\d{4}-.*签发/, '签发')), ['green 内容和签名一致，没有改动', 'green 签名的密钥是学校公布的', 'green 签发，没有截止日期', 'green 没有作废'])
  }
  await call('POST', `/api/v1/documents/${id}/revocation`, { body: { reason: '信息有误' } })
  const revoked = await drop(jwt)
  assert.ok(revoked.has('已作废') && revoked.has('不要再采用'), revoked.text)
  assert.equal(checks(revoked).at(-1), 'red 已经作废')
})

test('its owner reads that a credential was checked, on the server or in a browser, and for whom; nobody else can have it written', async t => {
  const { campus, student, id, file, drop } = await taken(t)
  const phone = await campus.phone(student.userid)
  const lines = async () => (await phone.get(`/documents/${id}`)).text.match(/有人用数字凭证核验/g)?.length ?? 0
  const jwt = await file()
  assert.equal(await lines(), 0)
  await drop(jwt.replace(/.{4}$/, 'AAAA'))
  assert.equal(await lines(), 0, 'what is not ours is nobody’s')
  await drop(jwt)
  assert.equal(await lines(), 1)
  const credential = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()).id.replace('urn:uuid:', '')
  const register = (fields: Record<string, string>) => campus.stranger().post('/verify/register', fields)
  assert.equal((await register({ credential, organisation: '海外大学招生办' })).status, 200)
  const page = await phone.get(`/documents/${id}`)
  assert.ok(page.has('自报单位：海外大学招生办'), page.text)
  assert.equal(await lines(), 1, 'who looks first and says for whom afterwards is the same asker')
  assert.match((await phone.get(`/documents/${id}/log`)).text, /有人用数字凭证核验/)
  assert.equal((await register({ credential: '00000000-0000-4000-8000-000000000000' })).status, 200, 'nothing is told of what there is')
  for (const wrong of ['', 'x', `${credential}0`]) assert.equal((await register({ credential: wrong })).status, 422)
})

test('changed, foreign and unreadable credentials are told apart, and nothing of them is confirmed', async t => {
  const { student, file, drop, campus } = await taken(t)
  const jwt = await file()
  const [head = '', body = '', signature = ''] = jwt.split('.')
  const payload = JSON.parse(Buffer.from(body, 'base64url').toString())
  const header = decodeProtectedHeader(jwt)
  const published: JWK = (await (await fetch(`${campus.origin}/.well-known/jwks.json`)).json()).keys[0]
  const hmac = (alg: string) => new SignJWT(payload).setProtectedHeader({ alg, kid: header.kid ?? '' }).sign(Buffer.from(JSON.stringify(published)))
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const withOwn = (more: object) => new SignJWT(payload).setProtectedHeader({ ...header, alg: 'ES256', ...more }).sign(own.privateKey)
  const ownJwk = await exportJWK(own.publicKey)

  const altered = {
    'another name': [head, encoded({ ...payload, name: '博士学位证书' }), signature].join('.'),
    'no algorithm': [encoded({ ...header, alg: 'none' }), body, ''].join('.') + 'AA',
    'the public key as a secret': await hmac('HS256'),
    'another algorithm': [encoded({ ...header, alg: 'RS256' }), body, signature].join('.'),
    'a key of its own under our name': await withOwn({}),
    'a key of its own that it brings along': await withOwn({ jwk: ownJwk }),
    'a condition that nobody knows': [encoded({ ...header, crit: ['x'], x: 1 }), body, signature].join('.'),
  }
  for (const [how, text] of Object.entries(altered)) {
    const page = await drop(text)
    assert.ok(page.has('已被篡改') && checks(page)[0] === 'red 内容和签名对不上', `${how}: ${page.text}`)
    assert.ok(!page.has(student.name), how)
  }
  const list = await (await fetch(`${campus.origin}/credentials/status/0`)).text()
  const foreign = { 'a key that nobody published': await withOwn({ kid: 'https://elsewhere.example/keys/1' }), 'a path as a key': await withOwn({ kid: `${campus.origin}/credentials/keys/../keys/x` }), 'our list of what was revoked': list, 'no header': `eyJ.${body}.${signature}` }
  for (const [how, text] of Object.entries(foreign)) {
    const page = await drop(text)
    assert.ok(page.has('查无此件') && page.has('不是学校签发的') && !page.has(student.name), `${how}: ${page.text}`)
  }
  for (const text of ['{', '{"id":"data:application/vc+jwt,"}', '{"id":["x"]}', 'eyJhbGciOi', `{"a":${'['.repeat(50_000)}`, `eyJ.${'A'.repeat(1000)}`]) {
    const page = await drop(text)
    assert.ok(page.has('查无此件') && page.has('不是能识别的数字凭证'), `${text.slice(0, 40)}: ${page.text}`)
  }
})

test('an end, a beginning that has not come, and a list that cannot be had are told apart', async () => {
  const keyring = createKeyring([Buffer.alloc(32, 7)])
  const { privateKey, publicJwk, algorithm, id } = await signingKey(keyring, undefined)
  const [issuer, kid, at] = ['https://hall.example.edu/credentials/issuer', `https://hall.example.edu/credentials/keys/${id}`, Date.UTC(2026, 10, 22)]
  const credential = (more: object) => new SignJWT({
    iss: issuer, type: ['VerifiableCredential', 'OpenBadgeCredential'], name: '中文在读证明', validFrom: '2026-11-01T00:00:00Z', credentialSubject: { licenseNumber: '7', certified: { name: '某某' } },
    credentialStatus: { statusListCredential: 'https://hall.example.edu/credentials/status/3', statusListIndex: '94567' }, ...more,
  }).setProtectedHeader({ alg: algorithm, kid, typ: 'JWT' }).sign(privateKey)
  const keys = [{ ...publicJwk, kid }]
  const asked: unknown[] = []
  const check = async (more: object, status: 'good' | 'revoked' | 'unknown' = 'good') => {
    const found = await checkCredential(await credential(more), { keys, issuer, at, statusOf: async (...place) => (asked.push(place), status) })
    return found.kind === 'ours' ? [found.status, found.from > at, found.until !== null && found.until < at] : found.kind
  }
  assert.deepEqual(await check({}), ['good', false, false])
  assert.deepEqual(asked, [[3, 94567]])
  assert.deepEqual(await check({ validUntil: '2026-11-21T00:00:00Z' }), ['good', false, true])
  assert.deepEqual(await check({ exp: at / 1000 - 3600 }), ['good', false, true])
  assert.deepEqual(await check({ validFrom: '2026-12-01T00:00:00Z' }), ['good', true, false])
  assert.deepEqual(await check({}, 'unknown'), ['unknown', false, false])
  assert.deepEqual(await check({ credentialStatus: { statusListCredential: 'https://evil.example/credentials/status/3', statusListIndex: '1' } }), ['unknown', false, false])
  assert.deepEqual(await check({ iss: 'https://elsewhere.example' }), 'foreign')
  assert.deepEqual(await statusIn(await credential({}), { keys, issuer }, 3, 94567), 'unknown', 'a credential is no list')
})

import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadConfig } from '../../src/platform/config.ts'
import { ConfigError } from '../../src/platform/environment.ts'
import { identity, p12Of, PASSWORD, pem, workshop } from '../integrations/seal-material.ts'

const root = join(import.meta.dirname, '../..')
const example = readFileSync(join(root, '.env.example'), 'utf8')
const named = new Set([...example.matchAll(/^([A-Z0-9_]+)=/gm)].map(match => match[1] ?? ''))

const complete = {
  HALL_SECRET: Buffer.alloc(32, 7).toString('base64'), SCHOOL_NAME: '明湖大学', SCHOOL_NAME_EN: 'Minghu University', WECOM_CORP_ID: 'ww0123456789abcdef',
  WECOM_AGENT_ID: '1000002', WECOM_SECRET: 'kept', WECOM_TOKEN: 'QDG6eK', WECOM_ENCODING_AES_KEY: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
}

/** Every variable that is asked for, and whether nothing else is. */
function asked(): Set<string> {
  const names = new Set<string>()
  const env = new Proxy<Record<string, string | undefined>>(complete, {
    get(target, name) {
      if (typeof name === 'string') names.add(name)
      return typeof name === 'string' ? target[name] : undefined
    },
  })
  loadConfig(env)
  return names
}

function faults(env: Record<string, string>): readonly string[] {
  try {
    loadConfig(env)
    return []
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    return error.faults
  }
}

test('every variable that is read stands in .env.example, and nothing else does', () => {
  assert.deepEqual([...named].toSorted(), [...asked()].toSorted())
})

test('what is missing is listed at once', () => {
  const names = faults({}).map(fault => fault.split(' ', 1)[0])
  assert.deepEqual(names.toSorted(), Object.keys(complete).toSorted())
})

const wrong: [string, string, RegExp][] = [
  ['PORT', 'eighty', /whole number/], ['PORT', '70000', /whole number/], ['PUBLIC_URL', 'hall.example.edu.cn', /origin/], ['PUBLIC_URL', 'https://hall.example.edu.cn/path', /origin/],
  ['HALL_ROLE', 'both', /all or web or worker/], ['HALL_SECRET', 'c2hvcnQ=', /32 or more bytes/], ['DATABASE_URL', 'postgres://x/y', /sqlite:PATH/], ['REDIS_URL', 'localhost:6379', /redis:/],
  ['WECOM_ENCODING_AES_KEY', 'short', /43/], ['WECOM_CORP_ID', '123', /ww/], ['MAIL_FROM', 'nobody', /mail address/], ['HALL_ROLE', 'worker', /REDIS_URL is missing/],
  ['SMTP_URL', 'smtp://localhost:25', /MAIL_FROM is missing/], ['INITIAL_PASSWORD_DIGITS', '4', /6 or 8/],
  ['CAMPUS_AUTH', 'cas', /^CAS_URL is missing: CAMPUS_AUTH=cas needs it/], ['CAS_URL', 'http://cas.example.edu.cn/cas', /https:\/\//], ['LDAP_FILTER', '(uid=*)', /\{account\}/], ['LDAP_URL', 'https://ldap.example', /ldaps:/],
  ['OIDC_SCOPE', 'profile', /openid/], ['FIRST_USE_PROOF', 'maybe', /on or sms or off/], ['WORK_HOURS', '14:00-12:00', /spans in the order of the day/], ['WORK_CALENDAR', 'calendar.ics', /JSON file/], ['CLAMD_URL', 'localhost:3310', /tcp:\/\/HOST:PORT or unix:/],
  ['SEAL_P12', '/etc/hall/none.p12', /path of the certificate/], ['SEAL_ROOTS', '/etc/hall/none.pem', /path of a PEM file with certificates/], ['SEAL_ROOTS', import.meta.filename, /path of a PEM file with certificates/], ['SEAL_IMAGE', import.meta.filename, /picture/], ['CREDENTIAL_KEY', import.meta.filename, /private key/], ['TSA_URL', 'tsa.example.cn', /time stamp authority/], ['SEAL_SIGNER_SECRET', 'short', /16 characters/],
  ['FILES_URL', 's3://hall.example/bucket', /file:PATH or s3:\/\/KEY:SECRET@HOST\/BUCKET/], ['FILES_URL', 's3://AK:a/b@s3.example.cn/hall', /percent-encoded/], ['FILES_URL', 's3://AK:a%2b@s3.example.cn/hall?region=cn&TLS=off', /tls=off/], ['FILES_URL', 's3://AK:a%2@s3.example.cn/hall', /percent-encoded/],
]
for (const [name, value, sentence] of wrong) {
  test(`${name}=${value} is told as wrong, and what it should be`, () => {
    const said = faults({ ...complete, [name]: value })
    assert.equal(said.length, 1)
    assert.match(said[0] ?? '', sentence)
  })
}

test('of several keys for the seal all but one are too many', () => {
  const said = faults({ ...complete, SEAL_P12: 'seal.p12', SEAL_SIGNER_URL: 'https://signer.example.cn/', SEAL_SIGNER_SECRET: 'sixteen letters or so', SEAL_CERT: 'seal.pem' })
  assert.deepEqual(said.filter(fault => !fault.includes('path')), ['SEAL_SIGNER_URL is one key too many beside SEAL_P12'])
})

test('whatever is wrong with the seal is told at once: a password, a key of another certificate, a file among those trusted', async t => {
  const { file, folder } = await workshop(t)
  const [own, other] = [await identity('明湖大学新章'), await identity('明湖大学旧章')]
  const key = createPrivateKey({ key: Buffer.from(await crypto.subtle.exportKey('pkcs8', own.keys.privateKey)), format: 'der', type: 'pkcs8' })
  const locked = key.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: PASSWORD }).toString()
  const files = { SEAL_KEY: await file('seal.key', locked), SEAL_CERT: await file('old.pem', pem(other)) }
  const p12 = { SEAL_P12: await file('seal.p12', await p12Of(own)), SEAL_P12_PASSWORD: PASSWORD }
  await file('notes.pem', 'to do')
  const settings: [Record<string, string>, string[]][] = [
    [p12, []],
    [{ ...p12, SEAL_P12_PASSWORD: 'wrong', SEAL_ROOTS: folder }, ['SEAL_P12_PASSWORD does not open SEAL_P12', 'SEAL_ROOTS has a file without certificates: notes.pem']],
    [{ ...p12, SEAL_P12: await file('cut.p12', (await p12Of(own)).subarray(0, 300)) }, ['SEAL_P12 should be the path of the certificate for the e-seal with its key (.p12)']],
    [files, ['SEAL_KEY_PASSWORD is missing: SEAL_KEY has one']],
    [{ ...files, SEAL_KEY_PASSWORD: 'wrong' }, ['SEAL_KEY_PASSWORD does not open SEAL_KEY']],
    [{ ...files, SEAL_KEY_PASSWORD: PASSWORD }, ['SEAL_CERT has no certificate that belongs to SEAL_KEY']],
    [{ ...files, SEAL_KEY_PASSWORD: PASSWORD, SEAL_CERT: await file('own.pem', pem(own)) }, []],
    [{ SEAL_KEY: files.SEAL_KEY, SEAL_KEY_PASSWORD: PASSWORD }, ['SEAL_CERT is missing: SEAL_KEY needs it']],
  ]
  for (const [env, said] of settings) assert.deepEqual(faults({ ...complete, ...env }), said)
})

test('a value is never shown', () => {
  const secret = 'c2VjcmV0LXZhbHVl'
  assert.doesNotMatch(faults({ ...complete, HALL_SECRET: secret, WECOM_ENCODING_AES_KEY: secret, SMTP_URL: secret }).join('\n'), new RegExp(secret))
})

test('the configuration cannot be changed once it is read', () => {
  const config = loadConfig(complete)
  assert.throws(() => Object.assign(config.wecom, { secret: 'other' }), TypeError)
})

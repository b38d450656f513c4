import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { startCas } from '../support/cas.ts'
import { base, searcher, startLdap } from '../support/ldap.ts'
import { registration, startOidc } from '../support/oidc.ts'

const main = join(import.meta.dirname, '../../src/main.ts')

/** A school's settings in a folder of their own; runs a command there as an operator does. */
function install(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'hall-campus-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const settings = {
    PUBLIC_URL: 'https://hall.minghu.example', HALL_SECRET: Buffer.alloc(32, 5).toString('base64'), SCHOOL_NAME: '明湖大学', SCHOOL_NAME_EN: 'Minghu University', LOG_LEVEL: 'fatal',
    DATABASE_URL: `sqlite:${join(folder, 'hall.db')}`, FILES_URL: `file:${join(folder, 'files')}`,
    WECOM_CORP_ID: 'ww0123456789abcdef', WECOM_AGENT_ID: '1000002', WECOM_SECRET: 's', WECOM_TOKEN: 't', WECOM_ENCODING_AES_KEY: 'a'.repeat(43),
  }
  return {
    folder,
    async run(args: readonly string[], more: Record<string, string> = {}): Promise<{ code: number; said: string[] }> {
      writeFileSync(join(folder, '.env'), Object.entries({ ...settings, ...more }).map(([name, value]) => `${name}="${value}"`).join('\n'))
      const { PATH = '', NODE_COMPILE_CACHE = join(folder, 'compiled') } = process.env
      const child = spawn(process.execPath, [main, ...args], { cwd: folder, env: { PATH, NODE_COMPILE_CACHE }, stdio: ['ignore', 'pipe', 'pipe'] })
      const said: string[] = []
      for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => said.push(String(chunk)))
      const [code] = await once(child, 'close')
      return { code: Number(code), said: said.join('').trim().split('\n') }
    },
  }
}

/** The lines with the test's own port left out. */
const plain = (lines: readonly string[]): string[] => lines.map(line => line.replace(/:\d{2,5}\b/g, ''))

test('npm run campus says how campus sign-in stands', async t => {
  const { folder, run } = install(t)

  await t.test('builtin: there is no server to ask', async () => {
    assert.deepEqual(await run(['campus']), { code: 0, said: ['CAMPUS_AUTH=builtin: the hall keeps the accounts itself'] })
  })

  await t.test('cas: it answers; at another address there is no such page', async () => {
    const cas = await startCas({ 'li.min': { password: 'School#2026' } }, { service: 'https://hall.minghu.example/auth/campus/callback' })
    t.after(() => cas.stop())
    const found = await run(['campus'], { CAMPUS_AUTH: 'cas', CAS_URL: cas.url })
    assert.deepEqual([found.code, plain(found.said)], [0, ['http://127.0.0.1 answers; people are sent to http://127.0.0.1/login']])
    const lost = await run(['campus'], { CAMPUS_AUTH: 'cas', CAS_URL: `${cas.url}/elsewhere` })
    assert.deepEqual(lost, { code: 1, said: ["the school's server: status 404", 'look at CAS_URL (the address that /login is added to)'] })
  })

  await t.test('oidc: it answers; nobody does', async () => {
    const oidc = await startOidc(t, { hall: 'https://hall.minghu.example', accounts: {} })
    const settings = { CAMPUS_AUTH: 'oidc', OIDC_ISSUER: oidc.issuer, OIDC_CLIENT_ID: registration.clientId, OIDC_CLIENT_SECRET: registration.clientSecret }
    const found = await run(['campus'], settings)
    assert.deepEqual([found.code, plain(found.said)], [0, ['http://127.0.0.1 answers; people are sent to http://127.0.0.1/auth']])
    await oidc.stop()
    const lost = await run(['campus'], settings)
    assert.deepEqual(lost, { code: 1, said: ["the school's server: ECONNREFUSED", 'look at OIDC_ISSUER (the address that /.well-known/openid-configuration is added to)'] })
  })

  await t.test('ldap: a database that is not there yet, who of the directory is in the roster, a wrong password, no certificate', async () => {
    const ldap = await startLdap([{ uid: '10002', name: '李敏', password: 'School#2026' }, { uid: '99999999', name: '无名', password: 'School#2026' }])
    t.after(() => ldap.stop())
    writeFileSync(join(folder, 'ca.pem'), ldap.authority)
    const settings = { CAMPUS_AUTH: 'ldap', LDAP_URL: ldap.url, LDAP_BASE_DN: `ou=people,${base}`, LDAP_BIND_DN: searcher.dn, LDAP_BIND_PASSWORD: searcher.password, LDAP_CA: join(folder, 'ca.pem') }
    assert.deepEqual(await run(['campus'], settings), { code: 1, said: ['the database is not ready; run: npm run migrate'] })
    assert.equal((await run(['migrate'], settings)).code, 0)
    for (const kind of ['units', 'staff']) assert.equal((await run(['import', kind, join(main, `../catalogue/sample/${kind}.xlsx`)], settings)).code, 0)
    assert.deepEqual(await run(['campus'], settings), {
      code: 0, said: ['2 accounts in the directory: 1 are in the roster, 1 are not, 0 have no number of their own (CAMPUS_NUMBER_ATTRIBUTE)', 'not in the roster: 99999999'],
    })
    const refused = await run(['campus'], { ...settings, LDAP_BIND_PASSWORD: 'wrong' })
    assert.deepEqual([refused.code, refused.said[0], /LDAP_BIND_PASSWORD/.test(refused.said[1] ?? '')], [1, "the school's server: result 49 InvalidCredentialsError", true])
    const lost = await run(['campus'], { ...settings, LDAP_CA: join(folder, 'nowhere.pem') })
    assert.deepEqual([lost.code, /LDAP_CA should be the path of a PEM file/.test(lost.said.join(' '))], [2, true])
  })
})

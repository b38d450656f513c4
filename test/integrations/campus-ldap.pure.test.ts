import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createLdap } from '../../src/integrations/campus-auth/ldap.ts'
import { quietLog } from '../support/database.ts'
import { base, searcher, startLdap } from '../support/ldap.ts'

const accounts = [
  { uid: '20230101', name: '陈思远', password: 'Minghu#2026', employeeNumber: 'S-1' },
  { uid: ['twin'], name: '双', password: 'Twin#2026' }, { uid: ['twin'], name: '胞', password: 'Twin#2026' },
  { uid: ['20230102', 'alias'], name: '两个', password: 'Two#2026' },
  { uid: '艾合买提(*)\\', name: '艾合买提', password: '口令 with 空格' },
  ...Array.from({ length: 1200 }, (_, at) => ({ uid: `c${at}`, name: '众', password: 'x' })),
]
const folder = mkdtempSync(join(tmpdir(), 'hall-ldap-test-'))
const server = await startLdap(accounts)
const secure = await startLdap(accounts.slice(0, 1), { scheme: 'ldaps' })
after(async () => {
  await server.stop()
  await secure.stop()
  rmSync(folder, { recursive: true, force: true })
})
const ca = join(folder, 'ca.pem')
await writeFile(ca, server.authority)
const secureCa = join(folder, 'secure-ca.pem')
await writeFile(secureCa, secure.authority)

const settings = {
  url: server.url, baseDn: `ou=people,${base}`, bindDn: searcher.dn, bindPassword: searcher.password, filter: '(uid={account})', startTls: true, ca, numberAttribute: undefined,
}
const directory = (more: Partial<Parameters<typeof createLdap>[0]> = {}, patience?: number) => createLdap({ ...settings, ...more }, { log: quietLog, ...(patience !== undefined && { patience }) })
const silent = { name: 'AppError', kind: 'upstream', code: 'campus:silent' }

test('the right password of an account of the directory, over StartTLS, is known', async () => {
  assert.deepEqual(await directory().verify('20230101', 'Minghu#2026'), { account: '20230101', attributes: { uid: '20230101' } })
})

test('a wrong password, an unknown account, and one that several entries have are all just wrong', async () => {
  for (const [account, password] of [['20230101', 'minghu#2026'], ['20239999', 'Minghu#2026'], ['twin', 'Twin#2026']] as const) {
    assert.equal(await directory().verify(account, password), null, account)
  }
})

test('an empty password never reaches the directory, where it would bind as nobody and count as right', async () => {
  assert.equal(await directory({ url: 'ldap://localhost:1' }).verify('20230101', ''), null)
  assert.equal(await directory().verify(' ', 'Minghu#2026'), null)
})

test('what was typed is text, not a filter', async () => {
  for (const account of ['*', '2023*', '20230101)(uid=*', '*)(|(uid=*', '20230101\0', '\\2a']) assert.equal(await directory().verify(account, 'Minghu#2026'), null, account)
  assert.equal((await directory().verify('艾合买提(*)\\', '口令 with 空格'))?.account, '艾合买提(*)\\')
  assert.equal((await directory({ filter: '(&(objectClass=inetOrgPerson)(|(uid={account})(employeeNumber={account})))' }).verify('S-1', 'Minghu#2026'))?.account, '20230101')
})

test('the number comes from the attribute that the school names, and an account without exactly one has no number', async () => {
  assert.equal((await directory({ numberAttribute: 'EMPLOYEENUMBER' }).verify('20230101', 'Minghu#2026'))?.account, 'S-1')
  await assert.rejects(directory({ numberAttribute: 'employeeNumber' }).verify('20230102', 'Two#2026'), { kind: 'not-found', code: 'campus:no-number' })
  await assert.rejects(directory().verify('alias', 'Two#2026'), { code: 'campus:no-number' })
})

test('LDAPS with the school’s own authority works, and with any other it is refused', async () => {
  const ldaps = { url: secure.url, startTls: false }
  assert.equal((await directory({ ...ldaps, ca: secureCa }).verify('20230101', 'Minghu#2026'))?.account, '20230101')
  await assert.rejects(directory({ ...ldaps, ca }).verify('20230101', 'Minghu#2026'), silent)
  await assert.rejects(directory({ ...ldaps, ca: undefined }).verify('20230101', 'Minghu#2026'), silent)
})

test('StartTLS with a certificate of somebody else, or for another name, is refused', async () => {
  await assert.rejects(directory({ ca: secureCa }).verify('20230101', 'Minghu#2026'), silent)
  await assert.rejects(directory({ url: server.url.replace('localhost', '127.0.0.1') }).verify('20230101', 'Minghu#2026'), silent)
})

test('a service account that the directory does not take is the school’s trouble, not a wrong password', async () => {
  await assert.rejects(directory({ bindPassword: 'old' }).verify('20230101', 'Minghu#2026'), silent)
})

test('a directory that is down, or takes the connection and says nothing, is told within the limit', async t => {
  await assert.rejects(directory({ url: 'ldap://localhost:1' }).verify('20230101', 'Minghu#2026'), silent)
  const mute = createServer().listen(0, '127.0.0.1')
  t.after(() => mute.close())
  await once(mute, 'listening')
  const address = mute.address()
  const port = typeof address === 'object' && address ? address.port : 0
  for (const url of [`ldap://127.0.0.1:${port}`, `ldaps://127.0.0.1:${port}`]) {
    await assert.rejects(directory({ url, startTls: url.startsWith('ldap:') }, 200).verify('20230101', 'Minghu#2026'), silent, url)
  }
})

test('a directory that hangs up between the search and the password is not asked over a new connection', async t => {
  let connections = 0
  const rude = createServer(socket => {
    connections += 1
    socket.once('data', () => socket.end(Buffer.concat([foundOne, searchDone])))
    socket.on('error', () => {})
  }).listen(0, '127.0.0.1')
  t.after(() => rude.close())
  await once(rude, 'listening')
  const address = rude.address()
  const port = typeof address === 'object' && address ? address.port : 0
  await assert.rejects(directory({ url: `ldap://127.0.0.1:${port}`, startTls: false, bindDn: undefined }, 300).verify('20230101', 'Minghu#2026'), silent)
  assert.equal(connections, 1)
})

const ber = (tag: number, ...parts: (Buffer | string)[]) => {
  const body = Buffer.concat(parts.map(part => Buffer.from(part)))
  return Buffer.concat([Buffer.from([tag, body.length]), body])
}
const messageOne = Buffer.from([2, 1, 1])
const foundOne = ber(0x30, messageOne, ber(0x64, ber(4, 'cn=x'), ber(0x30, ber(0x30, ber(4, 'uid'), ber(0x31, ber(4, '20230101'))))))
const searchDone = ber(0x30, messageOne, ber(0x65, Buffer.from([10, 1, 0]), ber(4, ''), ber(4, '')))

test('the accounts of the directory are listed page by page, more than one answer may hold', async () => {
  const pages: number[] = []
  const numbers = new Set<string>()
  let without = 0
  for await (const page of directory().list()) {
    pages.push(page.numbers.length + page.without)
    for (const number of page.numbers) numbers.add(number)
    without += page.without
  }
  assert.deepEqual(pages, [500, 500, 205])
  assert.deepEqual([numbers.size, without, numbers.has('c1199')], [1203, 1, true])
})

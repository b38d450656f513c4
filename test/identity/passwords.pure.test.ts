import assert from 'node:assert/strict'
import { scryptSync } from 'node:crypto'
import { test } from 'node:test'
import { hashPassword, isPassword } from '../../src/features/identity/passwords.ts'
import { payInFull } from '../support/cheap-passwords.ts'

test('a password is kept as a hash of its own salt at full cost, and only the password fits it', async t => {
  payInFull(t)
  const [one, other] = await Promise.all([hashPassword('Minghu#2026 湖'), hashPassword('Minghu#2026 湖')])
  assert.notEqual(one, other)
  const [kind, N, r, p, salt = '', hash] = one.split('$')
  assert.equal(kind, 'scrypt')
  assert.ok(Number(N) * Number(r) * Number(p) >= 2 ** 15 * 8 * 3, `${N} ${r} ${p}`)
  const options = { N: Number(N), r: Number(r), p: Number(p), maxmem: 2 ** 28 }
  assert.equal(scryptSync('Minghu#2026 湖', Buffer.from(salt, 'base64url'), 32, options).toString('base64url'), hash)
  assert.deepEqual(await Promise.all(['Minghu#2026 湖', 'Minghu#2026 湖 ', 'minghu#2026 湖', ''].map(typed => isPassword(typed, one))), [true, false, false, false])
})

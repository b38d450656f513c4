import assert from 'node:assert/strict'
import crypto, { type ScryptOptions } from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import type { Cleaner } from './database.ts'

// Stories sign in hundreds of times. Each must still ask for the whole cost, but pays a small part of it: what comes of the whole is
// shown in identity/passwords.pure.test.ts. Files that share a process share this.
let paid = 2 ** 8
const { scrypt } = crypto
Object.assign(crypto, {
  scrypt(password: string, salt: Buffer, length: number, options: ScryptOptions, done: Parameters<typeof scrypt>[4]) {
    assert.ok((options.N ?? 0) >= 2 ** 15, 'a password is hashed at full cost')
    scrypt(password, salt, length, { ...options, N: Math.min(options.N ?? 0, paid) }, done)
  },
})
syncBuiltinESMExports()

/** For a test of what a password costs, or how long a sign-in takes. */
export function payInFull(t: Cleaner): void {
  const before = paid
  paid = Infinity
  t.after(() => { paid = before })
}

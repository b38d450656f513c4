import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { PASSWORD_MAX } from './rules/password.ts'

// OWASP's first choice for scrypt is N = 2^17 with 128 MB; several sign-ins at once on a small server need less memory: 2^15, r = 8, p = 3 costs an attacker the same time.
const COST = { N: 2 ** 15, r: 8, p: 3 }
const LENGTH = 32

/** `scrypt$N$r$p$salt$hash`: the costs stand with the hash, so that they can be raised later. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const hash = await derive(password, salt, COST)
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join('$')
}

/** Is it the password of this hash? Takes the same time for a right and for a wrong one. */
export async function isPassword(password: string, stored: string): Promise<boolean> {
  const [kind, N, r, p, salt = '', hash = ''] = stored.split('$')
  if (kind !== 'scrypt' || password.length > PASSWORD_MAX) return false
  const expected = Buffer.from(hash, 'base64url')
  const given = await derive(password, Buffer.from(salt, 'base64url'), { N: Number(N), r: Number(r), p: Number(p) })
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** Equal, in a time that does not tell how much of it is. */
export function isSame(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map(text => Buffer.from(text.padEnd(PASSWORD_MAX, '\0').slice(0, PASSWORD_MAX)))
  return a !== undefined && b !== undefined && a.length === b.length && timingSafeEqual(a, b)
}

function derive(password: string, salt: Buffer, { N, r, p }: typeof COST): Promise<Buffer> {
  const options = { N, r, p, maxmem: 160 * N * r }
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, LENGTH, options, (error, key) => (error ? reject(error) : resolve(key)))
  })
}

import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import type { Keyring } from '../../../platform/keys.ts'
import type { Share } from './tables.ts'

type Keys = Pick<Keyring, 'deriveAll'>
type Kept = Pick<Share, 'id' | 'token_hash'>

// Crockford's: without I, L, O and U, which people misread.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** What stands in a new link: 128 bits of an HMAC over the row's id, as hex, because a mail program may cut a sign off the end. */
export function newToken(keys: Keys, id: string): string {
  const [token] = tokensOf(keys, id)
  if (token === undefined) throw new Error('the keyring is empty')
  return token
}

/** The token of a link that there is; null where the key it was made with is gone. */
export function tokenOf(keys: Keys, { id, token_hash }: Kept): string | null {
  return tokensOf(keys, id).find(token => hashOf(token) === token_hash) ?? null
}

export function hashOf(token: string): string {
  return hash('sha256', token)
}

/** Six characters, from the same key as the token; null where that is gone. */
export function passcodeOf(keys: Keys, { id, token_hash }: Kept): string | null {
  const at = tokensOf(keys, id).findIndex(token => hashOf(token) === token_hash)
  const key = keys.deriveAll('documents.share-passcode')[at]
  return key ? Array.from(createHmac('sha256', key).update(id).digest().subarray(0, 6), byte => ALPHABET[byte & 31]).join('') : null
}

/** Is it what was typed? Case, spaces, dashes and look-alikes are forgiven. */
export function isPasscode(keys: Keys, share: Kept, typed: string): boolean {
  const [right, tried] = [passcodeOf(keys, share), typed.normalize('NFKC').toUpperCase().replace(/[\s\-—]/g, '').replace(/[IL]/g, '1').replaceAll('O', '0')]
  if (right === null || tried.length !== right.length || !/^[0-9A-Z]+$/.test(tried)) return false
  return timingSafeEqual(Buffer.from(right), Buffer.from(tried))
}

function tokensOf(keys: Keys, id: string): string[] {
  return keys.deriveAll('documents.share').map(key => createHmac('sha256', key).update(id).digest('hex').slice(0, 32))
}

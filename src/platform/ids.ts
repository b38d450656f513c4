import { randomBytes } from 'node:crypto'
import { monotonicFactory } from 'ulid'

const next = monotonicFactory(random)

// A page of random bytes at once: ulid's own source asks the system for each of an id's sixteen.
let page = Buffer.alloc(0)
let used = 0

function random(): number {
  if (used === page.length) [page, used] = [randomBytes(4096), 0]
  return (page[used++] ?? 0) / 256
}

/** A sortable id of 26 characters (ULID), rising within a process. */
export function newId(): string {
  return next()
}

// Crockford's alphabet leaves out I, L, O and U, which people misread on paper.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A code people can type from paper: 16 characters, 80 random bits. */
export function newCode(): string {
  return Array.from(randomBytes(16), byte => ALPHABET[byte & 31]).join('')
}

/** What a person typed as a code: case, spaces, dashes, full-width forms and look-alikes forgiven; null where it cannot be one. */
export function readCode(typed: string): string | null {
  const plain = typed.normalize('NFKC').toUpperCase().replace(/[\s\-—_.]/g, '').replace(/[IL]/g, '1').replaceAll('O', '0')
  return /^[0-9A-HJKMNP-TV-Z]{16}$/.test(plain) ? plain : null
}

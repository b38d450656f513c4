import { randomBytes } from 'node:crypto'

// Crockford's alphabet leaves out I, L, O and U, which people misread on paper.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const PAIRS = [...ALPHABET].flatMap(first => [...ALPHABET].map(second => first + second))

const HALF = 2 ** 40
let at = 0
let time = ''
// The 80 random bits of an id as two halves, which numbers hold exactly.
let high = 0
let low = 0

/** A sortable id of 26 characters (ULID): the millisecond, then 80 random bits, counted up while it lasts. Rising within a process. */
export function newId(): string {
  const now = Date.now()
  if (now > at) {
    at = now
    time = `${PAIRS[Math.floor(at / HALF)]}${inEight(at % HALF)}`
    high = randomHalf()
    low = randomHalf()
  } else if (++low === HALF) {
    high += 1
    low = 0
  }
  return `${time}${inEight(high)}${inEight(low)}`
}

// Asking the system costs as much as twenty ids, whether for ten bytes or a page of them.
let page = Buffer.alloc(0)
let used = 0

function randomHalf(): number {
  if (used === page.length) [page, used] = [randomBytes(4000), 0]
  used += 5
  return page.readUIntBE(used - 5, 5)
}

/** 40 bits as eight characters. */
function inEight(bits: number): string {
  const upper = Math.floor(bits / 2 ** 20)
  const lower = bits % 2 ** 20
  return `${PAIRS[upper >>> 10]}${PAIRS[upper & 1023]}${PAIRS[lower >>> 10]}${PAIRS[lower & 1023]}`
}

/** A code people can type from paper: 16 characters, 80 random bits. */
export function newCode(): string {
  return Array.from(randomBytes(16), byte => ALPHABET[byte & 31]).join('')
}

/** What a person typed as a code: case, spaces, dashes, full-width forms and look-alikes forgiven; null where it cannot be one. */
export function readCode(typed: string): string | null {
  const plain = typed.normalize('NFKC').toUpperCase().replace(/[\s\-—_.]/g, '').replace(/[IL]/g, '1').replaceAll('O', '0')
  return /^[0-9A-HJKMNP-TV-Z]{16}$/.test(plain) ? plain : null
}

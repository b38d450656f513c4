import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject, randomBytes, timingSafeEqual } from 'node:crypto'

/** Everything that a key does here. Purposes are separate keys: what was signed for one is worthless for another. */
export type Keyring = {
  /** HMAC-SHA-256 as base64url */
  sign(purpose: string, text: string): string
  verify(purpose: string, text: string, signature: string): boolean
  /** AES-256-GCM, for what must rest unreadable in the database; begins with the version of the key, `v1a2b3c.` */
  seal(purpose: string, text: string): string
  /** The sealed text, or null where no key opens it. */
  open(purpose: string, sealed: string): string | null
  /** How everything begins that the writing key seals; what begins otherwise rests under an older key. */
  readonly version: string
  /** 32 bytes derived from the writing key */
  derive(purpose: string): Buffer
  /** The same from every key, the writing one first. */
  deriveAll(purpose: string): Buffer[]
}

/** `secrets`: 32+ bytes each; the first writes, all read, so that a key can be changed without losing what it made. */
export function createKeyring(secrets: readonly Buffer[]): Keyring {
  const cache = new Map<string, Buffer[]>()
  const deriveAll = (purpose: string): Buffer[] => {
    const known = cache.get(purpose)
    if (known) return known
    const made = secrets.map(secret => Buffer.from(hkdfSync('sha256', secret, '', `hall:${purpose}`, 32)))
    cache.set(purpose, made)
    return made
  }
  const objects = new Map<string, KeyObject[]>()
  // As objects: handed over as bytes, a key costs more each time than what it is used for.
  const keysOf = (purpose: string): KeyObject[] => {
    const known = objects.get(purpose)
    if (known) return known
    const made = deriveAll(purpose).map(key => createSecretKey(key))
    objects.set(purpose, made)
    return made
  }
  const derive = (purpose: string): Buffer => {
    const [first] = deriveAll(purpose)
    if (!first) throw new Error('the keyring is empty')
    return first
  }
  const writing = (purpose: string): KeyObject => {
    const [first] = keysOf(purpose)
    if (!first) throw new Error('the keyring is empty')
    return first
  }
  const versions = deriveAll('version').map(key => `v${key.toString('hex').slice(0, 8)}.`)
  const [version = ''] = versions
  return {
    version,
    derive,
    deriveAll,
    sign: (purpose, text) => hmac(writing(purpose), text).toString('base64url'),
    verify: (purpose, text, signature) =>
      keysOf(purpose).some(key => equal(hmac(key, text), Buffer.from(signature, 'base64url'))),
    seal(purpose, text) {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', writing(purpose), iv)
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return version + Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')
    },
    open(purpose, sealed) {
      const key = keysOf(purpose)[versions.findIndex(each => sealed.startsWith(each))]
      const bytes = Buffer.from(sealed.slice(version.length), 'base64url')
      return key && bytes.length >= 28 ? openWith(key, bytes) : null
    },
  }
}

function hmac(key: KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function equal(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}

function openWith(key: KeyObject, bytes: Buffer): string | null {
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
  decipher.setAuthTag(bytes.subarray(12, 28))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
  } catch {
    return null // it was changed, or made for another purpose
  }
}

import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import type { Keyring } from '../../platform/keys.ts'

/** What is found by an index without being read. */
export type Indexed = 'document' | 'phone' | 'address'

/** What of a person rests sealed in the database, and the index by which it is found without being read. */
export type Vault = {
  seal(what: 'document' | 'phone' | 'roster', text: string): string
  /** Throws where no key opens it: then a secret was taken out of HALL_SECRET too early. */
  open(what: 'document' | 'phone' | 'roster', sealed: string): string
  /** what is written beside a sealed document or phone (as `readPhone` gives it) */
  index(what: Indexed, text: string): string
  /** the same under every key, the old ones too, for looking up */
  indexes(what: Indexed, text: string): string[]
}

export function createVault(keyring: Pick<Keyring, 'seal' | 'open' | 'deriveAll'>): Vault {
  const kept = new Map<Indexed, KeyObject[]>()
  const keysOf = (what: Indexed): KeyObject[] => {
    const keys = kept.get(what) ?? keyring.deriveAll(`identity.${what}-index`).map(key => createSecretKey(key))
    kept.set(what, keys)
    return keys
  }
  const indexes = (what: Indexed, text: string): string[] => keysOf(what).map(key => createHmac('sha256', key).update(text.toUpperCase()).digest('hex'))
  return {
    seal: (what, text) => keyring.seal(`identity.${what}`, text),
    open(what, sealed) {
      const text = keyring.open(`identity.${what}`, sealed)
      if (text === null) throw new Error(`no key of HALL_SECRET opens a sealed ${what}`)
      return text
    },
    index: (what, text) => indexes(what, text)[0] ?? '',
    indexes,
  }
}

import { createHmac } from 'node:crypto'
import type { Keyring } from '../../platform/keys.ts'

/** What of a person rests sealed in the database, and the index by which a document is found without being read. */
export type Vault = {
  seal(what: 'document' | 'phone' | 'roster', text: string): string
  /** Throws where no key opens it: then a secret was taken out of HALL_SECRET too early. */
  open(what: 'document' | 'phone' | 'roster', sealed: string): string
  /** what is written beside a sealed document */
  index(document: string): string
  /** the same under every key, the old ones too, for looking up */
  indexes(document: string): string[]
}

export function createVault(keyring: Pick<Keyring, 'seal' | 'open' | 'deriveAll'>): Vault {
  const indexes = (document: string): string[] =>
    keyring.deriveAll('identity.document-index').map(key => createHmac('sha256', key).update(document.toUpperCase()).digest('hex'))
  return {
    seal: (what, text) => keyring.seal(`identity.${what}`, text),
    open(what, sealed) {
      const text = keyring.open(`identity.${what}`, sealed)
      if (text === null) throw new Error(`no key of HALL_SECRET opens a sealed ${what}`)
      return text
    },
    index: document => indexes(document)[0] ?? '',
    indexes,
  }
}

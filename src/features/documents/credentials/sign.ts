import type { Clock } from '../../../platform/clock.ts'
import { type Database, isDuplicate } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import type { Keyring } from '../../../platform/keys.ts'
import { getTemplate } from '../store.ts'
import type { DocumentRow } from '../tables.ts'
import { readTemplate } from '../templates.ts'
import { checkCredential, type CredentialCheck } from '../shared/credential.ts'
import { addresses, CONTEXT, credentialOf, type Issuer, statusListOf } from './credential.ts'
import { type SigningKey, signingKey } from './key.ts'
import { encodedList } from './status.ts'
import { keepCredential, keepKey, listCount, listKeys, revokedPlaces, statusAt } from './store.ts'

type Deps = { database: Database; clock: Clock; keyring: Pick<Keyring, 'derive'>; credentialKey?: string | undefined; issuer: Issuer }
export type Credentials = ReturnType<typeof createCredentials>

/** How old an answer of the status list may be, in milliseconds: so long a revocation takes to be seen by those who look it up. */
export const FRESH = 60_000

/** Digital credentials of issued documents, the list of the revoked ones, and the keys they are checked with. */
export function createCredentials({ database, clock, keyring, credentialKey, issuer }: Deps) {
  const at = addresses(issuer.publicUrl)
  let made: Promise<SigningKey> | undefined
  const lists = new Map<number, { until: number; jwt: Promise<string> }>()

  /** Known to everybody from the first signature on. */
  function ownKey(): Promise<SigningKey> {
    made ??= signingKey(keyring, credentialKey).then(async key => {
      await database.write(tx => keepKey(tx, key.id, { ...key.publicJwk, kid: at.key(key.id) }))
      return key
    })
    // What failed once may succeed later, as a database that was away.
    made.catch(() => { made = undefined })
    return made
  }

  async function signed(payload: object & { id: string }, { typ, validFrom, sub }: { typ: string; validFrom: string; sub?: string }): Promise<string> {
    const key = await ownKey()
    const claims = { ...payload, iss: at.issuer, jti: payload.id, nbf: Date.parse(validFrom) / 1000, ...sub && { sub } }
    const { SignJWT } = await import('jose')
    return new SignJWT(claims).setProtectedHeader({ alg: key.algorithm, kid: at.key(key.id), typ }).sign(key.privateKey)
  }

  /** Of a list there is, signed; at most a minute old. undefined where there is none of this number. */
  async function statusList(list: number): Promise<string | undefined> {
    const now = clock.now()
    const kept = lists.get(list)
    if (kept && kept.until > now) return kept.jwt
    if (!(list >= 0 && list < await listCount(database.db))) return undefined
    const jwt = drawn(list, now)
    lists.set(list, { until: now + FRESH, jwt })
    jwt.catch(() => lists.delete(list))
    return jwt
  }

  async function drawn(list: number, now: number): Promise<string> {
    const credential = statusListOf({ issuer, list, encoded: encodedList(await revokedPlaces(database.db, list)), now })
    return signed(credential, { typ: 'vc+jwt', validFrom: credential.validFrom })
  }

  /** Every key that has ever signed, the present one too. */
  async function keys() {
    await ownKey()
    return (await listKeys(database.db)).map(({ id, jwk }) => ({ id, jwk: { ...jwk, kid: at.key(id) } }))
  }

  return {
    statusList, keys, issuer: at.issuer,

    /** What somebody was handed as one of ours, by what stands in the register now. */
    async check(text: string): Promise<CredentialCheck> {
      return checkCredential(text, { keys: (await keys()).map(({ jwk }) => jwk), issuer: at.issuer, at: clock.now(), statusOf: (list, place) => statusAt(database.db, list, place) })
    },

    /**
     * The document's credential as a signed JWT. Open Badges 3.0 §8.2 allows `typ` JWT alone, which W3C VC-JOSE-COSE would rather
     * have as vc+jwt: what MUST be goes before what SHOULD be.
     */
    async jwtOf(document: DocumentRow): Promise<string> {
      if (document.status !== 'issued') throw new AppError('conflict', document.status === 'revoked' ? '文件已经作废' : '文件还没有签章，请稍后再来', { code: 'documents:not-issued' })
      const template = readTemplate(document.kind, (await getTemplate(database.db, document.template_hash)).source)
      const keep = () => database.write(tx => keepCredential(tx, document.id))
      const credential = await keep().catch((error: unknown) => {
        if (!isDuplicate(error)) throw error
        return keep()
      })
      const told = credentialOf({ document, template, credential, issuer })
      return signed(told, { typ: 'JWT', validFrom: told.validFrom, sub: told.credentialSubject.id })
    },

  }
}

/** A JWT inside JSON-LD, for programs that read that (W3C VC Data Model 2.0 §4.13). */
export function enveloped(jwt: string) {
  return { '@context': [CONTEXT], id: `data:application/vc+jwt,${jwt}`, type: ['EnvelopedVerifiableCredential'] }
}

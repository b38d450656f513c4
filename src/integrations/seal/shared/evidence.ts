import { Certificate } from 'pkijs'
import { exact } from './bytes.ts'
import { ChainOpen, follow, Revoked } from './material.ts'
import { inflated, openRevision } from './pdf-file.ts'
import { type Dict, isArray, isDict, isRef, Unreadable, type Value } from './pdf-values.ts'
import { type Proof, readCrl, readOcsp, type When } from './revocation.ts'

/**
 * PAdES baseline levels (ETSI EN 319 142-1). B-B is the signature; B-T one whose time a third party proves, by a stamp inside the signature or
 * one over the whole file; B-LT one that carries besides what is needed to judge its certificates without asking anybody; B-LTA one that was
 * stamped again with all that, so that it outlives the authority's certificate.
 */
export type Level = 'B-B' | 'B-T' | 'B-LT' | 'B-LTA'

/** What the data in a file say of its certificates: nothing, not of all, that they held when they were used, or that one was called back before. */
export type Evidence = 'none' | 'partial' | 'good' | 'revoked'

/** A certificate and those that came with it. */
export type Held = { own: Certificate; others: readonly Certificate[] }
export type Store = { certificates: Certificate[]; ocsps: Uint8Array[]; crls: Uint8Array[] }

// More than any honest file has of a kind, and than one of them has bytes: whoever holds a sealed file can add as many as they like.
const MOST = 48
const LARGEST = 1024 * 1024

/** Judges seal and time stamp by the Document Security Store of a file alone (ISO 32000-2 §12.8.4.3). Never throws. */
export async function evidenceIn(file: Uint8Array, seal: Held, stamp: Held | null, when: When): Promise<Evidence> {
  const store = await readStore(file).catch(() => null)
  if (!store || store.ocsps.length + store.crls.length === 0) return 'none'
  const prove = async (own: Certificate, issuer: Certificate): Promise<Proof> => wordOn(store, own, issuer, when)
  const pool = [...store.certificates, ...seal.others, ...stamp?.others ?? []]
  try {
    await follow([seal.own, ...stamp ? [stamp.own] : []], pool, prove)
    return 'good'
  } catch (error) {
    if (error instanceof Revoked) return 'revoked'
    if (error instanceof ChainOpen || error instanceof NoWord) return 'partial'
    throw error
  }
}

class NoWord extends Error {}

async function wordOn({ ocsps, crls }: Store, own: Certificate, issuer: Certificate, when: When): Promise<Proof> {
  const tries = [...ocsps.map(each => () => readOcsp(each, own, issuer, when)), ...crls.map(each => () => readCrl(each, own, issuer, when))]
  for (const attempt of tries) {
    const proof = await attempt().catch(() => null)
    if (proof) return proof
  }
  throw new NoWord('no word on a certificate')
}

/** The Document Security Store of a file, null where it has none. Throws `Unreadable`. */
export async function readStore(file: Uint8Array): Promise<Store | null> {
  const { trailer, get } = await openRevision(file, file.length)
  const dictOf = async (value: Value | undefined): Promise<Dict | null> => {
    const found = isRef(value) ? (await get(value.ref))?.value : value
    return isDict(found) ? found : null
  }
  const store = await dictOf((await dictOf(trailer.get('/Root')))?.get('/DSS'))
  if (!store) return null
  const streams = async (key: string): Promise<Uint8Array[]> => {
    const value = store.get(key)
    const list = isRef(value) ? (await get(value.ref))?.value : value
    return Promise.all((isArray(list) ? list : []).filter(isRef).slice(0, MOST).map(async ({ ref }) => {
      const object = await get(ref)
      if (!object) throw new Unreadable('no such object')
      return inflated(file, object, LARGEST)
    }))
  }
  return { certificates: (await streams('/Certs')).map(each => Certificate.fromBER(exact(each))), ocsps: await streams('/OCSPs'), crls: await streams('/CRLs') }
}

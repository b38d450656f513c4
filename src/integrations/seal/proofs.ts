import type { Clock } from '../../platform/clock.ts'
import { ask, withRest } from './ask.ts'
import { addressesOf, type Certified } from './certified.ts'
import { ocspRequest, type Proof, readCrl, readOcsp } from './revocation.ts'

const LARGEST_RESPONSE = 64 * 1024
// A list goes into every file: better none than megabytes in each.
const LARGEST_LIST = 512 * 1024
const HOUR = 3_600_000
const REST = 60_000

/** A certificate that names nobody who could say whether it was revoked. */
export class NobodyToAsk extends Error {}

/** Asks authorities whether certificates were revoked, OCSP before lists; an answer is kept for an hour, or as long as it holds if that is less. */
export function createProofs(clock: Clock, timeout: number): (own: Certified, issuer: Certified) => Promise<Proof> {
  const kept = new Map<string, { proof: Proof; until: number }>()
  const rests = new Map<string, ReturnType<typeof withRest>>()

  async function fetched(own: Certified, issuer: Certified): Promise<Proof> {
    const { ocsp, crl } = addressesOf(own)
    if (ocsp.length + crl.length === 0) throw new NobodyToAsk(own.x509.subject)
    const tries = [
      ...ocsp.map(url => ({ url, ask: async () => readOcsp(await askOcsp(url, ocspRequest(own, issuer), timeout), own, issuer, clock.now()) })),
      ...crl.map(url => ({ url, ask: async () => readCrl(await ask(url, { timeout, largest: LARGEST_LIST }), own, issuer, clock.now()) })),
    ]
    const faults: unknown[] = []
    for (const each of tries) {
      try {
        return await restOf(each.url).run(each.ask)
      } catch (error) {
        faults.push(error)
      }
    }
    throw new AggregateError(faults, `nobody says whether a certificate was revoked: ${own.x509.subject}`)
  }

  function restOf(url: string): ReturnType<typeof withRest> {
    const rest = rests.get(url) ?? withRest(clock, REST)
    rests.set(url, rest)
    return rest
  }

  return async (own, issuer) => {
    const known = kept.get(own.x509.fingerprint256)
    if (known && known.until > clock.now()) return known.proof
    const proof = await fetched(own, issuer)
    kept.set(own.x509.fingerprint256, { proof, until: Math.min(proof.until, clock.now() + HOUR) })
    return proof
  }
}

function askOcsp(url: string, body: Buffer, timeout: number): Promise<Buffer> {
  return ask(url, { body, headers: { 'content-type': 'application/ocsp-request', accept: 'application/ocsp-response' }, timeout, largest: LARGEST_RESPONSE })
}

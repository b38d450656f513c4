import type { Certificate } from 'pkijs'
import type { Clock } from '../../platform/clock.ts'
import { ask, withRest } from './ask.ts'
import { addressesOf } from './certified.ts'
import { ocspRequest } from './revocation.ts'
import { hexOf } from './shared/bytes.ts'
import { derOf, nameOf } from './shared/chain.ts'
import { type Proof, readCrl, readOcsp, type When } from './shared/revocation.ts'

const LARGEST_RESPONSE = 64 * 1024
// A list goes into every file: better none than megabytes in each.
const LARGEST_LIST = 512 * 1024
const HOUR = 3_600_000
const REST = 60_000

/** A certificate that names nobody who could say whether it was revoked. */
export class NobodyToAsk extends Error {}

/** Asks authorities whether certificates were revoked, OCSP before lists; an answer is kept for an hour, or as long as it holds if that is less. */
export function createProofs(clock: Clock, timeout: number): (own: Certificate, issuer: Certificate) => Promise<Proof> {
  const kept = new Map<string, { proof: Proof; until: number }>()
  const rests = new Map<string, ReturnType<typeof withRest>>()

  const asOfNow = (): When => ({ used: clock.now(), now: clock.now() })

  async function fetched(own: Certificate, issuer: Certificate): Promise<Proof> {
    const { ocsp, crl } = addressesOf(own)
    if (ocsp.length + crl.length === 0) throw new NobodyToAsk(nameOf(own))
    const tries = [
      ...ocsp.map(url => ({ url, ask: async () => readOcsp(await askOcsp(url, await ocspRequest(own, issuer), timeout), own, issuer, asOfNow()) })),
      ...crl.map(url => ({ url, ask: async () => readCrl(await ask(url, { timeout, largest: LARGEST_LIST }), own, issuer, asOfNow()) })),
    ]
    const faults: unknown[] = []
    for (const each of tries) {
      try {
        return await restOf(each.url).run(each.ask)
      } catch (error) {
        faults.push(error)
      }
    }
    throw new AggregateError(faults, `nobody says whether a certificate was revoked: ${nameOf(own)}`)
  }

  function restOf(url: string): ReturnType<typeof withRest> {
    const rest = rests.get(url) ?? withRest(clock, REST)
    rests.set(url, rest)
    return rest
  }

  return async (own, issuer) => {
    const mark = hexOf(derOf(own))
    const known = kept.get(mark)
    if (known && known.until > clock.now()) return known.proof
    const proof = await fetched(own, issuer)
    kept.set(mark, { proof, until: Math.min(proof.until, clock.now() + HOUR) })
    return proof
  }
}

function askOcsp(url: string, body: Buffer, timeout: number): Promise<Buffer> {
  return ask(url, { body, headers: { 'content-type': 'application/ocsp-request', accept: 'application/ocsp-response' }, timeout, largest: LARGEST_RESPONSE })
}

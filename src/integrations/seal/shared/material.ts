import type { Certificate } from 'pkijs'
import { hexOf } from './bytes.ts'
import { derOf, isFor, isRoot, issuedBy, nameOf } from './chain.ts'
import { FOR_OCSP, type Proof } from './revocation.ts'

const NO_CHECK = '1.3.6.1.5.5.7.48.1.5'

/** What must be known of certificates so that they can be judged without asking anybody. */
export type Material = { certificates: Certificate[]; proofs: Proof[] }

/** A certificate that the whole chain hangs on was called back. */
export class Revoked extends Error {
  constructor(certificate: Certificate) {
    super(`revoked: ${nameOf(certificate)}`)
  }
}

/** Nobody here has the certificate that issued this one. */
export class ChainOpen extends Error {
  constructor(certificate: Certificate) {
    super(`no issuer of ${nameOf(certificate)}`)
  }
}

/**
 * Follows certificates up to their roots; `prove` gives the word on each, or throws. Throws where an issuer is not among `pool`, and `Revoked`.
 * A responder that its issuer exempted (id-pkix-ocsp-nocheck) needs no word on itself.
 */
export async function follow(starts: readonly Certificate[], pool: readonly Certificate[], prove: (own: Certificate, issuer: Certificate) => Promise<Proof>): Promise<Material> {
  const seen = new Map<string, Certificate>()
  const proofs: Proof[] = []
  const waiting = [...starts]
  for (let own = waiting.shift(); own; own = waiting.shift()) {
    const mark = hexOf(derOf(own))
    if (seen.has(mark)) continue
    seen.set(mark, own)
    if (await isRoot(own)) continue
    const issuer = await issuerOf(own, pool)
    waiting.push(issuer)
    if (isExempt(own)) continue
    const proof = await prove(own, issuer)
    if (proof.revoked) throw new Revoked(own)
    proofs.push(proof)
    if (proof.by) waiting.push(proof.by)
  }
  return { certificates: [...seen.values()], proofs: [...new Map(proofs.map(each => [each.bytes, each])).values()] }
}

function isExempt(certificate: Certificate): boolean {
  return isFor(certificate, FOR_OCSP) && certificate.extensions?.some(each => each.extnID === NO_CHECK) === true
}

async function issuerOf(own: Certificate, pool: readonly Certificate[]): Promise<Certificate> {
  for (const each of pool) if (await issuedBy(own, each)) return each
  throw new ChainOpen(own)
}

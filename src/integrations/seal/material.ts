import { Certificate } from 'pkijs'
import { type Certified, certified, isRoot, issuedBy } from './certified.ts'
import { FOR_OCSP, type Proof } from './revocation.ts'

const NO_CHECK = '1.3.6.1.5.5.7.48.1.5'

/** What must be known of certificates so that they can be judged without asking anybody. */
export type Material = { certificates: Certified[]; proofs: Proof[] }

/** A certificate that the whole chain hangs on was called back. */
export class Revoked extends Error {
  readonly certificate: Certified
  constructor(certificate: Certified) {
    super(`revoked: ${certificate.x509.subject}`)
    this.certificate = certificate
  }
}

/**
 * Follows certificates up to their roots; `prove` gives the word on each, or throws. Throws where an issuer is not among `pool`, and `Revoked`.
 * A responder that its issuer exempted (id-pkix-ocsp-nocheck) needs no word on itself.
 */
export async function follow(starts: readonly Certified[], pool: readonly Certified[], prove: (own: Certified, issuer: Certified) => Promise<Proof> | Proof): Promise<Material> {
  const seen = new Map<string, Certified>()
  const proofs: Proof[] = []
  const waiting = [...starts]
  for (let own = waiting.shift(); own; own = waiting.shift()) {
    if (seen.has(own.x509.fingerprint256)) continue
    seen.set(own.x509.fingerprint256, own)
    if (isRoot(own)) continue
    const issuer = issuerOf(own, pool)
    waiting.push(issuer)
    if (isExempt(own)) continue
    const proof = await prove(own, issuer)
    if (proof.revoked) throw new Revoked(own)
    proofs.push(proof)
    if (proof.by) waiting.push(proof.by)
  }
  return { certificates: [...seen.values()], proofs: [...new Map(proofs.map(each => [each.bytes, each])).values()] }
}

function isExempt({ x509, parsed }: Certified): boolean {
  return x509.keyUsage?.includes(FOR_OCSP) === true && parsed.extensions?.some(each => each.extnID === NO_CHECK) === true
}

function issuerOf(own: Certified, pool: readonly Certified[]): Certified {
  const issuer = pool.find(each => issuedBy(own, each))
  if (!issuer) throw new ChainOpen(own)
  return issuer
}

/** Nobody here has the certificate that issued this one. */
export class ChainOpen extends Error {
  constructor({ x509 }: Certified) {
    super(`no certificate of ${x509.issuer}`)
  }
}

/** The certificates inside a CMS structure. */
export function among(certificates: readonly unknown[] = []): Certified[] {
  return certificates.filter(each => each instanceof Certificate).map(each => certified(new Uint8Array(each.toSchema().toBER())))
}

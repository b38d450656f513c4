import { Certificate, CertificateChainValidationEngine, type SignedData } from 'pkijs'
import { derOfPem, same } from './bytes.ts'
import { engine } from './engine.ts'

/**
 * What speaks against a certificate at a moment, null where nothing does. It is trusted where it is itself among `roots`
 * (PEM), or where a chain of the certificates that came with it (RFC 5280) ends at one of them.
 */
export async function distrust(own: Certificate, others: Certificate[], roots: readonly string[], at: number): Promise<'unknown-authority' | 'certificate-not-valid-then' | null> {
  const der = derOf(own)
  const anchors = roots.map(derOfPem)
  const valid = own.notBefore.value.getTime() <= at && at <= own.notAfter.value.getTime()
  const trusted = anchors.some(anchor => same(anchor, der)) || await chained(own, others, anchors, at)
  if (trusted && valid) return null
  // Whether an expired certificate would have been trusted is asked at a time when it was valid.
  return trusted || !valid && await chained(own, others, anchors, own.notAfter.value.getTime()) ? 'certificate-not-valid-then' : 'unknown-authority'
}

async function chained(own: Certificate, others: Certificate[], anchors: Uint8Array<ArrayBuffer>[], at: number): Promise<boolean> {
  const trustedCerts = anchors.map(anchor => Certificate.fromBER(anchor))
  if (trustedCerts.length === 0) return false
  // The engine takes the last as the one to be proven.
  const validation = new CertificateChainValidationEngine({ trustedCerts, certs: [...others, own], checkDate: new Date(at) })
  const { result } = await validation.verify({}, engine).catch(() => ({ result: false }))
  return result
}

/** The certificate's DER. */
export function derOf(certificate: Certificate): Uint8Array {
  return new Uint8Array(certificate.toSchema().toBER())
}

/** The certificates that came along with a signer's own. */
export function besides(own: Certificate, { certificates = [] }: SignedData): Certificate[] {
  return certificates.filter(each => each instanceof Certificate).filter(each => each !== own)
}

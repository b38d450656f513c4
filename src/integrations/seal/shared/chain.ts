import type { BitString } from 'asn1js'
import { type AlgorithmIdentifier, Certificate, CertificateChainValidationEngine, ExtKeyUsage, type SignedData } from 'pkijs'
import { derOfPem, exact, same } from './bytes.ts'
import { engine } from './engine.ts'

/**
 * What speaks against a certificate at a moment, null where nothing does. It is trusted where it is itself among `roots`
 * (PEM), or where a chain of the certificates that came with it (RFC 5280) ends at one of them.
 */
export async function distrust(own: Certificate, others: Certificate[], roots: readonly string[], at: number): Promise<'unknown-authority' | 'certificate-not-valid-then' | null> {
  const der = derOf(own)
  const anchors = roots.map(derOfPem)
  const valid = validAt(own, at)
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

/** The certificate's DER. Written once: it is asked for several times, and writing it takes longer than checking a signature. */
export function derOf(certificate: Certificate): Uint8Array {
  const known = written.get(certificate)
  if (known) return known
  const der = new Uint8Array(certificate.toSchema().toBER())
  written.set(certificate, der)
  return der
}

const written = new WeakMap<Certificate, Uint8Array>()

/** The certificates that came along with a signer's own. */
export function besides(own: Certificate, { certificates = [] }: SignedData): Certificate[] {
  return certificates.filter(each => each instanceof Certificate).filter(each => each !== own)
}

const COMMON_NAME = '2.5.4.3'

/** The name that people read in a certificate; '' where it has none. */
export function nameOf({ subject }: Certificate): string {
  const name: unknown = subject.typesAndValues.find(each => each.type === COMMON_NAME)?.value.valueBlock.value
  return typeof name === 'string' ? name : ''
}

export function validAt({ notBefore, notAfter }: Certificate, at: number): boolean {
  return notBefore.value.getTime() <= at && at <= notAfter.value.getTime()
}

export async function issuedBy(own: Certificate, issuer: Certificate): Promise<boolean> {
  return own.issuer.isEqual(issuer.subject) && await own.verify(issuer, engine).catch(() => false)
}

export function isRoot(each: Certificate): Promise<boolean> {
  return issuedBy(each, each)
}

/** Whether it says that its key is for this purpose (extended key usage). */
export function isFor(certificate: Certificate, purpose: string): boolean {
  const usage: unknown = certificate.extensions?.find(each => each.extnID === '2.5.29.37')?.parsedValue
  return usage instanceof ExtKeyUsage && usage.keyPurposes.includes(purpose)
}

// RSA and ECDSA with SHA-256, 384 and 512: what still counts.
const SOUND = new Set([...[11, 12, 13].map(n => `1.2.840.113549.1.1.${n}`), ...[2, 3, 4].map(n => `1.2.840.10045.4.3.${n}`)])

/** Was this made with the key of that certificate? */
export async function signedBy({ subjectPublicKeyInfo }: Certificate, { data, signature, algorithm }: { data: Uint8Array; signature: BitString; algorithm: AlgorithmIdentifier }): Promise<boolean> {
  return SOUND.has(algorithm.algorithmId) && await engine.verifyWithPublicKey(exact(data), signature, subjectPublicKeyInfo, algorithm).catch(() => false)
}

import { type KeyObject, constants, verify, X509Certificate } from 'node:crypto'
import { Certificate, CRLDistributionPoints, GeneralName, InfoAccess } from 'pkijs'
import { derOf } from './shared/chain.ts'

/** The certificates inside a CMS structure. */
export function among(certificates: readonly unknown[] = []): Certified[] {
  return certificates.filter(each => each instanceof Certificate).map(each => certified(derOf(each)))
}

/** A certificate as Node checks it and as pkijs reads it. */
export type Certified = { x509: X509Certificate; parsed: Certificate }

export function certified(der: Uint8Array): Certified {
  return { x509: new X509Certificate(der), parsed: Certificate.fromBER(new Uint8Array(der)) }
}

export function validAt({ x509 }: Certified, at: number): boolean {
  return Date.parse(x509.validFrom) <= at && at <= Date.parse(x509.validTo)
}

const OCSP = '1.3.6.1.5.5.7.48.1'

/** Where it says that its revocation can be asked for (http). */
export function addressesOf(certificate: Certificate): { ocsp: string[]; crl: string[] } {
  const extensions = (certificate.extensions ?? []).map(each => each.parsedValue)
  const access = extensions.filter(each => each instanceof InfoAccess).flatMap(each => each.accessDescriptions)
  const points = extensions.filter(each => each instanceof CRLDistributionPoints).flatMap(each => each.distributionPoints).flatMap(({ distributionPoint }) => Array.isArray(distributionPoint) ? distributionPoint : [])
  return {
    ocsp: access.filter(each => each.accessMethod === OCSP).flatMap(each => urlIn(each.accessLocation)),
    crl: points.flatMap(urlIn),
  }
}

function urlIn(name: unknown): string[] {
  return name instanceof GeneralName && name.type === 6 && typeof name.value === 'string' && /^https?:\/\//.test(name.value) ? [name.value] : []
}

const DIGESTS: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256', '2.16.840.1.101.3.4.2.2': 'sha384', '2.16.840.1.101.3.4.2.3': 'sha512',
  '1.2.840.113549.1.1.11': 'sha256', '1.2.840.113549.1.1.12': 'sha384', '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256', '1.2.840.10045.4.3.3': 'sha384', '1.2.840.10045.4.3.4': 'sha512',
}

/** The digest that an algorithm (of digest or signature) uses; throws where it is none that still counts, as SHA-1. */
export function digestOf(algorithm: string): string {
  const digest = DIGESTS[algorithm]
  if (!digest) throw new Error(`no digest for ${algorithm}`)
  return digest
}

const PSS = '1.2.840.113549.1.1.10'

/** Was this signed with that key? `algorithm`: of the signature; `digest`: as Node calls it. */
export function holds({ data, signature, key, digest, algorithm }: { data: Uint8Array; signature: Uint8Array; key: KeyObject; digest: string; algorithm: string }): boolean {
  return verify(digest, data, algorithm === PSS ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO } : key, signature)
}

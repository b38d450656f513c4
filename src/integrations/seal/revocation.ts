import type { Certificate } from 'pkijs'
import { NULL, octets, oid, sequence } from './der.ts'
import { hashesOf } from './shared/revocation.ts'

const SHA1 = '1.3.14.3.2.26'

/** Asks an OCSP responder (RFC 6960) about one certificate. SHA-1 only names the issuer here. */
export async function ocspRequest(own: Certificate, issuer: Certificate): Promise<Buffer> {
  const { name, key } = await hashesOf(issuer)
  const certId = sequence(sequence(oid(SHA1), NULL), octets(name), octets(key), new Uint8Array(own.serialNumber.toBER()))
  return sequence(sequence(sequence(sequence(certId))))
}

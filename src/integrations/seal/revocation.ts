import { createHash } from 'node:crypto'
import { BasicOCSPResponse, CertificateRevocationList, OCSPResponse, type SingleResponse } from 'pkijs'
import { type Certified, certified, digestOf, holds, issuedBy, validAt } from './certified.ts'
import { NULL, octets, oid, sequence } from './der.ts'

/** What an authority says of a certificate; `until`: epoch ms until when it is the last word. */
export type Proof = { kind: 'ocsp' | 'crl'; bytes: Buffer; revoked: boolean; until: number; /** who signed it, where the issuer let another do it */ by?: Certified }

const SHA1 = '1.3.14.3.2.26'
export const FOR_OCSP = '1.3.6.1.5.5.7.3.9'
// Clocks differ a little.
const SKEW = 5 * 60_000
// An answer that names no end.
const A_DAY = 86_400_000

/** Asks an OCSP responder (RFC 6960) about one certificate. SHA-1 only names the issuer here. */
export function ocspRequest(own: Certified, issuer: Certified): Buffer {
  return sequence(sequence(sequence(sequence(certId(own, issuer)))))
}

function certId(own: Certified, issuer: Certified): Buffer {
  const { name, key } = hashesOf(issuer)
  return sequence(sequence(oid(SHA1), NULL), octets(name), octets(key), new Uint8Array(own.parsed.serialNumber.toBER()))
}

function hashesOf({ parsed }: Certified): { name: Buffer; key: Buffer } {
  const sha1 = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest()
  return { name: sha1(new Uint8Array(parsed.subject.toSchema().toBER())), key: sha1(parsed.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView) }
}

/** Reads an OCSP response; throws where it does not speak of this certificate at that time, or not with its issuer's word. */
export function readOcsp(bytes: Buffer, own: Certified, issuer: Certified, at: number): Proof {
  const { responseStatus, responseBytes } = OCSPResponse.fromBER(new Uint8Array(bytes))
  if (responseStatus.valueBlock.valueDec !== 0 || !responseBytes) throw new Error('the responder refuses')
  const basic = BasicOCSPResponse.fromBER(new Uint8Array(responseBytes.response.valueBlock.valueHexView))
  const single = basic.tbsResponseData.responses.find(each => speaksOf(each, own, issuer))
  if (!single) throw new Error('the response is about another certificate')
  const by = responder(basic, issuer, at)
  const until = current(single.thisUpdate.getTime(), single.nextUpdate?.getTime(), at)
  const status = single.certStatus.idBlock.tagNumber
  if (status > 1) throw new Error('the responder does not know the certificate')
  return { kind: 'ocsp', bytes, revoked: status === 1, until, ...by === issuer ? {} : { by } }
}

function speaksOf({ certID }: SingleResponse, own: Certified, issuer: Certified): boolean {
  const { name, key } = hashesOf(issuer)
  return certID.hashAlgorithm.algorithmId === SHA1 && certID.serialNumber.isEqual(own.parsed.serialNumber)
    && name.equals(certID.issuerNameHash.valueBlock.valueHexView) && key.equals(certID.issuerKeyHash.valueBlock.valueHexView)
}

function responder({ tbsResponseData, signature, signatureAlgorithm: { algorithmId }, certs = [] }: BasicOCSPResponse, issuer: Certified, at: number): Certified {
  const delegates = certs.map(each => certified(new Uint8Array(each.toSchema().toBER()))).filter(each => each.x509.keyUsage?.includes(FOR_OCSP) && validAt(each, at) && issuedBy(each, issuer))
  const signed = { data: tbsResponseData.tbsView, signature: signature.valueBlock.valueHexView, algorithm: algorithmId, digest: digestOf(algorithmId) }
  const by = [issuer, ...delegates].find(each => holds({ ...signed, key: each.x509.publicKey }))
  if (!by) throw new Error('the response is not signed by who may')
  return by
}

/** Reads a revocation list (RFC 5280 §5); throws where it is not the issuer's whole list of that time. */
export function readCrl(bytes: Buffer, own: Certified, issuer: Certified, at: number): Proof {
  const list = CertificateRevocationList.fromBER(new Uint8Array(bytes))
  const { algorithmId } = list.signatureAlgorithm
  const signed = { data: list.tbsView, signature: list.signatureValue.valueBlock.valueHexView, algorithm: algorithmId, digest: digestOf(algorithmId) }
  if (!list.issuer.isEqual(issuer.parsed.subject) || !holds({ ...signed, key: issuer.x509.publicKey })) throw new Error('the list is not the issuer\'s')
  // A critical extension says that the list is a part, or only what has changed.
  if (list.crlExtensions?.extensions.some(each => each.critical)) throw new Error('the list is not whole')
  const until = current(list.thisUpdate.value.getTime(), list.nextUpdate?.value.getTime(), at)
  return { kind: 'crl', bytes, revoked: list.isCertificateRevoked(own.parsed), until }
}

function current(from: number, to = from + A_DAY, at: number): number {
  if (from > at + SKEW || to < at - SKEW) throw new Error('what it says is not of now')
  return to
}

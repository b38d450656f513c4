import { BaseBlock, Constructed, GeneralizedTime } from 'asn1js'
import { BasicOCSPResponse, type Certificate, CertificateRevocationList, OCSPResponse, type SingleResponse } from 'pkijs'
import { digest, exact, same } from './bytes.ts'
import { isFor, issuedBy, signedBy, validAt } from './chain.ts'

/** What an authority says of a certificate; `until`: epoch ms until when it is the last word. */
export type Proof = { kind: 'ocsp' | 'crl'; bytes: Uint8Array; revoked: boolean; until: number; /** who signed it, where the issuer let another do it */ by?: Certificate }

/** Epoch ms: the certificate was used at `used`, and it is `now`. For one that is about to be used both are the same. */
export type When = { used: number; now: number }

const SHA1 = '1.3.14.3.2.26'
export const FOR_OCSP = '1.3.6.1.5.5.7.3.9'
// Clocks differ a little.
const SKEW = 5 * 60_000
// An answer that names no end.
const A_DAY = 86_400_000
const REVOKED = 1

/** SHA-1 of an issuer's name and key (RFC 6960 §4.1.1): here they only name it. */
export async function hashesOf({ subject, subjectPublicKeyInfo }: Certificate): Promise<{ name: Uint8Array; key: Uint8Array }> {
  return { name: await digest('SHA-1', new Uint8Array(subject.toSchema().toBER())), key: await digest('SHA-1', subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView) }
}

/** Reads an OCSP response; throws where it does not speak of this certificate at that time, or not with its issuer's word. */
export async function readOcsp(bytes: Uint8Array, own: Certificate, issuer: Certificate, when: When): Promise<Proof> {
  const { responseStatus, responseBytes } = OCSPResponse.fromBER(exact(bytes))
  if (responseStatus.valueBlock.valueDec !== 0 || !responseBytes) throw new Error('the responder refuses')
  const basic = BasicOCSPResponse.fromBER(exact(responseBytes.response.valueBlock.valueHexView))
  const single = await speakingOf(basic.tbsResponseData.responses, own, issuer)
  if (!single) throw new Error('the response is about another certificate')
  const from = single.thisUpdate.getTime()
  const until = current(from, single.nextUpdate?.getTime(), when)
  const by = await responder(basic, issuer, from)
  return { kind: 'ocsp', bytes, revoked: isRevoked(single.certStatus, when), until, ...by === issuer ? {} : { by } }
}

async function speakingOf(responses: readonly SingleResponse[], own: Certificate, issuer: Certificate): Promise<SingleResponse | undefined> {
  const { name, key } = await hashesOf(issuer)
  return responses.find(({ certID }) => certID.hashAlgorithm.algorithmId === SHA1 && certID.serialNumber.isEqual(own.serialNumber)
    && same(name, certID.issuerNameHash.valueBlock.valueHexView) && same(key, certID.issuerKeyHash.valueBlock.valueHexView))
}

/** What is called back later does not undo what was made before. */
function isRevoked(status: unknown, { used }: When): boolean {
  if (!(status instanceof BaseBlock) || status.idBlock.tagNumber > REVOKED) throw new Error('the responder does not know the certificate')
  if (status.idBlock.tagNumber < REVOKED) return false
  const [since] = status instanceof Constructed ? status.valueBlock.value : []
  return !(since instanceof GeneralizedTime && since.toDate().getTime() > used)
}

async function responder({ tbsResponseData, signature, signatureAlgorithm, certs = [] }: BasicOCSPResponse, issuer: Certificate, at: number): Promise<Certificate> {
  const signed = { data: tbsResponseData.tbsView, signature, algorithm: signatureAlgorithm }
  if (await signedBy(issuer, signed)) return issuer
  for (const each of certs) {
    if (isFor(each, FOR_OCSP) && validAt(each, at) && await signedBy(each, signed) && await issuedBy(each, issuer)) return each
  }
  throw new Error('the response is not signed by who may')
}

/** Reads a revocation list (RFC 5280 §5); throws where it is not the issuer's whole list of that time. */
export async function readCrl(bytes: Uint8Array, own: Certificate, issuer: Certificate, when: When): Promise<Proof> {
  const list = CertificateRevocationList.fromBER(exact(bytes))
  const signed = { data: list.tbsView, signature: list.signatureValue, algorithm: list.signatureAlgorithm }
  if (!list.issuer.isEqual(issuer.subject) || !await signedBy(issuer, signed)) throw new Error('the list is not the issuer\'s')
  // A critical extension says that the list is a part, or only what has changed.
  if (list.crlExtensions?.extensions.some(each => each.critical)) throw new Error('the list is not whole')
  const until = current(list.thisUpdate.value.getTime(), list.nextUpdate?.value.getTime(), when)
  const entry = list.revokedCertificates?.find(each => each.userCertificate.isEqual(own.serialNumber))
  return { kind: 'crl', bytes, revoked: entry !== undefined && entry.revocationDate.value.getTime() <= when.used, until }
}

/** Until when it is the last word; what was the last word only before the certificate was used says nothing of its use. */
function current(from: number, to = from + A_DAY, { used, now }: When): number {
  if (from > now + SKEW || to < used - SKEW) throw new Error('what it says is not of then')
  return to
}

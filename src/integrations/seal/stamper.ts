import { createHash, randomBytes } from 'node:crypto'
import { fromBER, OctetString, Sequence } from 'asn1js'
import { Certificate, ContentInfo, SignedData, type SignerInfo, TimeStampResp, TSTInfo } from 'pkijs'
import { ask } from './ask.ts'
import { type Certified, certified, digestOf, holds, validAt } from './certified.ts'
import { der, NULL, octets, oid, ONE, sequence } from './der.ts'

/** A time stamp (RFC 3161), checked but for the way to a root. */
export type Token = { bytes: Buffer; /** epoch ms */ at: number; own: Certified; others: Certified[] }

const LARGEST = 64 * 1024
const SHA256 = '2.16.840.1.101.3.4.2.1'
const TRUE = der(0x01, new Uint8Array([0xff]))
const STAMP_CONTENT = '1.2.840.113549.1.9.16.1.4'
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4'
const FOR_STAMPING = '1.3.6.1.5.5.7.3.8'

/** Has an authority stamp a SHA-256 within so many milliseconds. Throws where it is silent, refuses, or answers what is no stamp over this digest and question. */
export async function requestStamp(url: string, digest: Uint8Array, timeout: number): Promise<Token> {
  // Positive, and of one length.
  const nonce = Buffer.concat([Buffer.from([0x4e]), randomBytes(7)])
  const body = sequence(ONE, sequence(sequence(oid(SHA256), NULL), octets(digest)), der(0x02, nonce), TRUE)
  const answer = await ask(url, { body, headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' }, timeout, largest: LARGEST })
  const token = readToken(tokenIn(answer), digest)
  if (!nonceOf(token)?.equals(nonce)) throw new Error('the stamp answers another question')
  return token
}

// The token goes into the file byte for byte.
function tokenIn(answer: Buffer): Buffer {
  const { status: { status, statusStrings } } = TimeStampResp.fromBER(new Uint8Array(answer))
  if (status !== 0 && status !== 1) throw new Error(`the authority refuses: ${statusStrings?.map(each => each.valueBlock.value).join(' ') || status}`)
  const { result } = fromBER(new Uint8Array(answer))
  const token = result instanceof Sequence ? result.valueBlock.value[1] : undefined
  if (!token) throw new Error('the answer has no stamp')
  return Buffer.from(token.valueBeforeDecodeView)
}

function nonceOf({ bytes }: Token): Buffer | undefined {
  const { nonce } = contentOf(open(bytes))
  return nonce && Buffer.from(nonce.valueBlock.valueHexView)
}

/** Reads a token over this SHA-256; throws where it is not one, or its signature, certificate or purpose are not as they must be. */
export function readToken(bytes: Buffer, digest: Uint8Array): Token {
  const signedData = open(bytes)
  const { messageImprint, genTime } = contentOf(signedData)
  const stamped = Buffer.from(messageImprint.hashedMessage.valueBlock.valueHexView)
  if (messageImprint.hashAlgorithm.algorithmId !== SHA256 || !stamped.equals(digest)) throw new Error('the stamp is over something else')
  const all = (signedData.certificates ?? []).filter(each => each instanceof Certificate).map(each => certified(new Uint8Array(each.toSchema().toBER())))
  const own = stamper(signedData, all)
  const at = genTime.getTime()
  if (own.x509.keyUsage?.join() !== FOR_STAMPING) throw new Error('the certificate is not for stamping')
  if (!validAt(own, at)) throw new Error('the certificate of the authority has ended')
  return { bytes, at, own, others: all.filter(each => each !== own) }
}

/** Is this CMS structure a time stamp, whatever it is over? */
export function isToken(bytes: Buffer): boolean {
  try {
    return open(bytes).encapContentInfo.eContentType === STAMP_CONTENT
  } catch {
    return false
  }
}

function open(bytes: Buffer): SignedData {
  return new SignedData({ schema: ContentInfo.fromBER(new Uint8Array(bytes)).content })
}

function contentBytes({ encapContentInfo: { eContent, eContentType } }: SignedData): Buffer {
  if (eContentType !== STAMP_CONTENT || !eContent) throw new Error('no stamp')
  return Buffer.from(eContent.getValue())
}

function contentOf(signedData: SignedData): TSTInfo {
  return TSTInfo.fromBER(new Uint8Array(contentBytes(signedData)))
}

/** The certificate whose key made the signature over the content. */
function stamper(signedData: SignedData, all: Certified[]): Certified {
  const [info, second] = signedData.signerInfos
  if (!info?.signedAttrs || second) throw new Error('not one signature')
  const digest = digestOf(info.digestAlgorithm.algorithmId)
  if (!createHash(digest).update(contentBytes(signedData)).digest().equals(octetsOf(info, MESSAGE_DIGEST))) throw new Error('the stamp was changed')
  const signed = { data: new Uint8Array(info.signedAttrs.encodedValue), signature: info.signature.valueBlock.valueHexView, digest, algorithm: info.signatureAlgorithm.algorithmId }
  const own = all.find(each => holds({ ...signed, key: each.x509.publicKey }))
  if (!own) throw new Error('the signature of the stamp is wrong')
  return own
}

function octetsOf({ signedAttrs }: SignerInfo, type: string): Buffer {
  const value: unknown = signedAttrs?.attributes.find(each => each.type === type)?.values[0]
  if (!(value instanceof OctetString)) throw new Error(`no attribute ${type}`)
  return Buffer.from(value.getValue())
}

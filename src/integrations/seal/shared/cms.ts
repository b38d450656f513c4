import { GeneralizedTime, ObjectIdentifier, OctetString, Sequence, UTCTime } from 'asn1js'
import { Certificate, ContentInfo, SignedData, type SignerInfo } from 'pkijs'
import type { Found } from './byte-ranges.ts'
import { digest, exact, hexOf, same } from './bytes.ts'
import { besides, derOf, distrust, nameOf } from './chain.ts'
import { engine } from './engine.ts'
import { isStamp, type Stamp, stampOf, stampOver } from './stamp.ts'
import type { Reason, Signer } from './verify.ts'

/** What one signature says of itself, apart from its place in the file. */
export type CmsCheck = {
  intact: boolean
  trusted: boolean
  signer?: Signer
  signedAt?: number
  /** the time stamp inside it, where one is trusted */
  stamp?: Extract<Stamp, { trusted: true }>
  /** its certificate and those that came with it; only where it is intact */
  own?: Certificate
  others?: Certificate[]
  reasons: Reason[]
}

const SIGNING_TIME = '1.2.840.113549.1.9.5'
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47'
const DIGESTS = new Map([['2.16.840.1.101.3.4.2.1', 'SHA-256'], ['2.16.840.1.101.3.4.2.2', 'SHA-384'], ['2.16.840.1.101.3.4.2.3', 'SHA-512']])
const MOST_CERTIFICATES = 10
// Clocks differ a little.
const SKEW = 5 * 60_000

type Trust = { roots: readonly string[]; at: number }

/**
 * Checks one signature: digest, signature, that it names its certificate (RFC 5035), and the way to a root; or the time stamp over the
 * file that it is instead (ETSI.RFC3161). Never throws.
 */
export async function checkCms(found: Found, { roots, at }: Trust): Promise<CmsCheck | { over: Stamp }> {
  try {
    const signedData = signedDataIn(found.cms)
    if (isStamp(signedData)) return { over: await stampOver(signedData, exact(...found.signed), roots) }
    const info = detached(signedData)
    const own = await provenSigner(exact(...found.signed), signedData, info)
    if (typeof own === 'string') return fails(own)
    return await judgeTrust({ info, own, others: besides(own, signedData) }, roots, at)
  } catch {
    return fails('signature-unreadable')
  }
}

type Cms = { info: SignerInfo; own: Certificate; others: Certificate[] }

/** The signer's certificate where digest, signature and binding hold. */
async function provenSigner(covered: Uint8Array<ArrayBuffer>, signedData: SignedData, info: SignerInfo): Promise<Reason | Certificate> {
  if (!DIGESTS.has(info.digestAlgorithm.algorithmId)) return 'weak-digest'
  if (!info.signedAttrs) return 'signature-unreadable'
  try {
    const result = await signedData.verify({ signer: 0, data: covered.buffer, extendedMode: true }, engine)
    const own = result.signerCertificate
    if (!result.signatureVerified || !own) return 'signature-wrong'
    return await boundTo(attribute(info, SIGNING_CERTIFICATE_V2), own) ? own : 'certificate-not-bound'
  } catch (error) {
    return error instanceof Error && error.message.includes("digest doesn't match") ? 'changed-bytes' : 'signature-wrong'
  }
}

function signedDataIn(bytes: Uint8Array<ArrayBuffer>): SignedData {
  const content = ContentInfo.fromBER(bytes)
  if (content.contentType !== ContentInfo.SIGNED_DATA) throw new Error('no signed data')
  const signedData = new SignedData({ schema: content.content })
  if ((signedData.certificates ?? []).length > MOST_CERTIFICATES) throw new Error('too many certificates')
  return signedData
}

function detached({ signerInfos, encapContentInfo: { eContent, eContentType } }: SignedData): SignerInfo {
  const [info, second] = signerInfos
  // With content inside, the library would check that instead of the file.
  if (eContent || eContentType !== ContentInfo.DATA || !info || second) throw new Error('not one detached signature')
  return info
}

async function judgeTrust({ info, own, others }: Cms, roots: readonly string[], at: number): Promise<CmsCheck> {
  const stamp = await stampOf(info, roots)
  const claimed = timeOf(attribute(info, SIGNING_TIME))
  const signedAt = stamp?.trusted ? stamp.at : claimed
  const wrong = signedAt !== undefined && signedAt > at + SKEW ? 'signed-in-future' as const : await distrust(own, others, roots, signedAt ?? at)
  return {
    intact: true,
    trusted: wrong === null,
    signer: await signerOf(own),
    ...signedAt === undefined ? {} : { signedAt },
    ...stamp?.trusted ? { stamp } : {},
    own, others,
    reasons: [...wrong ? [wrong] : [], ...stamp && !stamp.trusted ? ['stamp-not-trusted' as const] : []],
  }
}

function attribute(info: SignerInfo, type: string): unknown {
  return info.signedAttrs?.attributes.find(each => each.type === type)?.values[0]
}

// SigningCertificateV2 → certs → the first ESSCertIDv2 → its hash, by SHA-256 where no other algorithm stands before it.
async function boundTo(value: unknown, certificate: Certificate): Promise<boolean> {
  const [first, second] = children(children(children(value)[0])[0])
  const [algorithm] = children(first)
  const name = algorithm instanceof ObjectIdentifier ? DIGESTS.get(algorithm.getValue()) : 'SHA-256'
  const hash = first instanceof OctetString ? first : second
  if (!name || !(hash instanceof OctetString)) return false
  return same(await digest(name, derOf(certificate)), new Uint8Array(hash.getValue()))
}

function children(block: unknown): unknown[] {
  return block instanceof Sequence ? block.valueBlock.value : []
}

function timeOf(value: unknown): number | undefined {
  return value instanceof UTCTime || value instanceof GeneralizedTime ? value.toDate().getTime() : undefined
}

async function signerOf(certificate: Certificate): Promise<Signer> {
  return {
    name: nameOf(certificate),
    serial: hexOf(certificate.serialNumber.valueBlock.valueHexView).replace(/^(?:00)+(?=.)/, '').toUpperCase(),
    fingerprint: hexOf(await digest('SHA-256', derOf(certificate))),
  }
}

function fails(...reasons: Reason[]): CmsCheck {
  return { intact: false, trusted: false, reasons }
}

import { createHash, X509Certificate } from 'node:crypto'
import { GeneralizedTime, ObjectIdentifier, OctetString, Sequence, UTCTime } from 'asn1js'
import { Certificate, ContentInfo, SignedData, type SignerInfo } from 'pkijs'
import type { Found } from './byte-ranges.ts'
import { besides, derOf, distrust } from './chain.ts'
import { engine } from './engine.ts'
import { stampOf } from './stamp.ts'
import type { Reason, SignatureCheck } from './verify.ts'

/** What one signature says of itself, apart from its place in the file. */
export type CmsCheck = Omit<SignatureCheck, 'signed' | 'whole'>

const SIGNING_TIME = '1.2.840.113549.1.9.5'
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47'
const DIGESTS = new Map([['2.16.840.1.101.3.4.2.1', 'sha256'], ['2.16.840.1.101.3.4.2.2', 'sha384'], ['2.16.840.1.101.3.4.2.3', 'sha512']])
const MOST_CERTIFICATES = 10
// Clocks differ a little.
const SKEW = 5 * 60_000

/** Checks one signature: digest, signature, that it names its certificate (RFC 5035), and the way to a root. Never throws. */
export async function checkCms(found: Found, { roots, at }: { roots: string[]; at: number }): Promise<CmsCheck> {
  try {
    const { signedData, info } = readCms(found.cms)
    const own = await provenSigner(Buffer.concat(found.signed), signedData, info)
    if (typeof own === 'string') return fails(own)
    return await judgeTrust({ info, own, others: besides(own, signedData) }, roots, at)
  } catch {
    return fails('signature-unreadable')
  }
}

type Cms = { info: SignerInfo; own: Certificate; others: Certificate[] }

/** The signer's certificate where digest, signature and binding hold. */
async function provenSigner(covered: Buffer, signedData: SignedData, info: SignerInfo): Promise<Reason | Certificate> {
  if (!DIGESTS.has(info.digestAlgorithm.algorithmId)) return 'weak-digest'
  if (!info.signedAttrs) return 'signature-unreadable'
  try {
    const result = await signedData.verify({ signer: 0, data: exact(covered), extendedMode: true }, engine)
    const own = result.signerCertificate
    if (!result.signatureVerified || !own) return 'signature-wrong'
    return boundTo(attribute(info, SIGNING_CERTIFICATE_V2), own) ? own : 'certificate-not-bound'
  } catch (error) {
    return error instanceof Error && error.message.includes("digest doesn't match") ? 'changed-bytes' : 'signature-wrong'
  }
}

function readCms(bytes: Uint8Array): { signedData: SignedData; info: SignerInfo } {
  const content = ContentInfo.fromBER(exact(bytes))
  if (content.contentType !== ContentInfo.SIGNED_DATA) throw new Error('no signed data')
  const signedData = new SignedData({ schema: content.content })
  const [info, second] = signedData.signerInfos
  const { eContent, eContentType } = signedData.encapContentInfo
  // With content inside, the library would check that instead of the file.
  if (eContent || eContentType !== ContentInfo.DATA || !info || second) throw new Error('not one detached signature')
  if ((signedData.certificates ?? []).length > MOST_CERTIFICATES) throw new Error('too many certificates')
  return { signedData, info }
}

async function judgeTrust({ info, own, others }: Cms, roots: string[], at: number): Promise<CmsCheck> {
  const stamp = await stampOf(info, roots)
  const claimed = timeOf(attribute(info, SIGNING_TIME))
  const signedAt = stamp?.trusted ? stamp.at : claimed
  const wrong = signedAt !== undefined && signedAt > at + SKEW ? 'signed-in-future' as const : await distrust(own, others, roots, signedAt ?? at)
  return {
    intact: true,
    trusted: wrong === null,
    signer: signerOf(own),
    ...signedAt === undefined ? {} : { signedAt },
    stamped: stamp?.trusted ?? false,
    reasons: [...wrong ? [wrong] : [], ...stamp && !stamp.trusted ? ['stamp-not-trusted' as const] : []],
  }
}

function attribute(info: SignerInfo, type: string): unknown {
  return info.signedAttrs?.attributes.find(each => each.type === type)?.values[0]
}

// SigningCertificateV2 → certs → the first ESSCertIDv2 → its hash, by SHA-256 where no other algorithm stands before it.
function boundTo(value: unknown, certificate: Certificate): boolean {
  const [first, second] = children(children(children(value)[0])[0])
  const [algorithm] = children(first)
  const name = algorithm instanceof ObjectIdentifier ? DIGESTS.get(algorithm.getValue()) : 'sha256'
  const hash = first instanceof OctetString ? first : second
  if (!name || !(hash instanceof OctetString)) return false
  return createHash(name).update(derOf(certificate)).digest().equals(Buffer.from(hash.getValue()))
}

function children(block: unknown): unknown[] {
  return block instanceof Sequence ? block.valueBlock.value : []
}

function timeOf(value: unknown): number | undefined {
  return value instanceof UTCTime || value instanceof GeneralizedTime ? value.toDate().getTime() : undefined
}

function signerOf(certificate: Certificate): NonNullable<CmsCheck['signer']> {
  const x509 = new X509Certificate(derOf(certificate))
  return {
    name: /^CN=(.*)$/m.exec(x509.subject)?.[1] ?? x509.subject,
    serial: x509.serialNumber,
    fingerprint: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
  }
}

function fails(...reasons: Reason[]): CmsCheck {
  return { intact: false, trusted: false, stamped: false, reasons }
}

function exact(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}

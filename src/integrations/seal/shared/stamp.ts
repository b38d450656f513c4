import { type Certificate, ContentInfo, ExtKeyUsage, SignedData, type SignerInfo, TSTInfo } from 'pkijs'
import { exact } from './bytes.ts'
import { besides, distrust } from './chain.ts'
import { engine } from './engine.ts'

const STAMP = '1.2.840.113549.1.9.16.2.14'
const STAMP_CONTENT = '1.2.840.113549.1.9.16.1.4'
const FOR_STAMPING = '1.3.6.1.5.5.7.3.8'

/** A time stamp (RFC 3161): whose hour it says (epoch ms), and whether it is over these very bytes, whole, and from an authority under `roots`. */
export type Stamp = { at: number; trusted: boolean }

/** The time stamp over a signature, null where it has none. */
export async function stampOf(info: SignerInfo, roots: readonly string[]): Promise<Stamp | null> {
  const token = info.unsignedAttrs?.attributes.find(each => each.type === STAMP)?.values[0]
  if (!token) return null
  try {
    return await stampOver(new SignedData({ schema: new ContentInfo({ schema: token }).content }), new Uint8Array(info.signature.getValue()), roots)
  } catch {
    return { at: 0, trusted: false }
  }
}

/** Whether a structure is a time stamp's and not a signature. */
export function isStamp({ encapContentInfo }: SignedData): boolean {
  return encapContentInfo.eContentType === STAMP_CONTENT
}

/** What a time stamp proves of these bytes. */
export async function stampOver(signedData: SignedData, covered: Uint8Array, roots: readonly string[]): Promise<Stamp> {
  try {
    const { eContent } = signedData.encapContentInfo
    if (!isStamp(signedData) || !eContent) return { at: 0, trusted: false }
    const at = TSTInfo.fromBER(eContent.getValue()).genTime.getTime()
    return { at, trusted: await proves(signedData, covered, roots, at) }
  } catch {
    return { at: 0, trusted: false }
  }
}

async function proves(signedData: SignedData, covered: Uint8Array, roots: readonly string[], at: number): Promise<boolean> {
  const result = await signedData.verify({ signer: 0, data: exact(covered).buffer, extendedMode: true }, engine)
  const own = result.signerCertificate
  if (!result.signatureVerified || !own || !stamps(own)) return false
  return await distrust(own, besides(own, signedData), roots, at) === null
}

function stamps(certificate: Certificate): boolean {
  const usage = certificate.extensions?.find(each => each.extnID === '2.5.29.37')?.parsedValue
  return usage instanceof ExtKeyUsage && usage.keyPurposes.includes(FOR_STAMPING)
}

import { type Certificate, ContentInfo, SignedData, type SignerInfo, TSTInfo } from 'pkijs'
import { exact } from './bytes.ts'
import { besides, distrust, isFor } from './chain.ts'
import { engine } from './engine.ts'

const STAMP = '1.2.840.113549.1.9.16.2.14'
const STAMP_CONTENT = '1.2.840.113549.1.9.16.1.4'
const FOR_STAMPING = '1.3.6.1.5.5.7.3.8'

/** A time stamp (RFC 3161): the time it says (epoch ms), and whether it is over these very bytes, whole, and from an authority under `roots`: then with its certificates. */
export type Stamp = { at: number; trusted: false } | { at: number; trusted: true; own: Certificate; others: Certificate[] }

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
    const own = await stamper(signedData, covered)
    const others = own ? besides(own, signedData) : []
    return own && await distrust(own, others, roots, at) === null ? { at, trusted: true, own, others } : { at, trusted: false }
  } catch {
    return { at: 0, trusted: false }
  }
}

/** Whose stamp it is; null where it is not over these bytes, or by whom it must not be. */
async function stamper(signedData: SignedData, covered: Uint8Array): Promise<Certificate | null> {
  const result = await signedData.verify({ signer: 0, data: exact(covered).buffer, extendedMode: true }, engine)
  const own = result.signerCertificate
  return result.signatureVerified && own && isFor(own, FOR_STAMPING) ? own : null
}

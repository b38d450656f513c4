import { type Certificate, ContentInfo, ExtKeyUsage, SignedData, type SignerInfo, TSTInfo } from 'pkijs'
import { besides, distrust } from './chain.ts'
import { engine } from './engine.ts'

const STAMP = '1.2.840.113549.1.9.16.2.14'
const STAMP_CONTENT = '1.2.840.113549.1.9.16.1.4'
const FOR_STAMPING = '1.3.6.1.5.5.7.3.8'

/** The time stamp of a signature (RFC 3161), null where it has none. Trusted: over this signature, whole, and from an authority under `roots`. */
export async function stampOf(info: SignerInfo, roots: string[]): Promise<{ at: number; trusted: boolean } | null> {
  const token = info.unsignedAttrs?.attributes.find(each => each.type === STAMP)?.values[0]
  if (!token) return null
  try {
    const signedData = new SignedData({ schema: new ContentInfo({ schema: token }).content })
    const { eContent, eContentType } = signedData.encapContentInfo
    if (eContentType !== STAMP_CONTENT || !eContent) return { at: 0, trusted: false }
    const at = TSTInfo.fromBER(eContent.getValue()).genTime.getTime()
    return { at, trusted: await proves(signedData, info.signature.getValue(), roots, at) }
  } catch {
    return { at: 0, trusted: false }
  }
}

async function proves(signedData: SignedData, signature: ArrayBuffer, roots: string[], at: number): Promise<boolean> {
  const result = await signedData.verify({ signer: 0, data: signature, extendedMode: true }, engine)
  const own = result.signerCertificate
  if (!result.signatureVerified || !own || !stamps(own)) return false
  return await distrust(own, besides(own, signedData), roots, at) === null
}

function stamps(certificate: Certificate): boolean {
  const usage = certificate.extensions?.find(each => each.extnID === '2.5.29.37')?.parsedValue
  return usage instanceof ExtKeyUsage && usage.keyPurposes.includes(FOR_STAMPING)
}

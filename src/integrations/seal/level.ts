import { createHash } from 'node:crypto'
import { ContentInfo, SignedData } from 'pkijs'
import { among, type Certified } from './certified.ts'
import { type Found, findSignatures } from './shared/byte-ranges.ts'
import { evidenceIn, type Level } from './shared/evidence.ts'
import { isToken, readToken, type Token } from './stamper.ts'

/** What a sealed file carries: the seal's certificate with those that came along, and its time stamp. */
export type Carried = { signer: Certified; others: Certified[]; stamp: Token | null }

/** Reads a sealed file as somebody outside would; throws where it is not sealed. */
export function carriedIn(file: Buffer): Carried {
  const all = findSignatures(file).found.toSorted((a, b) => a.end - b.end)
  const seal = all.find(each => !isToken(Buffer.from(each.cms)))
  if (!seal) throw new Error('the file is not sealed')
  const signedData = new SignedData({ schema: ContentInfo.fromBER(new Uint8Array(seal.cms)).content })
  const [info] = signedData.signerInfos
  const certificates = among(signedData.certificates)
  const signer = certificates.find(each => info && each.parsed.serialNumber.isEqual(info.sid.serialNumber) && each.parsed.issuer.isEqual(info.sid.issuer))
  if (!info || !signer) throw new Error('the seal does not name its certificate')
  const inside: { valueBeforeDecodeView: Uint8Array } | undefined = info.unsignedAttrs?.attributes.find(each => each.type === STAMP)?.values[0]
  const stamp = inside ? readToken(Buffer.from(inside.valueBeforeDecodeView), sha256(info.signature.valueBlock.valueHexView)) : documentStamp(all, seal)
  return { signer, others: certificates.filter(each => each !== signer), stamp }
}

const STAMP = '1.2.840.113549.1.9.16.2.14'

/** The first stamp over a revision of the file that holds the seal. */
function documentStamp(all: readonly Found[], seal: Found): Token | null {
  const stamp = all.find(each => each.end > seal.end && isToken(Buffer.from(each.cms)))
  return stamp ? readToken(Buffer.from(stamp.cms), sha256(...stamp.signed)) : null
}

/** The level that a file has reached at a time (epoch ms), told from its bytes alone. */
export async function levelOf(file: Buffer, at: number): Promise<Level> {
  const { signer, others, stamp } = carriedIn(file)
  if (!stamp) return 'B-B'
  const parsed = (all: readonly Certified[]) => all.map(each => each.parsed)
  const evidence = await evidenceIn(file, { own: signer.parsed, others: parsed(others) }, { own: stamp.own.parsed, others: parsed(stamp.others) }, { used: stamp.at, now: at })
  return evidence === 'good' ? 'B-LT' : 'B-T'
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

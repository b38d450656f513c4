import { createHash } from 'node:crypto'
import { ContentInfo, SignedData } from 'pkijs'
import { among, type Certified } from './certified.ts'
import { type Found, findSignatures } from './shared/byte-ranges.ts'
import { isArchived } from './shared/archive.ts'
import { evidenceIn, type Level } from './shared/evidence.ts'
import { isToken, readToken, type Token } from './stamper.ts'

type Placed = { token: Token; /** where what it covers ends */ end: number }

/** What a sealed file carries: the seal's certificate with those that came along, its time stamp, and all that stamp it, that one first. */
export type Carried = { signer: Certified; others: Certified[]; stamp: Token | null; line: Placed[] }

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
  const within = inside ? [{ token: readToken(Buffer.from(inside.valueBeforeDecodeView), sha256(info.signature.valueBlock.valueHexView)), end: seal.end }] : []
  const line = [...within, ...documentStamps(all, seal)]
  return { signer, others: certificates.filter(each => each !== signer), stamp: line[0]?.token ?? null, line }
}

const STAMP = '1.2.840.113549.1.9.16.2.14'

/** The stamps over revisions of the file that hold the seal. */
function documentStamps(all: readonly Found[], seal: Found): Placed[] {
  return all.filter(each => each.end > seal.end && isToken(Buffer.from(each.cms))).map(({ cms, signed, end }) => ({ token: readToken(Buffer.from(cms), sha256(...signed)), end }))
}

/** The level that a file has reached at a time (epoch ms), told from its bytes alone. */
export async function levelOf(file: Buffer, at: number): Promise<Level> {
  const { signer, others, stamp, line } = carriedIn(file)
  if (!stamp) return 'B-B'
  const parsed = (all: readonly Certified[]) => all.map(each => each.parsed)
  const seal = { own: signer.parsed, others: parsed(others) }
  const placed = line.map(({ token, end }) => ({ at: token.at, own: token.own.parsed, others: parsed(token.others), end }))
  const evidence = await evidenceIn(file, seal, placed[0] ?? null, { used: stamp.at, now: at })
  if (evidence !== 'good') return 'B-T'
  return await isArchived(file, seal, placed, at) ? 'B-LTA' : 'B-LT'
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

import { isArchived, type Placed, provenUntil } from './archive.ts'
import { type Found, findSignatures } from './byte-ranges.ts'
import { digest, find, hexOf } from './bytes.ts'
import { type Change, changesSince } from './changes.ts'
import { type CmsCheck, checkCms } from './cms.ts'
import { nameOf } from './chain.ts'
import { type Evidence, evidenceIn, type Level } from './evidence.ts'
import type { Stamp } from './stamp.ts'

/** Why a check came out as it did; the first decides what a reader is told. */
export type Reason =
  | 'too-large' | 'not-pdf' | 'not-signed'
  /** given up: it took too long, or too much memory */
  | 'too-hard'
  /** the signature's place in the file is not as it must be */
  | 'too-many-signatures' | 'byte-range-unreadable' | 'byte-range-wrong' | 'byte-range-not-at-contents'
  | 'appended-bytes' | 'changed-bytes' | 'earlier-signature-broken' | 'signed-again'
  | 'signature-unreadable' | 'weak-digest' | 'signature-wrong' | 'certificate-not-bound'
  | 'unknown-authority' | 'certificate-not-valid-then' | 'signed-in-future' | 'stamp-not-trusted'

/** `fingerprint`: SHA-256 of the certificate, hex */
export type Signer = { name: string; serial: string; fingerprint: string }

export type SignatureCheck = {
  signed: boolean
  /** nothing follows what the seal covers but data that prove it later and time stamps over the whole file */
  whole: boolean
  /** what the signatures cover is as it was signed */
  intact: boolean
  /** the seal's certificate is one of `roots` or comes from one of them, and was valid when it signed */
  trusted: boolean
  /** who made the seal: the last signature that is trusted, or the last at all; only where it is intact */
  signer?: Signer
  /** epoch ms; by a trusted authority's stamp where `stamped`, else as the signer claims */
  signedAt?: number
  stamped: boolean
  /** epoch ms: a trusted authority has seen the sealed file by then, by the seal's own stamp or one over the document */
  provenAt?: number
  /** the authority's name, as its certificate has it */
  provenBy?: string
  /** epoch ms: how long the stamps of the file prove that, each set before the certificate of the one before ended; only where it is trusted and whole */
  provenUntil?: number
  /** whether they still do */
  provenNow?: boolean
  /** what the file has reached; only where it is trusted and whole */
  level?: Level
  /** what the file itself says of whether its certificates were called back; only where it is trusted and whole */
  evidence?: Evidence
  /** what was done to the file after it was sealed; empty where `whole` */
  changes: Change[]
  /** SHA-256 (hex) of the file, and of what it was at each earlier end since the seal; newest first */
  revisions: string[]
  reasons: Reason[]
}

/** The largest file that is looked at, in bytes. */
export const LARGEST = 30 * 1024 * 1024

export type { Change } from './changes.ts'
export type CheckSignature = typeof checkSignature

/**
 * Checks the signatures of an uploaded PDF against trusted PEM certificates; never throws, whatever the bytes.
 * It says nothing about whether this is the file that was issued: our register does, by the hashes of its revisions.
 * The same code runs in a browser, so that a file need not leave the reader's hands.
 */
export async function checkSignature(file: Uint8Array, { roots, at }: { roots: readonly string[]; at: number }): Promise<SignatureCheck> {
  if (file.length > LARGEST) return unsigned([], 'too-large')
  const own = hexOf(await digest('SHA-256', file))
  // Readers accept some bytes before the header.
  const header = find(file.subarray(0, 1024), '%PDF-')
  if (header < 0) return unsigned([own], 'not-pdf')
  const { found, broken } = findSignatures(file)
  const { signatures, stamps } = await judged(found, { roots, at })
  const seal = signatures.findLast(({ cms }) => cms.trusted) ?? signatures.at(-1)
  if (!seal) return broken.length === 0 && stamps.length === 0 ? unsigned([own], 'not-signed') : { ...unsigned([own], ...broken), signed: true }
  return weigh({ file, own, at, seal, signatures, stamps, broken })
}

type Judged = { found: Found; cms: CmsCheck }
type Stamped = { found: Found; stamp: Stamp }

/** In the order of what they cover. */
async function judged(found: readonly Found[], trust: { roots: readonly string[]; at: number }): Promise<{ signatures: Judged[]; stamps: Stamped[] }> {
  const all = await Promise.all(found.toSorted((a, b) => a.end - b.end).map(async each => ({ found: each, cms: await checkCms(each, trust) })))
  return {
    signatures: all.flatMap(({ found: each, cms }) => 'over' in cms ? [] : [{ found: each, cms }]),
    stamps: all.flatMap(({ found: each, cms }) => 'over' in cms ? [{ found: each, stamp: cms.over }] : []),
  }
}

type Case = { file: Uint8Array; own: string; at: number; seal: Judged; signatures: Judged[]; stamps: Stamped[]; broken: Reason[] }

async function weigh({ file, own, at, seal: { found, cms }, signatures, stamps, broken }: Case): Promise<SignatureCheck> {
  const earlier = signatures.filter(each => each.found.end < found.end)
  const more: Reason[] = [
    ...broken,
    ...signatures.length > 1 ? ['signed-again' as const] : [],
    ...earlier.some(each => !each.cms.intact) ? ['earlier-signature-broken' as const] : [],
  ]
  const sound = stamps.flatMap(({ found: place, stamp }) => stamp.trusted ? [{ place, stamp }] : [])
  const changes = found.end === file.length ? [] : await changesSince(file, found.end, (from, to) => sound.some(({ place }) => from < place.at && place.at < to))
  const whole = changes.length === 0
  const line = [...cms.stamp ? [{ ...cms.stamp, end: found.end }] : [], ...sound.filter(({ place }) => place.end > found.end).map(({ place, stamp }) => ({ ...stamp, end: place.end }))]
  const [first = null] = cms.intact ? line.toSorted((a, b) => a.at - b.at) : []
  return {
    signed: true,
    whole,
    intact: cms.intact && more.every(reason => reason === 'signed-again'),
    trusted: cms.intact && cms.trusted,
    ...cms.signer ? { signer: cms.signer } : {},
    ...cms.signedAt === undefined ? {} : { signedAt: cms.signedAt },
    stamped: cms.stamp !== undefined,
    ...first ? { provenAt: first.at, provenBy: nameOf(first.own) } : {},
    ...whole && cms.trusted ? await reached(file, cms, cms.intact ? line : [], at) : {},
    changes,
    revisions: whole ? [own, ...await earlierHashes(file, found.end)] : [own],
    reasons: [...whole ? [] : ['appended-bytes' as const], ...cms.reasons, ...more],
  }
}

async function reached(file: Uint8Array, { own, others = [] }: CmsCheck, line: readonly Placed[], now: number): Promise<Pick<SignatureCheck, 'level' | 'evidence' | 'provenUntil' | 'provenNow'>> {
  if (!own) return {}
  const [stamp = null] = line
  const seal = { own, others }
  const evidence = await evidenceIn(file, seal, stamp, { used: stamp?.at ?? now, now })
  const until = await provenUntil(file, line, now)
  const level = !stamp ? 'B-B' : evidence !== 'good' ? 'B-T' : await isArchived(file, seal, line, now) ? 'B-LTA' : 'B-LT'
  return { level, evidence, ...until !== undefined && { provenUntil: until, provenNow: until >= now } }
}

// Each update of a file is one more revision; an honest one has a few.
const MOST_REVISIONS = 6

async function earlierHashes(file: Uint8Array, sealed: number): Promise<string[]> {
  const ends = sealed < file.length ? [sealed] : []
  for (let at = find(file, '%%EOF', sealed); at >= 0 && at + 7 < file.length && ends.length < MOST_REVISIONS; at = find(file, '%%EOF', at + 5)) {
    // With and without the line break that writers put behind it.
    for (const end of [at + 5, at + 6, at + 7]) if (/^(?:|\n|\r|\r\n)$/.test(String.fromCharCode(...file.subarray(at + 5, end)))) ends.push(end)
  }
  return Promise.all(ends.toReversed().map(async end => hexOf(await digest('SHA-256', file.subarray(0, end)))))
}

/** What is said of a file on which no signature was found. */
export function unsigned(revisions: string[], ...reasons: Reason[]): SignatureCheck {
  return { signed: false, whole: false, intact: false, trusted: false, stamped: false, changes: [], revisions, reasons }
}

import { type Found, findSignatures } from './byte-ranges.ts'
import { type CmsCheck, checkCms } from './cms.ts'

/** Why a check came out as it did; the first decides what a reader is told. */
export type Reason =
  | 'too-large' | 'not-pdf' | 'not-signed'
  /** the signature's place in the file is not as it must be */
  | 'too-many-signatures' | 'byte-range-unreadable' | 'byte-range-wrong' | 'byte-range-not-at-contents'
  | 'appended-bytes' | 'changed-bytes' | 'earlier-signature-broken' | 'signed-again'
  | 'signature-unreadable' | 'weak-digest' | 'signature-wrong' | 'certificate-not-bound'
  | 'unknown-authority' | 'certificate-not-valid-then' | 'signed-in-future' | 'stamp-not-trusted'

export type SignatureCheck = {
  signed: boolean
  /** the last signature covers the file to its very end: nothing was appended */
  whole: boolean
  /** what the signatures cover is as it was signed */
  intact: boolean
  /** the certificate of the last signature is one of `roots` or comes from one of them, and was valid when it signed */
  trusted: boolean
  /** who made the last signature; only where it is intact. `fingerprint`: SHA-256 of the certificate, hex */
  signer?: { name: string; serial: string; fingerprint: string }
  /** epoch ms; by a trusted authority's stamp where `stamped`, else as the signer claims */
  signedAt?: number
  stamped: boolean
  reasons: Reason[]
}

const LARGEST = 10 * 1024 * 1024

export type CheckSignature = typeof checkSignature

/**
 * Checks the signatures of an uploaded PDF against trusted PEM certificates; never throws, whatever the bytes.
 * It says nothing about revocation, nor whether this is the file that was issued: our register does, by number and digest.
 */
export async function checkSignature(bytes: Uint8Array, { roots, at }: { roots: string[]; at: number }): Promise<SignatureCheck> {
  if (bytes.length > LARGEST) return unsigned('too-large')
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  // Readers accept some bytes before the header.
  if (!file.subarray(0, 1024).includes('%PDF-')) return unsigned('not-pdf')
  const { found, broken } = findSignatures(file)
  const last = found.toSorted((a, b) => a.end - b.end).at(-1)
  if (!last) return broken.length === 0 ? unsigned('not-signed') : { ...unsigned(...broken), signed: true }
  return judge(last, await checkCms(last, { roots, at }), [...broken, ...await ofEarlier(found, last, roots, at)])
}

function judge(last: Found, cms: CmsCheck, more: Reason[]): SignatureCheck {
  const broken = more.some(reason => reason !== 'signed-again')
  return {
    signed: true,
    whole: last.whole,
    intact: cms.intact && !broken,
    trusted: cms.intact && cms.trusted,
    ...cms.signer ? { signer: cms.signer } : {},
    ...cms.signedAt === undefined ? {} : { signedAt: cms.signedAt },
    stamped: cms.stamped,
    reasons: [...last.whole ? [] : ['appended-bytes' as const], ...cms.reasons, ...more],
  }
}

// Earlier signatures cover less; what they cover must still be theirs.
async function ofEarlier(found: Found[], last: Found, roots: string[], at: number): Promise<Reason[]> {
  const earlier = found.filter(each => each !== last)
  if (earlier.length === 0) return []
  const checks = await Promise.all(earlier.map(each => checkCms(each, { roots, at })))
  return checks.every(check => check.intact) ? ['signed-again'] : ['signed-again', 'earlier-signature-broken']
}

function unsigned(...reasons: Reason[]): SignatureCheck {
  return { signed: false, whole: false, intact: false, trusted: false, stamped: false, reasons }
}

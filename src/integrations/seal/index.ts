import { X509Certificate } from 'node:crypto'
import { AppError } from '../../platform/errors.ts'
import { type Clock, systemClock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import { pictureType } from '../../platform/picture.ts'
import { createCades } from './cades.ts'
import { type Fault, guarded } from './faults.ts'
import { certificatesIn, type KeySource, openKey } from './keys.ts'
import { type Archived, createLevels, type Sealed } from './levels.ts'
import { signPdf, type Sealing } from './sign.ts'

export { checkSignature, type CheckSignature, type SignatureCheck } from './shared/verify.ts'
export { createChecker, type Checker } from './checker.ts'
export { makeDemoSeal, type DemoSeal } from './demo.ts'
export type { Fault } from './faults.ts'
export type { KeySource } from './keys.ts'
export type { Level } from './shared/evidence.ts'
export type { Archived, Sealed } from './levels.ts'
export type { Sealing } from './sign.ts'

export type Seal = {
  /** what the certificate says; `notBefore` and `notAfter` in epoch ms, `fingerprint` the SHA-256 of its DER in hex */
  certificate: { subject: string; serial: string; fingerprint: string; notBefore: number; notAfter: number }
  /**
   * PEM certificates that documents of this seal are checked against: its own and those given. Not the authority's, under
   * which anybody can get a certificate.
   */
  roots: string[]
  /** the seal's picture for an `<img>`, or null where none is configured */
  image: string | null
  /** Why nothing can be sealed now; null where it can. */
  fault(): Fault | null
  /**
   * Signs the whole file as an incremental update, and adds time stamp and validation data as far as settings, certificate and authorities
   * allow: who does not answer lowers the level, which is told by reading the finished file. Throws `upstream` where nothing
   * can be sealed now; that the certificate is valid at `at` is for the caller to see (`fault`).
   */
  sign(pdf: Uint8Array, sealing: Sealing): Promise<Sealed>
  /** Adds to a sealed file what it lacked when its authorities were away. The same bytes come back where they still are. */
  raise(pdf: Uint8Array): Promise<Sealed>
  /** Keeps a sealed file provable beyond the end of the certificates in it; null where that was not asked for, or there is no time stamp authority. */
  archive: Archive | null
}

export type Archive = {
  /** Until when (epoch ms) a stamp of now would hold; null where the authority does not answer. */
  until(): Promise<number | null>
  /** Stamps a file that can be judged by itself (B-LT) as a whole, its validation data with it, or once more; null where that cannot be done now. */
  stamp(pdf: Uint8Array): Promise<Archived | null>
}

type Options = KeySource & {
  /** PNG, JPEG or SVG; an SVG brings its letters as paths, for it is shown as a picture and finds no fonts */
  image?: Uint8Array | undefined
  tsaUrl?: string | undefined
  /** papers are to be stamped as a whole, again and again (B-LTA) */
  archive?: boolean
  /** milliseconds that an authority has to answer; 8 s unless told */
  patience?: number
  /** further PEM certificates to trust: the school's earlier seals, the time stamp authority */
  roots?: string[]
  log: Log
  clock?: Clock
}

/** The school's seal from its key. Throws `invalid` where key, certificate or picture cannot be used. */
export async function createSeal({ image, tsaUrl, archive = false, patience = 8000, roots = [], log, clock = systemClock, ...source }: Options): Promise<Seal> {
  const signer = await openKey(source)
  const own = new X509Certificate(signer.certificate)
  const certificate = {
    subject: own.subject.replaceAll('\n', ', '),
    serial: own.serialNumber,
    fingerprint: own.fingerprint256.replaceAll(':', '').toLowerCase(),
    notBefore: Date.parse(own.validFrom),
    notAfter: Date.parse(own.validTo),
  }
  const guard = guarded(signer, certificate, clock)
  const cades = createCades(guard.signer)
  const levels = createLevels({ tsaUrl, patience, clock, log, guard, chain: [signer.certificate, ...signer.certificateChain ?? []], roots: roots.flatMap(certificatesIn) })
  return {
    certificate,
    roots: [own.toString(), ...roots],
    image: image ? dataUri(image) : null,
    fault: guard.fault,
    async sign(pdf, sealing) {
      guard.refuse()
      await levels.refuseRevoked()
      const timed = { ...sealing, at: sealing.at ?? clock.now() }
      return levels.reach(await levels.stamped(authority => signPdf(pdf, cades, timed, authority)))
    },
    raise: pdf => levels.raise(Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength)),
    archive: archive && levels.archives ? { until: levels.archiveUntil, stamp: pdf => levels.archive(Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength)) } : null,
  }
}

function dataUri(image: Uint8Array): string {
  const bytes = Buffer.from(image)
  const type = pictureType(bytes)
  if (!type) throw new AppError('invalid', 'SEAL_IMAGE 必须是 PNG、JPEG 或 SVG 图片', { code: 'seal-image' })
  return `data:image/${type};base64,${bytes.toString('base64')}`
}

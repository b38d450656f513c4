import { verify, X509Certificate } from 'node:crypto'
import { HttpTimestampAuthority, P12Signer, type Signer } from '@libpdf/core'
import { AppError } from '../../platform/errors.ts'
import type { Log } from '../../platform/log.ts'
import { createCades } from './cades.ts'
import { signPdf, type Sealing } from './sign.ts'

export { checkSignature, type CheckSignature, type SignatureCheck } from './verify.ts'
export { makeDemoSeal, type DemoSeal } from './demo.ts'
export type { Sealing } from './sign.ts'

/** PAdES levels we reach: B-B is the signature, B-T one with a time stamp of a third party. */
export type Level = 'B-B' | 'B-T'

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
  /**
   * Signs the whole file as an incremental update and says which level was reached: a time stamp authority that is down
   * lowers it. Costs some 1 ms without time stamp.
   */
  sign(pdf: Uint8Array, sealing: Sealing): Promise<{ pdf: Uint8Array; level: Level }>
}

type Options = {
  p12: Uint8Array
  password: string
  /** PNG, JPEG or SVG; an SVG brings its letters as paths, for it is shown as a picture and finds no fonts */
  image?: Uint8Array | undefined
  tsaUrl?: string | undefined
  /** further PEM certificates to trust: the school's earlier seals, the time stamp authority */
  roots?: string[]
  log: Log
}

const TSA_TIMEOUT = 8000

/** The school's seal from its PKCS#12 file. Throws `invalid` where password, file or picture cannot be used. */
export async function createSeal({ p12, password, image, tsaUrl, roots = [], log }: Options): Promise<Seal> {
  const signer = await P12Signer.create(p12, password).then(matching).catch((error: unknown) => {
    throw new AppError('invalid', 'SEAL_P12 无法打开：请检查文件与 SEAL_P12_PASSWORD', { code: 'seal-p12', cause: error })
  })
  const certificate = new X509Certificate(signer.certificate)
  const cades = createCades(signer)
  const authority = tsaUrl ? new HttpTimestampAuthority(tsaUrl, { timeout: TSA_TIMEOUT }) : undefined
  return {
    certificate: {
      subject: certificate.subject.replaceAll('\n', ', '),
      serial: certificate.serialNumber,
      fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
      notBefore: Date.parse(certificate.validFrom),
      notAfter: Date.parse(certificate.validTo),
    },
    roots: [certificate.toString(), ...roots],
    image: image ? dataUri(image) : null,
    async sign(pdf, sealing) {
      if (authority) {
        try {
          return { pdf: await signPdf(pdf, cades, sealing, authority), level: 'B-T' }
        } catch (error) {
          log.warn({ err: error }, 'time stamp authority failed; signing without time stamp')
        }
      }
      return { pdf: await signPdf(pdf, cades, sealing), level: 'B-B' }
    },
  }
}

// A PKCS#12 file may list the authority's certificates before the signer's own; the library takes the first.
async function matching(signer: P12Signer): Promise<Signer> {
  const proof = new Uint8Array(await signer.sign(new Uint8Array([1]), 'SHA-256'))
  const all = [signer.certificate, ...signer.certificateChain ?? []]
  const own = all.find(der => signedBy(der, proof))
  if (!own) throw new Error('no certificate in the file belongs to its key')
  return {
    certificate: own, certificateChain: all.filter(der => der !== own), keyType: signer.keyType, signatureAlgorithm: signer.signatureAlgorithm,
    sign: (data, algorithm) => signer.sign(data, algorithm),
  }
}

function signedBy(der: Uint8Array, proof: Uint8Array): boolean {
  return verify('sha256', new Uint8Array([1]), new X509Certificate(der).publicKey, proof)
}

function dataUri(image: Uint8Array): string {
  const bytes = Buffer.from(image)
  const type = bytes.readUInt32BE(0) === 0x89504e47 ? 'png' : bytes.readUInt16BE(0) === 0xffd8 ? 'jpeg' : /<svg[\s>]/.test(bytes.toString('utf8', 0, 4096)) ? 'svg+xml' : null
  if (!type) throw new AppError('invalid', 'SEAL_IMAGE 必须是 PNG、JPEG 或 SVG 图片', { code: 'seal-image' })
  return `data:image/${type};base64,${bytes.toString('base64')}`
}

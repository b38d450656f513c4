import { createHash } from 'node:crypto'
import type { Signer, TimestampAuthority } from '@libpdf/core'
import { Certificate } from 'pkijs'
import { der, NULL, octets, oid, ONE, sequence, setOf, time } from './der.ts'

/** Makes the CMS structure that stands inside a sealed file. */
export type Cades = {
  /** bytes that a signature may take, with and without a time stamp */
  room(stamped: boolean): number
  /** CAdES over a SHA-256 of the file at a time (epoch ms), as DER; with an authority its time stamp is inside */
  sign(digest: Uint8Array, at: number, authority?: TimestampAuthority): Promise<Buffer>
}

const DATA = oid('1.2.840.113549.1.7.1')
const SIGNED_DATA = oid('1.2.840.113549.1.7.2')
const CONTENT_TYPE = oid('1.2.840.113549.1.9.3')
const MESSAGE_DIGEST = oid('1.2.840.113549.1.9.4')
const SIGNING_TIME = oid('1.2.840.113549.1.9.5')
const SIGNING_CERTIFICATE_V2 = oid('1.2.840.113549.1.9.16.2.47')
const TIME_STAMP = oid('1.2.840.113549.1.9.16.2.14')
const ALGORITHM_PROTECTION = oid('1.2.840.113549.1.9.52')
const SHA256 = oid('2.16.840.1.101.3.4.2.1')

// Attributes and signature take some 1,000 bytes with an RSA key of 4,096 bits; a stamp brings its authority's chain.
const ROOM = 2048
const ROOM_FOR_STAMP = 16_384

/** Everything that is the same in all signatures of a seal is encoded once: certificates, names, algorithms. */
export function createCades(signer: Signer): Cades {
  const certificates = Buffer.concat([signer.certificate, ...signer.certificateChain ?? []])
  const issued = issuerAndSerial(signer.certificate)
  const algorithm = signer.keyType === 'RSA' ? sequence(oid('1.2.840.113549.1.1.11'), NULL) : sequence(oid('1.2.840.10045.4.3.2'))
  const lasting = [
    attribute(CONTENT_TYPE, DATA),
    // RFC 6211 and RFC 5035: neither the algorithms nor the certificate can be exchanged for others.
    attribute(ALGORITHM_PROTECTION, sequence(sequence(SHA256), retagged(0xa1, algorithm))),
    attribute(SIGNING_CERTIFICATE_V2, signingCertificate(signer.certificate, issued)),
  ]
  return {
    room: stamped => certificates.length + ROOM + (stamped ? ROOM_FOR_STAMP : 0),
    async sign(digest, at, authority) {
      const attributes = setOf(...lasting, attribute(SIGNING_TIME, time(at)), attribute(MESSAGE_DIGEST, octets(digest)))
      const signature = await signer.sign(attributes, 'SHA-256')
      const stamp = await authority?.timestamp(sha256(signature), 'SHA-256')
      const info = sequence(
        ONE, sequence(issued.issuer, issued.serial), sequence(SHA256), retagged(0xa0, attributes), algorithm, octets(signature),
        ...stamp ? [der(0xa1, attribute(TIME_STAMP, stamp))] : [],
      )
      return sequence(SIGNED_DATA, der(0xa0, sequence(ONE, setOf(sequence(SHA256)), sequence(DATA), der(0xa0, certificates), setOf(info))))
    },
  }
}

type Issued = { issuer: Uint8Array; serial: Uint8Array }

function issuerAndSerial(certificate: Uint8Array): Issued {
  const { issuer, serialNumber } = Certificate.fromBER(new Uint8Array(certificate))
  return { issuer: new Uint8Array(issuer.toSchema().toBER()), serial: new Uint8Array(serialNumber.toBER()) }
}

// SigningCertificateV2 → certs → ESSCertIDv2: its SHA-256, and the issuer as the one directory name of GeneralNames.
function signingCertificate(certificate: Uint8Array, { issuer, serial }: Issued): Buffer {
  return sequence(sequence(sequence(octets(sha256(certificate)), sequence(sequence(der(0xa4, issuer)), serial))))
}

function attribute(type: Uint8Array, value: Uint8Array): Buffer {
  return sequence(type, setOf(value))
}

// An implicit tag stands in the place of the type's own.
function retagged(tag: number, encoded: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag]), encoded.subarray(1)])
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}

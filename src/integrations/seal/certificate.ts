import { createHash, randomBytes } from 'node:crypto'
import { BitString, Integer, OctetString, PrintableString, Sequence, Set, Utf8String } from 'asn1js'
import { AttributeTypeAndValue, AuthorityKeyIdentifier, BasicConstraints, Certificate, Extension, RelativeDistinguishedNames, Time } from 'pkijs'
import { engine } from './shared/engine.ts'

type Order = {
  name: string
  organization: string
  keys: CryptoKeyPair
  /** epoch ms */
  from: number
  to: number
  /** may it issue certificates itself? */
  authority?: boolean
  /** absent: self-signed */
  issuer?: { certificate: Certificate; key: CryptoKey }
}

// Bits of KeyUsage (RFC 5280 §4.2.1.3), first bit highest.
const SIGNS_DOCUMENTS = 0b1100_0000
const SIGNS_CERTIFICATES = 0b0000_0110

/** An X.509 certificate for a demo or a test; real ones come from a licensed authority (电子签名法 16). */
export async function issueCertificate({ name, organization, keys, from, to, authority = false, issuer }: Order): Promise<Certificate> {
  const certificate = new Certificate()
  certificate.version = 2
  // Positive, as RFC 5280 §4.1.2.2 wants it.
  certificate.serialNumber = new Integer({ valueHex: exact(Buffer.concat([Buffer.from([0x4d]), randomBytes(11)])) })
  certificate.subject = distinguished(name, organization)
  certificate.issuer = issuer?.certificate.subject ?? certificate.subject
  certificate.notBefore = new Time({ type: 0, value: new Date(from) })
  certificate.notAfter = new Time({ type: to < Date.UTC(2050, 0) ? 0 : 1, value: new Date(to) })
  await certificate.subjectPublicKeyInfo.importKey(keys.publicKey, engine)
  const parent = issuer?.certificate ?? certificate
  certificate.extensions = [
    extension('2.5.29.19', true, new BasicConstraints({ cA: authority }).toSchema().toBER()),
    extension('2.5.29.15', true, new BitString({ valueHex: exact(Buffer.from([authority ? SIGNS_CERTIFICATES : SIGNS_DOCUMENTS])), unusedBits: authority ? 1 : 6 }).toBER()),
    extension('2.5.29.14', false, keyId(certificate).toBER()),
    extension('2.5.29.35', false, new AuthorityKeyIdentifier({ keyIdentifier: keyId(parent) }).toSchema().toBER()),
  ]
  await certificate.sign(issuer?.key ?? keys.privateKey, 'SHA-256', engine)
  return certificate
}

function distinguished(name: string, organization: string): RelativeDistinguishedNames {
  const parts = [
    new AttributeTypeAndValue({ type: '2.5.4.6', value: new PrintableString({ value: 'CN' }) }),
    new AttributeTypeAndValue({ type: '2.5.4.10', value: new Utf8String({ value: organization }) }),
    new AttributeTypeAndValue({ type: '2.5.4.3', value: new Utf8String({ value: name }) }),
  ]
  // Read back from its encoding: the class itself would put all parts into one set.
  return RelativeDistinguishedNames.fromBER(new Sequence({ value: parts.map(part => new Set({ value: [part.toSchema()] })) }).toBER())
}

function extension(extnID: string, critical: boolean, extnValue: ArrayBuffer): Extension {
  return new Extension({ extnID, critical, extnValue })
}

// RFC 5280 §4.2.1.2: the SHA-1 of the public key's bits; a name for finding it, not a protection.
function keyId(certificate: Certificate): OctetString {
  const bits = certificate.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView
  return new OctetString({ valueHex: exact(createHash('sha1').update(bits).digest()) })
}

function exact(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}

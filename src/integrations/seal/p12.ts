import { BmpString, fromBER } from 'asn1js'
import { Attribute, AuthenticatedSafe, CertBag, type Certificate, PFX, PKCS8ShroudedKeyBag, PrivateKeyInfo, SafeBag, SafeContents } from 'pkijs'
import { engine } from './shared/engine.ts'

const KEY_BAG = '1.2.840.113549.1.12.10.1.2'
const CERTIFICATE_BAG = '1.2.840.113549.1.12.10.1.3'
const FRIENDLY_NAME = '1.2.840.113549.1.9.20'

type Content = { key: CryptoKey; certificates: Certificate[]; password: string; name: string; iterations?: number }

/** A PKCS#12 file (RFC 7292): the key under AES-256 and PBKDF2, the signer's certificate first, all under an HMAC. `iterations`: what each guess at the password costs. */
export async function writeP12({ key, certificates, password, name, iterations = 100_000 }: Content): Promise<Uint8Array> {
  const secret = new Uint8Array(Buffer.from(password)).buffer
  const encryption = { password: secret, contentEncryptionAlgorithm: { name: 'AES-CBC' as const, length: 256, iv: new ArrayBuffer(16) }, hmacHashAlgorithm: 'SHA-256', iterationCount: iterations }
  const label = () => [new Attribute({ type: FRIENDLY_NAME, values: [new BmpString({ value: name })] })]

  const shrouded = new PKCS8ShroudedKeyBag({ parsedValue: PrivateKeyInfo.fromBER(await crypto.subtle.exportKey('pkcs8', key)) })
  await shrouded.makeInternalValues(encryption, engine)
  const bags = certificates.map((certificate, i) => new SafeBag({
    bagId: CERTIFICATE_BAG, bagValue: new CertBag({ parsedValue: certificate }), ...i === 0 ? { bagAttributes: label() } : {},
  }))
  const safe = new AuthenticatedSafe({ parsedValue: { safeContents: [
    { privacyMode: 0, value: new SafeContents({ safeBags: [new SafeBag({ bagId: KEY_BAG, bagValue: shrouded, bagAttributes: label() })] }) },
    { privacyMode: 0, value: new SafeContents({ safeBags: bags }) },
  ] } })
  await safe.makeInternalValues({ safeContents: [{}, {}] }, engine)
  const pfx = new PFX({ parsedValue: { integrityMode: 0, authenticatedSafe: safe } })
  await pfx.makeInternalValues({ password: secret, iterations, pbkdf2HashAlgorithm: 'SHA-256', hmacHashAlgorithm: 'SHA-256' }, engine)
  const bytes = pfx.toSchema().toBER()
  if (fromBER(bytes).offset === -1) throw new Error('the PKCS#12 file came out broken')
  return new Uint8Array(bytes)
}

import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { createSecureContext } from 'node:tls'
import type { EnvironmentReader } from './environment.ts'
import { pictureType } from './picture.ts'

/**
 * The e-seal, whose key is in one place: a PKCS#12 file, a PEM file, or a server of its own. All is looked at at the start: a wrong file
 * would show only when papers wait, or when somebody verifies an old one.
 */
export function readSeal(read: EnvironmentReader) {
  const password = read.optional('SEAL_P12_PASSWORD', /./, 'the password of SEAL_P12')
  const keyPassword = read.optional('SEAL_KEY_PASSWORD', /./, 'the password of SEAL_KEY')
  let privateKey: KeyObject | undefined
  let chain: X509Certificate[] = []
  const seal = {
    p12: read.file('SEAL_P12', 'the certificate for the e-seal with its key (.p12)', bytes => openP12(read, bytes, password)),
    password,
    key: read.file('SEAL_KEY', 'the key of the e-seal (PEM)', bytes => { privateKey = openKey(read, bytes, keyPassword) }),
    keyPassword,
    certificates: read.file('SEAL_CERT', "the certificate that belongs to the key, with its authorities' (PEM)", bytes => { chain = certificatesIn(bytes) }),
    signerUrl: read.optional('SEAL_SIGNER_URL', /^https?:\/\//, 'address of a server that has the key'),
    signerSecret: read.optional('SEAL_SIGNER_SECRET', /^.{16,}$/, '16 characters or more that only that server knows'),
    image: read.file('SEAL_IMAGE', 'the picture of the seal, .png or .svg', bytes => { if (!pictureType(bytes)) throw new Error('no picture') }),
    roots: readRoots(read),
    tsaUrl: read.optional('TSA_URL', /^https?:\/\//, 'address of a time stamp authority'),
    archive: read.matching('SEAL_ARCHIVE', /^(on|off)$/, 'on or off', 'off') === 'on',
  }
  const [first, second] = Object.entries({ SEAL_P12: seal.p12, SEAL_KEY: seal.key, SEAL_SIGNER_URL: seal.signerUrl }).filter(([, value]) => value).map(([name]) => name)
  if (second) read.fault(second, `is one key too many beside ${first}`)
  if ((seal.key || seal.signerUrl) && !seal.certificates) read.fault('SEAL_CERT', `is missing: ${first} needs it`)
  if (privateKey && chain.length > 0 && !chain.some(each => privateKey && each.checkPrivateKey(privateKey))) read.fault('SEAL_CERT', 'has no certificate that belongs to SEAL_KEY')
  if (seal.signerUrl && !seal.signerSecret) read.fault('SEAL_SIGNER_SECRET', 'is missing: SEAL_SIGNER_URL needs it')
  if (seal.archive && !seal.tsaUrl) read.fault('TSA_URL', 'is missing: SEAL_ARCHIVE needs it')
  return seal
}

function openP12(read: EnvironmentReader, pfx: Buffer, passphrase = ''): void {
  try {
    createSecureContext({ pfx, passphrase })
  } catch (error) {
    if (/mac verify failure/.test(String(error))) read.fault('SEAL_P12_PASSWORD', 'does not open SEAL_P12')
    // How older authorities encrypt is for the library to read that signs.
    else if (!/unsupported/i.test(String(error))) throw error
  }
}

function openKey(read: EnvironmentReader, key: Buffer, passphrase: string | undefined): KeyObject | undefined {
  try {
    return createPrivateKey({ key, ...passphrase !== undefined && { passphrase } })
  } catch (error) {
    if (!key.includes('ENCRYPTED')) throw error
    read.fault('SEAL_KEY_PASSWORD', passphrase === undefined ? 'is missing: SEAL_KEY has one' : 'does not open SEAL_KEY')
    return undefined
  }
}

/** Throws where there is none, or one that is none. */
function certificatesIn(bytes: Buffer): X509Certificate[] {
  const found = bytes.toString('latin1').match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g)
  if (!found) throw new Error('no certificate')
  return found.map(each => new X509Certificate(each))
}

function readRoots(read: EnvironmentReader): string | undefined {
  const path = read.optional('SEAL_ROOTS', /./, 'path of a PEM file, or of a folder of them, with the certificates that seals are trusted by')
  if (path === undefined) return undefined
  for (const file of filesIn(path)) {
    try {
      certificatesIn(readFileSync(file))
    } catch {
      read.fault('SEAL_ROOTS', file === path ? 'should be the path of a PEM file with certificates, or of a folder of them' : `has a file without certificates: ${basename(file)}`)
    }
  }
  return path
}

/** The PEM files that a path names: itself, or those of the folder that it is. */
export function filesIn(path: string): string[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [path]
  return readdirSync(path).filter(name => /\.(pem|crt)$/i.test(name)).toSorted().map(name => join(path, name))
}

import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { X509Certificate } from 'node:crypto'
import { PDF } from '@libpdf/core'
import { Integer, ObjectIdentifier, OctetString } from 'asn1js'
import { AlgorithmIdentifier, Attribute, type Certificate, ContentInfo, EncapsulatedContentInfo, Extension, ExtKeyUsage, IssuerAndSerialNumber, PKIStatusInfo, SignedAndUnsignedAttributes, SignedData, SignerInfo, TimeStampReq, TimeStampResp, TSTInfo } from 'pkijs'
import { engine } from '../../src/integrations/seal/shared/engine.ts'
import { issueCertificate } from '../../src/integrations/seal/certificate.ts'
import { writeP12 } from '../../src/integrations/seal/p12.ts'

export const DAY = 86_400_000
export const PASSWORD = 'correct horse'

export type Identity = { certificate: Certificate; keys: CryptoKeyPair }

export const pem = ({ certificate }: Identity) => x509(certificate).toString()
export const x509 = (certificate: Certificate) => new X509Certificate(new Uint8Array(certificate.toSchema().toBER()))

const RSA = { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' }
const EC = { name: 'ECDSA', namedCurve: 'P-256' }

/** A certificate with its keys; self-signed where no issuer is given. */
export async function identity(name: string, { issuer, authority = false, from = Date.now() - DAY, to = Date.now() + 30 * DAY, curve = false }: {
  issuer?: Identity; authority?: boolean; from?: number; to?: number; curve?: boolean
} = {}): Promise<Identity> {
  const keys = await crypto.subtle.generateKey(curve ? EC : RSA, true, ['sign', 'verify'])
  const certificate = await issueCertificate({
    name, organization: '明湖大学', keys, authority, from, to, ...issuer ? { issuer: { certificate: issuer.certificate, key: issuer.keys.privateKey } } : {},
  })
  return { certificate, keys }
}

export function p12Of(own: Identity, ...others: Identity[]): Promise<Uint8Array> {
  return p12In(own, [own, ...others])
}

/** A PKCS#12 file with the certificates in a given order. */
export function p12In(own: Identity, order: Identity[]): Promise<Uint8Array> {
  return writeP12({ key: own.keys.privateKey, certificates: order.map(each => each.certificate), password: PASSWORD, name: 'test' })
}

/** A page with a line of text. */
export async function plainPdf(text = 'enrolled'): Promise<Uint8Array> {
  const pdf = PDF.create()
  pdf.addPage({ size: 'a4' }).drawText(text, { x: 50, y: 700, size: 12 })
  return pdf.save()
}

const run = promisify(execFile)

/** What a command prints, also when it ends with an error. */
export async function printed(command: string, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await run(command, args).catch((error: { stdout: string; stderr: string }) => error)
  return stdout + stderr
}

/** A folder that is removed when the test ends, with a way to put bytes in it. */
export async function workshop(t: { after(clean: () => Promise<void>): void }): Promise<{ folder: string; file(name: string, bytes: Uint8Array | string): Promise<string> }> {
  const folder = await mkdtemp(join(tmpdir(), 'paper-'))
  t.after(() => rm(folder, { recursive: true }))
  return {
    folder,
    async file(name, bytes) {
      await writeFile(join(folder, name), bytes)
      return join(folder, name)
    },
  }
}

/** Poppler's opinion of a file, with these authorities trusted. */
export async function pdfsig(t: Parameters<typeof workshop>[0], bytes: Uint8Array, roots: string[]): Promise<string> {
  const { folder, file } = await workshop(t)
  await run('certutil', ['-N', '-d', `sql:${folder}`, '--empty-password'])
  for (const [i, root] of roots.entries()) {
    await run('certutil', ['-A', '-d', `sql:${folder}`, '-n', `root ${i}`, '-t', 'CT,C,C', '-i', await file(`root-${i}.pem`, root)])
  }
  return printed('pdfsig', '-nssdir', `sql:${folder}`, await file('signed.pdf', bytes))
}

/** A time stamp authority on a loopback port (RFC 3161 over HTTP). */
export async function stampServer(t: Parameters<typeof workshop>[0], authority: Identity, { at = Date.now() }: { at?: number } = {}): Promise<string> {
  const own = await stampIdentity(authority)
  const server = createServer(async (request, response) => {
    const { messageImprint, nonce } = TimeStampReq.fromBER(new Uint8Array(await buffer(request)))
    const info = new TSTInfo({ version: 1, policy: '1.2.3.4', messageImprint, serialNumber: new Integer({ value: 7 }), genTime: new Date(at), ...nonce && { nonce } })
    const token = await tokenOf(info, own)
    const reply = new TimeStampResp({ status: new PKIStatusInfo({ status: 0 }), timeStampToken: token })
    response.writeHead(200, { 'Content-Type': 'application/timestamp-reply' }).end(Buffer.from(reply.toSchema().toBER()))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(async () => { server.close() })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`
}

async function stampIdentity(authority: Identity): Promise<Identity> {
  const own = await identity('时间戳', { issuer: authority })
  own.certificate.extensions?.push(new Extension({ extnID: '2.5.29.37', critical: true, extnValue: new ExtKeyUsage({ keyPurposes: ['1.3.6.1.5.5.7.3.8'] }).toSchema().toBER() }))
  await own.certificate.sign(authority.keys.privateKey, 'SHA-256', engine)
  return own
}

async function tokenOf(info: TSTInfo, { certificate, keys }: Identity): Promise<ContentInfo> {
  const content = info.toSchema().toBER()
  const digest = await crypto.subtle.digest('SHA-256', content)
  const signedData = new SignedData({
    version: 3,
    encapContentInfo: new EncapsulatedContentInfo({ eContentType: '1.2.840.113549.1.9.16.1.4', eContent: new OctetString({ valueHex: content }) }),
    certificates: [certificate],
    signerInfos: [new SignerInfo({
      version: 1,
      sid: new IssuerAndSerialNumber({ issuer: certificate.issuer, serialNumber: certificate.serialNumber }),
      digestAlgorithm: new AlgorithmIdentifier({ algorithmId: '2.16.840.1.101.3.4.2.1' }),
      signedAttrs: new SignedAndUnsignedAttributes({ type: 0, attributes: [
        new Attribute({ type: '1.2.840.113549.1.9.3', values: [new ObjectIdentifier({ value: '1.2.840.113549.1.9.16.1.4' })] }),
        new Attribute({ type: '1.2.840.113549.1.9.4', values: [new OctetString({ valueHex: digest })] }),
      ] }),
    })],
  })
  await signedData.sign(keys.privateKey, 0, 'SHA-256', content, engine)
  return new ContentInfo({ contentType: ContentInfo.SIGNED_DATA, content: signedData.toSchema(true) })
}

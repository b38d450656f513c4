import { createHash, createPrivateKey, sign, verify, X509Certificate } from 'node:crypto'
import { promisify } from 'node:util'
import { P12Signer, type Signer } from '@libpdf/core'
import { AppError } from '../../platform/errors.ts'
import { type RemoteKey, signRemotely } from './remote.ts'

/** Where the seal's key is. Certificates are PEM, the signer's own and its authorities', in any order. */
export type KeySource =
  | { p12: Uint8Array; password: string }
  | { key: string | Uint8Array; password?: string | undefined; certificates: string }
  | { remote: RemoteKey; certificates: string }

/** Opens the key, RSA or EC. Throws `invalid` where file, password or certificates do not fit together. A remote key is not asked yet. */
export async function openKey(source: KeySource): Promise<Signer> {
  if ('p12' in source) return P12Signer.create(source.p12, source.password).then(matching).catch(refuse('SEAL_P12 无法打开：请检查文件与 SEAL_P12_PASSWORD', 'seal-p12'))
  const refused = refuse('SEAL_KEY 与 SEAL_CERT 无法使用：请检查文件、密码，以及证书是否属于这把密钥', 'seal-key')
  const chain = certificatesIn(source.certificates)
  if ('remote' in source) return remoteSigner(source.remote, chain)
  return openPem(source.key, source.password, chain).catch(refused)
}

export function certificatesIn(pem: string): X509Certificate[] {
  return (pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []).map(each => new X509Certificate(each))
}

const signing = promisify(sign)

async function openPem(pem: string | Uint8Array, passphrase: string | undefined, chain: X509Certificate[]): Promise<Signer> {
  const key = createPrivateKey({ key: Buffer.from(pem), ...passphrase === undefined ? {} : { passphrase } })
  const own = chain.find(each => each.checkPrivateKey(key))
  if (!own) throw new Error('no certificate belongs to the key')
  return signerOf(own, chain, data => signing('sha256', data, key))
}

// Whose certificate it is cannot be seen without the key: it is the one that issued none of the others.
function remoteSigner(remote: RemoteKey, chain: X509Certificate[]): Signer {
  const own = chain.find(each => !chain.some(other => other !== each && other.checkIssued(each)))
  if (!own) throw new AppError('invalid', 'SEAL_CERT 里没有签章证书', { code: 'seal-key' })
  return signerOf(own, chain, async data => {
    const signature = await signRemotely(remote, createHash('sha256').update(data).digest())
    // Also says that nobody else answered.
    if (!verify('sha256', data, own.publicKey, signature)) throw new AppError('upstream', '签名服务返回的签名与证书不符', { code: 'seal-signer' })
    return signature
  })
}

function signerOf(own: X509Certificate, chain: X509Certificate[], signed: (data: Uint8Array) => Promise<Uint8Array>): Signer {
  const rsa = own.publicKey.asymmetricKeyType === 'rsa'
  if (!rsa && own.publicKey.asymmetricKeyType !== 'ec') throw new AppError('invalid', '电子签章的密钥必须是 RSA 或 EC', { code: 'seal-key' })
  return {
    certificate: new Uint8Array(own.raw), certificateChain: chain.filter(each => each !== own).map(each => new Uint8Array(each.raw)),
    keyType: rsa ? 'RSA' : 'EC', signatureAlgorithm: rsa ? 'RSASSA-PKCS1-v1_5' : 'ECDSA', sign: data => signed(data).then(each => new Uint8Array(each)),
  }
}

// A PKCS#12 file may list the authority's certificates before the signer's own; the library takes the first.
async function matching(signer: P12Signer): Promise<Signer> {
  const proof = new Uint8Array(await signer.sign(new Uint8Array([1]), 'SHA-256'))
  const all = [signer.certificate, ...signer.certificateChain ?? []].map(each => new X509Certificate(each))
  const own = all.find(each => verify('sha256', new Uint8Array([1]), each.publicKey, proof))
  if (!own) throw new Error('no certificate in the file belongs to its key')
  return signerOf(own, all, data => signer.sign(new Uint8Array(data), 'SHA-256'))
}

function refuse(sentence: string, code: string): (error: unknown) => never {
  return error => {
    throw new AppError('invalid', sentence, { code, cause: error })
  }
}

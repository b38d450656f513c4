import { createECDH, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import type { JWK } from 'jose'
import { AppError } from '../../../platform/errors.ts'
import type { Keyring } from '../../../platform/keys.ts'

/** What signs credentials. `id`: the thumbprint of its public half. */
export type SigningKey = { id: string; algorithm: 'ES256' | 'RS256' | 'EdDSA'; privateKey: KeyObject; publicJwk: JWK }

/** The school's own key where one is set (PEM), else one derived from HALL_SECRET (P-256). */
export async function signingKey(keyring: Pick<Keyring, 'derive'>, pem: string | undefined): Promise<SigningKey> {
  const privateKey = pem === undefined ? derived(keyring.derive('documents.credentials')) : createPrivateKey(pem)
  const algorithm = algorithmOf(privateKey)
  const bare: JWK = createPublicKey(privateKey).export({ format: 'jwk' })
  const { calculateJwkThumbprint } = await import('jose')
  const id = await calculateJwkThumbprint(bare)
  return { id, algorithm, privateKey, publicJwk: { ...bare, alg: algorithm, use: 'sig' } }
}

/** 32 bytes as the private scalar of a key on P-256; that they are too large has a chance of 2^-32. */
function derived(scalar: Buffer): KeyObject {
  const pair = createECDH('prime256v1')
  pair.setPrivateKey(scalar)
  const point = pair.getPublicKey()
  const text = (bytes: Buffer) => bytes.toString('base64url')
  return createPrivateKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', d: text(scalar), x: text(point.subarray(1, 33)), y: text(point.subarray(33)) } })
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): SigningKey['algorithm'] {
  if (asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048) return 'RS256'
  if (asymmetricKeyType === 'ed25519') return 'EdDSA'
  if (asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1') return 'ES256'
  throw new AppError('invalid', '数字凭证的密钥要用 RSA（2048 位以上）、P-256 或 Ed25519')
}

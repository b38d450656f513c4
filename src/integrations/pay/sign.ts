import { createDecipheriv, createSign, createVerify, type KeyObject, randomBytes } from 'node:crypto'
import { AppError } from '../../platform/errors.ts'

/** Older or younger messages are not believed; the official clients have the same limit. */
const WINDOW = 300

export type Signed = { timestamp: string; nonce: string; signature: string; serial: string }

const lines = (...parts: readonly string[]): string => parts.map(part => `${part}\n`).join('')

export function signature(key: KeyObject, ...parts: readonly string[]): string {
  return createSign('RSA-SHA256').update(lines(...parts)).sign(key, 'base64')
}

export const newNonce = (): string => randomBytes(16).toString('hex')

/**
 * Proves that the platform said this body now: the key is the one that the serial names. Throws `forbidden` otherwise; a probe (WECHATPAY/SIGNTEST/…)
 * is no signature, and so fails as it should.
 */
export function prove(keys: ReadonlyMap<string, KeyObject>, { timestamp, nonce, signature: given, serial }: Signed, body: string, now: number): void {
  const key = keys.get(serial)
  if (!key) throw new AppError('forbidden', '微信支付的签名用了没有配置的证书或公钥', { code: 'pay:unknown-serial', params: { serial: serial.slice(0, 80) } })
  const age = Math.abs(Math.floor(now / 1000) - Number(timestamp))
  if (!(age < WINDOW)) throw new AppError('forbidden', '微信支付的签名时间不对', { code: 'pay:stale' })
  if (!/^[0-9A-Za-z+/]+=*$/.test(given) || !createVerify('RSA-SHA256').update(lines(timestamp, nonce, body)).verify(key, given, 'base64')) {
    throw new AppError('forbidden', '微信支付的签名不对', { code: 'pay:wrong-signature' })
  }
}

export type Sealed = { nonce: string; associated_data?: string | undefined; ciphertext: string }

/** AEAD_AES_256_GCM with the APIv3 key; throws `forbidden` where it was not sealed with that. */
export function unseal(apiV3Key: string, { nonce, associated_data = '', ciphertext }: Sealed): string {
  const bytes = Buffer.from(ciphertext, 'base64')
  try {
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(apiV3Key), Buffer.from(nonce))
    decipher.setAAD(Buffer.from(associated_data)).setAuthTag(bytes.subarray(-16))
    return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8')
  } catch (error) {
    throw new AppError('forbidden', '微信支付的通知解不开，请核对 APIv3 密钥', { code: 'pay:unsealed', cause: error })
  }
}

import { createCipheriv, createSign, createVerify, randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { strikes, type Trouble } from '../trouble.ts'
import { PayError, type PayOptions } from './types.ts'

const nonces = new Map<string, number>()

/** §1.2: five parameters in any order, the five lines, five minutes, and each nonce once. */
export function checkAuthorization(options: PayOptions, headers: IncomingHttpHeaders, asked: { method: string; path: string; body: string }, now: number): void {
  if (!headers.accept?.includes('application/json') && !headers.accept?.includes('*/*')) throw new PayError(406, 'INVALID_REQUEST', 'Accept 应为 application/json')
  if (!headers['user-agent']) throw new PayError(403, 'INVALID_REQUEST', '缺少 User-Agent')
  const [, given = ''] = /^WECHATPAY2-SHA256-RSA2048 (.+)$/.exec(headers.authorization ?? '') ?? []
  const part = (name: string): string => new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(given)?.[1] ?? ''
  const [timestamp, nonce] = [part('timestamp'), part('nonce_str')]
  const message = [asked.method, asked.path, timestamp, nonce, asked.body].map(line => `${line}\n`).join('')
  const wrong = part('mchid') !== options.mchId ? 'mchid'
    : part('serial_no').toUpperCase() !== options.mchSerial.toUpperCase() ? 'serial_no'
      : !(Math.abs(now / 1000 - Number(timestamp)) < 300) ? 'timestamp'
        : nonce === '' || nonces.has(nonce) ? 'nonce_str'
          : !createVerify('RSA-SHA256').update(message).verify(options.mchPublicKey, part('signature'), 'base64') ? 'signature' : null
  if (wrong === null) {
    nonces.set(nonce, now)
    for (const [old, at] of nonces) if (Math.abs(now - at) > 600_000) nonces.delete(old)
    return
  }
  const info = { method: asked.method, sign_message_length: message.length, truncated_sign_message: message.slice(0, 40), url: asked.path }
  throw new PayError(401, 'SIGN_ERROR', '签名错误，请检查后再试', { detail: { issue: wrong === 'signature' ? 'sign not match' : `${wrong} wrong` }, field: wrong, location: 'authorization', sign_information: info })
}

/** §1.3, with what the switches make wrong. */
export function signedHeaders({ platformKeys }: PayOptions, trouble: Trouble, body: string, now: number): Record<string, string> {
  const key = platformKeys[trouble.payOtherKey && platformKeys.length > 1 ? 1 : 0]
  if (!key) throw new Error('the platform has no key')
  const stale = strikes(trouble, 'payStale') ? 3600 : 0
  const [timestamp, nonce] = [String(Math.floor(now / 1000) - stale), randomBytes(16).toString('hex')]
  const signature = createSign('RSA-SHA256').update(`${timestamp}\n${nonce}\n${body}\n`).sign(key.privateKey, 'base64')
  const shown = strikes(trouble, 'payProbe') ? `WECHATPAY/SIGNTEST/${signature}` : strikes(trouble, 'payWrongSignature') ? `${signature.slice(0, -8)}AAAAAAA=` : signature
  return {
    'wechatpay-timestamp': timestamp, 'wechatpay-nonce': nonce, 'wechatpay-serial': strikes(trouble, 'payWrongSerial') ? '0'.repeat(40) : key.serial,
    'wechatpay-signature': shown, 'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048', 'request-id': randomBytes(12).toString('hex'),
  }
}

/** §1.4 */
export function encrypted(apiV3Key: string, original_type: string, content: unknown) {
  const nonce = randomBytes(6).toString('hex')
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(apiV3Key), Buffer.from(nonce))
  cipher.setAAD(Buffer.from(original_type))
  const bytes = Buffer.concat([cipher.update(JSON.stringify(content), 'utf8'), cipher.final(), cipher.getAuthTag()])
  return { original_type, algorithm: 'AEAD_AES_256_GCM', ciphertext: bytes.toString('base64'), associated_data: original_type, nonce }
}

/** §2.3: four lines with the merchant's key. */
export function signedCallUp({ mchPublicKey, appId }: PayOptions, call: { appId: string; timeStamp: string; nonceStr: string; package: string; signType: string; paySign: string }): boolean {
  const message = [call.appId, call.timeStamp, call.nonceStr, call.package].map(line => `${line}\n`).join('')
  return call.appId === appId && call.signType === 'RSA' && /^\d{10}$/.test(call.timeStamp) && createVerify('RSA-SHA256').update(message).verify(mchPublicKey, call.paySign, 'base64')
}

/** The platform's clock is China's. */
export function chinaTime(at: number): string {
  return `${new Date(at + 8 * 3600_000).toISOString().slice(0, 19)}+08:00`
}

import { createHmac } from 'node:crypto'
import { AppError } from '../../platform/errors.ts'
import { ask } from './ask.ts'

/** A key that stays where it is, as in an HSM: only digests go there. `secret`: what both sides know. */
export type RemoteKey = { url: string; secret: string }

const TIMEOUT = 8000
const LARGEST = 16 * 1024

/**
 * POST {"digest": hex of a SHA-256} with `x-seal-time` (epoch ms) and `x-seal-hmac` (hex of HMAC-SHA-256 over time, line feed, body), answered by
 * {"signature": base64}: RSASSA-PKCS1-v1_5 or ECDSA (DER) over that digest. Throws `upstream` where it does not come.
 */
export async function signRemotely({ url, secret }: RemoteKey, digest: Buffer): Promise<Buffer> {
  const body = JSON.stringify({ digest: digest.toString('hex') })
  const time = String(Date.now())
  const headers = { 'content-type': 'application/json', 'x-seal-time': time, 'x-seal-hmac': createHmac('sha256', secret).update(`${time}\n${body}`).digest('hex') }
  try {
    return signatureIn(await ask(url, { body, headers, timeout: TIMEOUT, largest: LARGEST }))
  } catch (error) {
    throw new AppError('upstream', '签名服务没有应答', { code: 'seal-signer', cause: error })
  }
}

function signatureIn(answer: Buffer): Buffer {
  const read: unknown = JSON.parse(answer.toString('utf8'))
  if (typeof read !== 'object' || read === null || !('signature' in read) || typeof read.signature !== 'string') throw new Error('no signature in the answer')
  return Buffer.from(read.signature, 'base64')
}

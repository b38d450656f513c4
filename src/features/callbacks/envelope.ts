import { timingSafeEqual } from 'node:crypto'
import { decrypt, getSignature } from '@wecom/crypto'
import { AppError } from '../../platform/errors.ts'

export type Keys = {
  corpId: string
  /** of the callback's settings in the admin console */
  token: string
  encodingAesKey: string
}

export type Signed = { msg_signature: string; timestamp: string; nonce: string }

/**
 * What the platform encrypted for us: signature, age and addressee are proven first (90968). `window`: how old a time stamp may be, ms.
 * Throws `forbidden` where it is not for us or not from the platform, `invalid` where it cannot be read.
 */
export function openEnvelope({ corpId, token, encodingAesKey }: Keys, signed: Signed, encrypted: string, now: number, window: number): string {
  const expected = getSignature(token, signed.timestamp, signed.nonce, encrypted)
  if (!sameText(expected, signed.msg_signature)) throw new AppError('forbidden', '回调的签名不对')
  const age = Math.abs(now - Number(signed.timestamp) * 1000)
  if (!(age <= window)) throw new AppError('forbidden', '回调的时间不对')
  const { message, id } = opened(encodingAesKey, encrypted)
  if (id !== corpId) throw new AppError('forbidden', '回调不是给这个企业的')
  return message
}

function sameText(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)]
  return a.length === b.length && timingSafeEqual(a, b)
}

// The library throws on some broken texts and returns rubbish for others; the addressee tells those.
function opened(key: string, encrypted: string): { message: string; id: string } {
  try {
    return decrypt(key, encrypted)
  } catch (error) {
    throw new AppError('invalid', '回调的内容解不开', { cause: error })
  }
}

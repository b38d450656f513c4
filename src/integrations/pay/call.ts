import type { KeyObject } from 'node:crypto'
import { type TSchema, Type } from 'typebox'
import type { Clock } from '../../platform/clock.ts'
import { AppError } from '../../platform/errors.ts'
import { fits } from '../../platform/schema.ts'
import { refusal } from './errors.ts'
import { newNonce, prove, signature } from './sign.ts'

const TIMEOUT = 10_000
const LARGEST = 64 * 1024 * 1024

export type Account = { base: string; mchId: string; mchSerial: string; mchKey: KeyObject; /** by serial, or id */ platformKeys: ReadonlyMap<string, KeyObject>; /** named in each request where the platform's public key is used */ publicKeyId: string | undefined; clock: Clock }
export type Call = ReturnType<typeof createCall>

const Refusal = Type.Object({ code: Type.String(), message: Type.Optional(Type.String()) })

/** Requests that are signed, answers that are proven. Paths carry the query as it is sent. */
export function createCall({ base, mchId, mchSerial, mchKey, platformKeys, publicKeyId, clock }: Account) {
  async function exchange(method: 'GET' | 'POST', path: string, body: string): Promise<Response> {
    const [timestamp, nonce] = [String(Math.floor(clock.now() / 1000)), newNonce()]
    const signed = signature(mchKey, method, path, timestamp, nonce, body)
    const headers = {
      accept: 'application/json', 'user-agent': 'wecom-hall', ...(body !== '' && { 'content-type': 'application/json' }), ...(publicKeyId && { 'wechatpay-serial': publicKeyId }),
      authorization: `WECHATPAY2-SHA256-RSA2048 mchid="${mchId}",nonce_str="${nonce}",timestamp="${timestamp}",serial_no="${mchSerial}",signature="${signed}"`,
    }
    try {
      return await fetch(new URL(path, base), { method, headers, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT), ...(body !== '' && { body }) })
    } catch (error) {
      throw away(error)
    }
  }

  // Bytes, not text(): that drops a mark at the beginning which signature and hash cover.
  async function bytesOf(response: Response): Promise<Buffer> {
    try {
      const bytes = Buffer.from(await response.arrayBuffer())
      if (bytes.length > LARGEST) throw new Error('too long')
      return bytes
    } catch (error) {
      throw away(error)
    }
  }

  async function asked(method: 'GET' | 'POST', path: string, content?: unknown): Promise<{ response: Response; bytes: Buffer }> {
    const response = await exchange(method, path, content === undefined ? '' : JSON.stringify(content))
    const bytes = await bytesOf(response)
    if (response.ok) return { response, bytes }
    const said: unknown = parsed(bytes)
    const { code, message = '' } = fits<{ code: string; message?: string }>(Refusal, said) ? said : { code: `HTTP_${response.status}` }
    throw refusal(response.status, code, message)
  }

  return {
    /** The answer's JSON, in the shape; `upstream` where nothing that can be believed came back. */
    async json<T>(shape: TSchema, method: 'GET' | 'POST', path: string, content?: unknown): Promise<T> {
      const { response, bytes } = await asked(method, path, content)
      believe(response, bytes)
      const value = parsed(bytes)
      if (!fits<T>(shape, value)) throw new AppError('upstream', '微信支付的回答看不懂', { code: 'pay:odd-answer' })
      return value
    },
    /** For what is answered without a body (204). */
    async none(method: 'POST', path: string, content: unknown): Promise<void> {
      const { response, bytes } = await asked(method, path, content)
      believe(response, bytes)
    },
    /** A file: its answer is not signed, the hash that was told with its address proves it. */
    file: async (path: string): Promise<Buffer> => (await asked('GET', path)).bytes,
  }

  // A forged answer leaves open what the platform did: the job asks again.
  function believe(response: Response, bytes: Buffer): void {
    const header = (name: string) => response.headers.get(`wechatpay-${name}`) ?? ''
    try {
      prove(platformKeys, { timestamp: header('timestamp'), nonce: header('nonce'), signature: header('signature'), serial: header('serial') }, bytes.toString('utf8'), clock.now())
    } catch (error) {
      throw new AppError('upstream', '微信支付的回答没有通过验证', { code: 'pay:unproven', cause: error })
    }
  }
}

function away(error: unknown): AppError {
  return new AppError('upstream', '没有连上微信支付', { code: 'pay:away', cause: error })
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return null
  }
}

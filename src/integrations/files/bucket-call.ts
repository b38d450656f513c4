import { hash } from 'node:crypto'
import { Agent, type ClientRequest, type IncomingMessage, request as requestPlain } from 'node:http'
import { Agent as TlsAgent, request as requestTls } from 'node:https'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { AwsV4Signer } from 'aws4fetch'
import { AppError } from '../../platform/errors.ts'
import type { BucketAddress } from './bucket-address.ts'
import { type Fault, failure } from './faults.ts'
import { absent } from './names.ts'

export type Ask = {
  method: 'GET' | 'HEAD' | 'PUT' | 'DELETE'
  /** '' for the bucket itself */
  key: string
  query?: Record<string, string>
  body?: Uint8Array
  /** SHA-256 of the body, which the other side compares with what it got */
  sha?: string
  /** ms until its answer must have begun, besides the time that the body takes */
  patience?: number
}

/** Asks, and hands the answer to `read`; until that is done it may be asked again. `not-found` for a key without an object, else `upstream`. */
export type Call = <R>(ask: Ask, read: (answer: IncomingMessage) => Promise<R>) => Promise<R>

const EMPTY = hash('sha256', '')
/** ms: nobody waits longer for an answer, nor for the next byte */
const PATIENCE = 10_000
/** A body may take as long as it takes at so many bytes a millisecond. */
const SLOWEST = 100
const TRIES = 3
const PAUSE = 150

/** Signed calls (AWS Signature 4). All that is asked may be repeated: a name always means the same bytes. */
export function createCall(address: BucketAddress): Call {
  const isPlain = address.base.startsWith('http:')
  const agent = isPlain ? new Agent({ keepAlive: true }) : new TlsAgent({ keepAlive: true })

  async function once(ask: Ask): Promise<IncomingMessage> {
    const { method, key, query = {}, body, sha = EMPTY, patience = PATIENCE } = ask
    const url = `${address.base}${key && `/${key}`}${Object.keys(query).length > 0 ? `?${String(new URLSearchParams(query)).replaceAll('+', '%20')}` : ''}`
    const { headers } = await new AwsV4Signer({
      method, url, service: 's3', accessKeyId: address.key, secretAccessKey: address.secret, headers: { 'x-amz-content-sha256': sha }, ...(address.region && { region: address.region }),
    }).sign()
    const settings = { method, agent, timeout: PATIENCE, headers: { ...Object.fromEntries(headers), ...(body && { 'content-length': body.length }) } }
    // Not by fetch: that holds a second copy of what it sends.
    const outgoing = isPlain ? requestPlain(url, settings) : requestTls(url, settings)
    return await answerTo(outgoing, body, patience + (body?.length ?? 0) / SLOWEST)
  }

  return async (ask, read) => {
    const end = performance.now() + PATIENCE / 2
    for (let tries = 1; ; tries++) {
      try {
        const answer = await once(ask)
        if (answer.statusCode !== 200 && answer.statusCode !== 204) throw await refusal(answer, ask)
        return await read(answer)
      } catch (error) {
        const told = error instanceof AppError ? error : failure({ why: 'away', answer: codeOf(error) }, error)
        if (!isPassing(told) || tries === TRIES || performance.now() > end) throw told
        await pause(PAUSE * 4 ** (tries - 1) * (0.5 + Math.random()))
      }
    }
  }
}

/** What may be over in a moment. */
function isPassing({ code, params }: AppError): boolean {
  return code === 'files:away' && params?.['answer'] !== LATE
}

const LATE = 'no answer in time'

function answerTo(outgoing: ClientRequest, body: Uint8Array | undefined, patience: number): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const tooLate = () => outgoing.destroy(new Error(LATE))
    const late = setTimeout(tooLate, patience)
    outgoing.on('error', error => { clearTimeout(late); reject(error) })
    outgoing.on('timeout', tooLate)
    outgoing.on('response', answer => {
      clearTimeout(late)
      outgoing.off('timeout', tooLate)
      // Who is slow to read what has come is not kept from it.
      outgoing.on('timeout', () => { if (answer.readableLength === 0) answer.destroy(new Error(LATE)) })
      resolve(answer)
    })
    outgoing.end(body)
  })
}

const LONGEST = 64 * 1024

/** What an answer other than yes means. */
async function refusal(answer: IncomingMessage, { method }: Ask): Promise<AppError> {
  const status = answer.statusCode ?? 0
  const code = /<Code>(\w{1,80})<\/Code>/.exec((await text(answer)).slice(0, LONGEST))?.[1] ?? ''
  // The answer to HEAD has no body that could tell a missing bucket.
  if (status === 404 && (code === 'NoSuchKey' || method === 'HEAD')) return absent()
  return failure({ why: whyNot(status, code), answer: `${status} ${code}`.trim() })
}

function whyNot(status: number, code: string): Fault['why'] {
  if (code === 'NoSuchBucket') return 'missing'
  if (code === 'RequestTimeTooSkewed') return 'clock'
  if (status === 507 || /StorageFull|Quota|InsufficientStorage/i.test(code)) return 'full'
  return status >= 500 || status === 429 || status === 408 || code === 'RequestTimeout' || code === 'SlowDown' ? 'away' : 'refused'
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}

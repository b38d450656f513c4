import { setTimeout as sleep } from 'node:timers/promises'
import type { Static, TObject } from 'typebox'
import type { Clock } from '../../platform/clock.ts'
import { AppError } from '../../platform/errors.ts'
import type { Log } from '../../platform/log.ts'
import { fits } from '../../platform/schema.ts'
import { blocks } from './blocks.ts'
import { refusal } from './errors.ts'

export type Request = {
  /** as `/cgi-bin/message/send` */
  path: string
  /** whose token: the app's (default) or contact sync's; none for gettoken */
  as?: 'app' | 'contacts' | 'nobody'
  query?: Record<string, string | number>
  /** JSON text or a form; absent: GET */
  body?: string | FormData
  /** ms, default 10 s */
  timeout?: number
}

/** One call with all its tries; the answer has the schema's shape. */
export type Call = <Schema extends TObject>(schema: Schema, request: Request) => Promise<Static<Schema>>

export type Transport = {
  apiBase: string
  clock: Clock
  log: Log
  fetch?: typeof fetch | undefined
  /** waits; a test gives one that does not */
  pause?: ((ms: number) => Promise<unknown>) | undefined
  /** the token for a caller; `not` is one that the platform has just refused */
  token(as: 'app' | 'contacts', not?: string): Promise<string>
}

// "Busy" is the only answer that the platform wants to be tried again at once, at most three times (90313).
const BUSY_PAUSES = [200, 600, 1800]
const TOKEN_REFUSED = new Set([40014, 42001])

/** The way to WeCom's server API: token, time limit, one refetch of a refused token, back-off while busy, blocks respected. */
export function createCall(transport: Transport): Call {
  const { clock, token, pause = sleep } = transport
  const blocked = blocks(clock)

  async function answer(request: Request): Promise<Answer> {
    const as = request.as ?? 'app'
    if (as === 'nobody') return await exchange(transport, request, null)
    const first = await token(as)
    const said = await exchange(transport, request, first)
    if (!TOKEN_REFUSED.has(said.errcode)) return said
    return await exchange(transport, request, await token(as, first))
  }

  async function answerWhenNotBusy(request: Request): Promise<Answer> {
    for (const wait of BUSY_PAUSES) {
      const said = await answer(request)
      if (said.errcode !== -1) return said
      await pause(wait)
    }
    return await answer(request)
  }

  return async (schema, request) => {
    const key = `${request.as ?? 'app'} ${request.path}`
    blocked.check(key)
    const said = await answerWhenNotBusy(request)
    if (said.errcode !== 0) {
      transport.log.warn({ path: request.path, errcode: said.errcode, errmsg: said.errmsg }, 'WeCom refused a call')
      throw refusal(said.errcode, said.errmsg, blocked.begin(key, said.errcode))
    }
    blocked.end(key)
    if (!fits<Static<typeof schema>>(schema, said.body)) throw accident(request.path, 'shape')
    return said.body
  }
}

type Answer = { errcode: number; errmsg: string; body: unknown }

async function exchange({ apiBase, fetch: request = fetch }: Transport, { path, query = {}, body, timeout = 10_000 }: Request, token: string | null): Promise<Answer> {
  const url = new URL(path, apiBase)
  for (const [name, value] of Object.entries(token === null ? query : { access_token: token, ...query })) url.searchParams.set(name, String(value))
  const init: RequestInit = { signal: AbortSignal.timeout(timeout), redirect: 'error' }
  if (body !== undefined) Object.assign(init, { method: 'POST', body })
  if (typeof body === 'string') init.headers = { 'content-type': 'application/json; charset=utf-8' }
  try {
    const response = await request(url, init)
    return read(path, response.status, await response.text())
  } catch (error) {
    if (error instanceof AppError) throw error
    throw accident(path, wayLost(error))
  }
}

function read(path: string, status: number, text: string): Answer {
  const body = parse(text)
  if (typeof body !== 'object' || body === null) throw accident(path, `http-${status}`)
  if ('errcode' in body && typeof body.errcode === 'number') {
    return { errcode: body.errcode, errmsg: 'errmsg' in body ? String(body.errmsg) : '', body }
  }
  if (status !== 200) throw accident(path, `http-${status}`)
  return { errcode: 0, errmsg: 'ok', body }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

// Neither the address (it holds the token) nor the original error goes along: what is logged of it must stay harmless.
function accident(path: string, what: string): AppError {
  return new AppError('upstream', '没有得到企业微信的回答', { code: `wecom:${what}`, cause: new Error(`${path}: ${what}`) })
}

// Only where no connection was made is it sure that nothing was done.
function wayLost(error: unknown): 'timeout' | 'unreachable' | 'network' {
  if (!(error instanceof Error)) return 'network'
  if (error.name === 'TimeoutError') return 'timeout'
  const code = error.cause instanceof Error && 'code' in error.cause ? String(error.cause.code) : ''
  return ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'].includes(code) ? 'unreachable' : 'network'
}

import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { WecomError, errorText } from './errors.ts'
import type { Limiter } from './limits.ts'
import { isRecord, type Json } from './shape.ts'
import type { Tokens, Who } from './token.ts'
import { strikes, type Trouble } from './trouble.ts'
import type { ApiCall, Limits } from './types.ts'

export type Call = { query: Record<string, string>; body: Json; raw: Buffer; contentType: string; range: string; who: Who | 'nobody'; ip: string }

/** A file instead of JSON (media/get). */
export type Binary = { status: number; headers: Record<string, string>; data: Buffer }

function isBinary(result: Json | Binary): result is Binary {
  return Buffer.isBuffer(result['data'])
}

/** One address under /cgi-bin. `refuses` is the permission matrix: the code that this kind of token gets. */
export type Api = {
  method: 'GET' | 'POST'
  refuses?: { app?: number; contacts?: number }
  /** The body is not JSON (uploads). */
  rawBody?: boolean
  open?: boolean
  run(call: Call): Json | Binary | Promise<Json | Binary>
}
export type ApiTable = Record<string, Api>

export type ApiDeps = { apis: ApiTable; tokens: Tokens; trouble: Trouble; limiter: Limiter; limits: Limits; now: () => number; log(call: ApiCall): void }

const MINUTE = 60_000
const HOUR = 3600_000
/** Messages have limits of their own; codes prove themselves (§1.3). */
const UNCOUNTED = new Set(['message/send', 'auth/getuserinfo'])

/** The base frequency: per corporation and per address, each by the minute and by the hour. */
function checkFrequency({ limiter, limits }: ApiDeps, path: string, ip: string): void {
  if (UNCOUNTED.has(path)) return
  const windows = [
    [`corp minute ${path}`, limits.callsPerMinute, MINUTE], [`corp hour ${path}`, limits.callsPerHour, HOUR],
    [`ip minute ${ip} ${path}`, limits.callsPerMinuteOfAddress, MINUTE], [`ip hour ${ip} ${path}`, limits.callsPerHourOfAddress, HOUR],
  ] as const
  for (const [key, max, window] of windows) if (!limiter.pass(key, max, window, window)) throw new WecomError(45009)
}

function plainQuery(query: unknown): Record<string, string> {
  if (!isRecord(query)) return {}
  return Object.fromEntries(Object.entries(query).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])))
}

function jsonBody(api: Api, raw: Buffer): Json {
  if (api.rawBody || api.method === 'GET') return {}
  try {
    const body: unknown = JSON.parse(raw.toString('utf8'))
    if (isRecord(body)) return body
  } catch { /* answered below, with the platform's words */ }
  throw new WecomError(40058, 'Warning: wrong json format')
}

function meetTrouble(deps: ApiDeps, api: Api): void {
  const { trouble, tokens } = deps
  if (trouble.expireToken && !api.open) {
    trouble.expireToken = false
    tokens.spoil('expired')
  }
  if (trouble.revokeToken && !api.open) {
    trouble.revokeToken = false
    tokens.spoil('revoked')
  }
  if (strikes(trouble, 'untrustedIp')) throw new WecomError(60020)
  if (strikes(trouble, 'rateLimit')) throw new WecomError(45009)
  if (strikes(trouble, 'concurrent')) throw new WecomError(45033)
  if (strikes(trouble, 'busy')) throw new WecomError(-1)
}

/** Token, frequency, method, permission, JSON: the checks that stand before every call. */
async function answer(deps: ApiDeps, path: string, api: Api, request: FastifyRequest, seen: { who: string }): Promise<Json | Binary> {
  const struck = deps.trouble.onlyApi === '' || path.includes(deps.trouble.onlyApi)
  if (struck && deps.trouble.latencyMs > 0) await wait(deps.trouble.latencyMs)
  if (struck) meetTrouble(deps, api)
  const query = plainQuery(request.query)
  const who = api.open ? 'nobody' : deps.tokens.check(query['access_token'])
  seen.who = who
  checkFrequency(deps, path, request.ip)
  if (request.method !== api.method) throw new WecomError(40058, `${path} wants ${api.method}`)
  const refused = who === 'nobody' ? undefined : api.refuses?.[who]
  if (refused !== undefined) throw new WecomError(refused)
  const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  const contentType = request.headers['content-type'] ?? ''
  return api.run({ query, body: jsonBody(api, raw), raw, contentType, range: request.headers.range ?? '', who, ip: request.ip })
}

const under = new WeakMap<Limiter, Map<string, number>>()

/** One call more or less of an API under way; returns how many there are now. */
function count({ limiter }: ApiDeps, path: string, by: 1 | -1): number {
  const calls = under.get(limiter) ?? new Map<string, number>()
  under.set(limiter, calls)
  calls.set(path, (calls.get(path) ?? 0) + by)
  return calls.get(path) ?? 0
}

async function serve(deps: ApiDeps, path: string, api: Api, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const seen = { who: 'nobody' }
  const dropping = (): boolean => (deps.trouble.onlyApi === '' || path.includes(deps.trouble.onlyApi)) && strikes(deps.trouble, 'dropAnswer')
  try {
    if (count(deps, path, 1) > deps.limits.atOnce) throw new WecomError(45033)
    const result = await answer(deps, path, api, request, seen)
    deps.log({ at: deps.now(), path, who: seen.who, errcode: 0 })
    if (dropping()) return drop(request, reply)
    if (isBinary(result)) return reply.code(result.status).headers(result.headers).send(result.data)
    return reply.header('Error-Code', '0').header('Error-Msg', 'ok').send({ errcode: 0, errmsg: 'ok', ...result })
  } catch (error) {
    if (!(error instanceof WecomError)) throw error
    deps.log({ at: deps.now(), path, who: seen.who, errcode: error.errcode })
    reply.header('Error-Code', String(error.errcode)).header('Error-Msg', error.message.replace(/[^ -~]/g, '?'))
    return reply.send({ errcode: error.errcode, errmsg: errorText(error, request.ip, deps.now()), ...error.extra })
  } finally {
    count(deps, path, -1)
  }
}

function drop(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.hijack()
  request.raw.socket.destroy()
  return reply
}

/** Mounts the server API. Every answer is HTTP 200; the truth is errcode. */
export async function apiRoutes(app: FastifyInstance, deps: ApiDeps): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 24 * 1024 * 1024 }, (_request, body, done) => done(null, body))
  app.setErrorHandler((error: { code?: string }, _request, reply) => {
    if (error.code !== 'FST_ERR_CTP_BODY_TOO_LARGE') throw error
    return reply.send({ errcode: 40206, errmsg: 'request body too large' })
  })
  for (const [path, api] of Object.entries(deps.apis)) {
    app.route({ method: ['GET', 'POST'], url: `/cgi-bin/${path}`, handler: (request, reply) => serve(deps, path, api, request, reply) })
  }
}

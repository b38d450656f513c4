import { Agent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { createCookieJar, type CookieJar } from './cookies.ts'
import type { Phone } from './phone-book.ts'
import { framePolicy, pageRewriter, toPhone, type Names } from './rewrite.ts'

export const USER_AGENT = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) '
  + 'Mobile/15E148 wxwork/4.1.30 MicroMessenger/7.0.1 Language/zh ColorScheme/Light wwmver/3.26.13.714'

/** WeChat's own browser: as long as its owner is in no corporation. */
const WECHAT = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.60(0x18003c30) NetType/WIFI Language/zh_CN'

export type Phones = {
  /** Everything that is not the phone's own page goes to the hall, as the WeCom app on that phone would ask. */
  proxy(phone: Phone, request: IncomingMessage, response: ServerResponse): void
  /** Its browser knows nothing any more. */
  forget(phone: Phone): void
  clear(): void
  close(): void
}
type Deps = { hallOrigin: string; hallAddress: string; platform: () => string[]; now: () => number }

/** Not passed on: they belong to one hop, or the phone decides them itself. */
const hop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'host', 'cookie', 'accept-encoding', 'user-agent', 'te', 'trailer'])
const dropped = new Set([
  'connection', 'keep-alive', 'transfer-encoding', 'set-cookie', 'x-frame-options', 'content-security-policy', 'content-security-policy-report-only',
  'strict-transport-security', 'cross-origin-opener-policy', 'cross-origin-resource-policy', 'clear-site-data', 'origin-agent-cluster',
])

function toHall(value: string | undefined, phone: string, hall: string): string | undefined {
  return value?.startsWith(phone) ? hall + value.slice(phone.length) : value
}

function forwardHeaders(headers: IncomingHttpHeaders, { origin: phone, member }: Phone, hallOrigin: string, cookie: string): OutgoingHttpHeaders {
  const kept: OutgoingHttpHeaders = {}
  for (const [name, value] of Object.entries(headers)) if (!hop.has(name)) kept[name] = value
  if (headers.origin !== undefined) kept['origin'] = toHall(headers.origin, phone, hallOrigin)
  if (headers.referer !== undefined) kept['referer'] = toHall(headers.referer, phone, hallOrigin)
  kept['host'] = new URL(hallOrigin).host
  kept['user-agent'] = member ? USER_AGENT : WECHAT
  // Pages are rewritten on their way, so they must not arrive compressed.
  kept['accept-encoding'] = 'identity'
  if (cookie !== '') kept['cookie'] = cookie
  return kept
}

function answerHeaders(headers: IncomingHttpHeaders, names: Names): OutgoingHttpHeaders {
  const kept: OutgoingHttpHeaders = {}
  for (const [name, value] of Object.entries(headers)) if (!dropped.has(name)) kept[name] = value
  if (headers.location !== undefined) kept['location'] = toPhone(headers.location, names)
  const policy = headers['content-security-policy']
  if (typeof policy === 'string') kept['content-security-policy'] = framePolicy(policy, names)
  return kept
}

function isPage(headers: IncomingHttpHeaders): boolean {
  return headers['content-type']?.startsWith('text/html') === true && headers['content-encoding'] === undefined
}

function passOn(answer: IncomingMessage, response: ServerResponse, names: Names, method: string): void {
  const headers = answerHeaders(answer.headers, names)
  const rewritten = isPage(answer.headers) && method !== 'HEAD'
  if (rewritten) delete headers['content-length']
  response.writeHead(answer.statusCode ?? 502, headers)
  response.flushHeaders()
  answer.on('error', () => response.destroy())
  if (rewritten) answer.pipe(pageRewriter(names)).pipe(response)
  else answer.pipe(response)
}

function noAnswer(response: ServerResponse): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  response.writeHead(502, { 'content-type': 'text/html; charset=utf-8' })
  response.end('<!doctype html><html lang="zh-CN"><meta name="viewport" content="width=device-width"><title>无法打开网页</title>'
    + '<p>办事大厅没有回答。请稍后点右上角的刷新再试。</p></html>')
}

/** The in-app browsers of all phones: a reverse proxy with one cookie jar each. */
export function createPhones(deps: Deps): Phones {
  const jars = new Map<string, CookieJar>()
  const target = new URL(deps.hallAddress)
  const secure = target.protocol === 'https:'
  // A kept connection may be closed by the hall while a request is on its way; on loopback a new one costs nothing.
  const agent = secure ? undefined : new Agent({ keepAlive: false, maxSockets: 64 })

  function jarOf({ label }: Phone): CookieJar {
    const jar = jars.get(label) ?? createCookieJar(deps.now)
    jars.set(label, jar)
    return jar
  }

  return {
    proxy(phone, request, response) {
      const jar = jarOf(phone)
      const path = request.url ?? '/'
      const names: Names = { hall: [deps.hallOrigin, target.origin], platform: deps.platform(), phone: phone.origin }
      const headers = forwardHeaders(request.headers, phone, deps.hallOrigin, jar.header(path.split('?')[0] ?? '/'))
      const send = secure ? httpsRequest : httpRequest
      const upstream = send({ hostname: target.hostname, port: target.port || (secure ? 443 : 80), path, method: request.method, headers, agent })
      upstream.on('response', (answer) => {
        jar.keep(answer.headers['set-cookie'] ?? [], path.split('?')[0] ?? '/')
        if (answer.headers['clear-site-data']?.includes('cookies')) jar.clear()
        passOn(answer, response, names, request.method ?? 'GET')
      })
      upstream.on('error', () => noAnswer(response))
      response.on('close', () => upstream.destroy())
      request.pipe(upstream)
    },
    forget: (phone) => jarOf(phone).clear(),
    clear: () => jars.clear(),
    close: () => agent?.destroy(),
  }
}

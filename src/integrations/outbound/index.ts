import { lookup as systemLookup } from 'node:dns/promises'
import { request as requestHttp, type IncomingMessage } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { AppError } from '../../platform/errors.ts'
import { isPublic, networksOf } from './addresses.ts'

/** `body`: JSON; null where nothing is sent, as by GET. `timeLimit`: milliseconds for all of it, from the name to the last byte. `longest`: bytes of the answer. */
export type OutboundRequest = { origin: string; path: string; method: 'GET' | 'POST' | 'PUT' | 'PATCH'; headers: Readonly<Record<string, string>>; body: string | null; timeLimit: number; longest?: number }
export type OutboundAnswer = { status: number; body: string }

/** Calls a server that an administrator named. A redirect is an answer like any other: it is never followed. */
export type Outbound = {
  /** Throws `forbidden` where the address is not one to be called, `conflict` where the answer is too long, `upstream` where none came. */
  call(request: OutboundRequest, signal: AbortSignal): Promise<OutboundAnswer>
}

type Address = { address: string; family: number }
type Deps = {
  /** networks that may be called although they are not public, as 10.20.0.0/16 */
  networks: readonly string[]
  lookup?: (name: string) => Promise<Address[]>
}

/** Longer answers are nobody's receipt; who asks for data says how much. */
export const LONGEST_ANSWER = 64 * 1024

export function createOutbound({ networks, lookup = name => systemLookup(name, { all: true }) }: Deps): Outbound {
  const own = networksOf(networks)
  const isOwn = (address: string) => own.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  // Without encryption nothing leaves the school's own networks.
  const mayCall = (address: string, protocol: string) => isOwn(address) || (protocol === 'https:' && isPublic(address))

  /** The connection is made to what was resolved and judged here; nobody asks for the name again. */
  function guarded(protocol: string): LookupFunction {
    return (name, options, callback) => {
      lookup(name).then(all => {
        const [first, ...others] = all.filter(({ address }) => mayCall(address, protocol))
        if (!first) return callback(refused(), '', 0)
        return options.all ? callback(null, [first, ...others]) : callback(null, first.address, first.family)
      }, (error: Error) => callback(error, '', 0))
    }
  }

  return {
    async call({ origin, path, method, headers, body, timeLimit, longest = LONGEST_ANSWER }, signal) {
      const url = new URL(path, origin)
      if (url.origin !== origin) throw refused()
      const literal = url.hostname.replace(/^\[|\]$/g, '')
      // An address in place of a name is connected to without a look-up.
      if (isIP(literal) > 0 && !mayCall(literal, url.protocol)) throw refused()
      const limit = AbortSignal.any([signal, AbortSignal.timeout(timeLimit)])
      try {
        return await exchange(url, { method, headers: { ...headers, ...(body !== null && { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }) }, body, longest, signal: limit, lookup: guarded(url.protocol) })
      } catch (error) {
        throw translated(error, limit.aborted && !signal.aborted)
      }
    },
  }
}

function refused(): AppError {
  return new AppError('forbidden', '这个地址在内网或者是保留地址，不允许访问。确实要访问时，请在 CONNECTIONS_PRIVATE 里列出它', { code: 'address-refused' })
}

type Exchange = { method: string; headers: Record<string, string>; body: string | null; longest: number; signal: AbortSignal; lookup: LookupFunction }

async function exchange(url: URL, { body, longest, ...options }: Exchange): Promise<OutboundAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(url, { ...options, agent: false })
  request.on('response', resolve).on('error', reject).end(body ?? undefined)
  try {
    const answer = await promise
    return { status: answer.statusCode ?? 0, body: await textOf(answer, longest) }
  } finally {
    request.destroy()
  }
}

async function textOf(answer: IncomingMessage, longest: number): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of answer) {
    const bytes = Buffer.from(chunk)
    length += bytes.length
    if (length > longest) throw new AppError('conflict', '对方的应答超过 {kb} KB，没有读完', { params: { kb: longest / 1024 } })
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function translated(error: unknown, late: boolean): AppError {
  if (error instanceof AppError) return error
  if (late) return new AppError('upstream', '对方没有在时限内应答', { cause: error })
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
  return new AppError('upstream', '连接不上对方（{code}）', { cause: error, params: { code } })
}

import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest, Session } from 'fastify'
import { AppError } from '../../platform/errors.ts'

declare module 'fastify' {
  interface Session {
    /** what the tokens of its forms are made from */
    _csrf?: string
  }
  interface FastifyContextConfig {
    /** for a POST that changes nothing, such as checking a file */
    withoutToken?: boolean
  }
}

/** Lets through what only our own pages can have sent: a form carries a token of its session, in `_csrf` or the header `x-csrf-token`. */
export function formTokens(scope: FastifyInstance): void {
  scope.addHook('preHandler', (request, _reply, done) => {
    if (['GET', 'HEAD', 'OPTIONS'].includes(request.method) || request.routeOptions.config.withoutToken || isTokenOf(request.session, sentToken(request))) done()
    else done(new AppError('forbidden', '页面打开得太久了。请返回、刷新页面后再提交', { code: 'page-expired' }))
  })
}

const SECRET = /^[0-9a-f]{32}$/
const TOKEN = /^([0-9a-f]{32})([0-9a-f]{32})$/

/**
 * A token for a form of this session, which begins where there is none: its secret under a mask of this answer alone, so that
 * compression of pages gives nothing away. A hash in the mask's place costs a tenth of a page.
 */
export function tokenFor(session: Session): string {
  if (session._csrf === undefined || !SECRET.test(session._csrf)) session._csrf = randomBytes(16).toString('hex')
  const mask = randomUUID().replaceAll('-', '')
  return mask + masked(session._csrf, mask)
}

/** Twice with the same mask, it is the text again. */
function masked(hex: string, mask: string): string {
  return (BigInt(`0x${hex}`) ^ BigInt(`0x${mask}`)).toString(16).padStart(32, '0')
}

function isTokenOf({ _csrf: secret }: Session, sent: string): boolean {
  const [, mask, covered] = TOKEN.exec(sent) ?? []
  return secret !== undefined && SECRET.test(secret) && mask !== undefined && covered !== undefined && timingSafeEqual(Buffer.from(masked(covered, mask)), Buffer.from(secret))
}

function sentToken({ headers, body }: FastifyRequest): string {
  const header = headers['x-csrf-token']
  if (typeof header === 'string') return header
  return typeof body === 'object' && body !== null && '_csrf' in body && typeof body._csrf === 'string' ? body._csrf : ''
}

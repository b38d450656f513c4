import cookie from '@fastify/cookie'
import csrf from '@fastify/csrf-protection'
import formbody from '@fastify/formbody'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { setErrorHandler } from './errors.ts'
import { forms } from './multipart.ts'
import type { HttpDeps } from './server.ts'
import { sessions } from './session.ts'

const MINUTE = 60_000

/** What pages for people stand on: sessions, forms, CSRF tokens, limits. Called on the scope itself, so that its children inherit. */
export async function people(scope: FastifyInstance, deps: HttpDeps): Promise<void> {
  setErrorHandler(scope)
  await scope.register(cookie)
  sessions(scope, deps)
  // A campus may stand behind one address: strangers share a wide limit, a person has their own.
  await scope.register(rateLimit, {
    max: request => request.visitor ? 600 : 6000, timeWindow: MINUTE, ...(deps.redis && { redis: deps.redis }),
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    // Without Redis the limits rest, the hall does not.
    skipOnError: true,
    keyGenerator: request => request.visitor?.person_id ?? request.ip,
    errorResponseBuilder: (_request, { statusCode }) => Object.assign(new Error('too many requests'), { statusCode, code: 'FST_TOO_MANY_REQUESTS' }),
  })
  // Pages send forms and nothing else: no other parser, nothing to forge a body with that a form cannot say.
  scope.removeAllContentTypeParsers()
  await scope.register(formbody)
  await forms(scope)
  await scope.register(csrf, { sessionPlugin: '@fastify/session', getToken: tokenOf })
  scope.addHook('preHandler', (request, reply, done) => {
    if (['GET', 'HEAD', 'OPTIONS'].includes(request.method) || request.routeOptions.config.withoutToken) done()
    else scope.csrfProtection(request, reply, done)
  })
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** for a POST that changes nothing, such as checking a file */
    withoutToken?: boolean
  }
}

function tokenOf(request: FastifyRequest): string {
  const header = request.headers['x-csrf-token']
  if (typeof header === 'string') return header
  const { body } = request
  return typeof body === 'object' && body !== null && '_csrf' in body && typeof body._csrf === 'string' ? body._csrf : ''
}

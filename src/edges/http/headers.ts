import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'

declare module 'fastify' {
  interface FastifyReply {
    /** what a script in this page must carry to run; of this answer alone */
    nonce: string
  }
}

/** What every answer says to browsers: nothing of ours runs, frames, reads or is read elsewhere. `reply.nonce`. */
export function securityHeaders(app: FastifyInstance, { secure }: { secure: boolean }): void {
  const fixed = {
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'origin-agent-cluster': '?1',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-dns-prefetch-control': 'off',
    'x-download-options': 'noopen',
    'x-frame-options': 'DENY',
    'x-permitted-cross-domain-policies': 'none',
    // The filter of old browsers could be used against a page.
    'x-xss-protection': '0',
    ...(secure && { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }),
  }
  app.decorateReply('nonce', '')
  app.addHook('onRequest', (request, reply, done) => {
    reply.nonce = randomUUID()
    reply.headers({ ...fixed, 'content-security-policy': policyWith(reply.nonce), 'x-request-id': request.id })
    done()
  })
}

function policyWith(nonce: string): string {
  return `default-src 'none';script-src 'self' 'nonce-${nonce}';style-src 'self';img-src 'self' data: blob:;font-src 'self';connect-src 'self';`
    + "form-action 'self';base-uri 'none';frame-ancestors 'none';manifest-src 'self'"
}

import cookie from '@fastify/cookie'
import csrf from '@fastify/csrf-protection'
import formbody from '@fastify/formbody'
import multipart, { type Multipart } from '@fastify/multipart'
import rateLimit from '@fastify/rate-limit'
import session from '@fastify/session'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Upload } from '../../platform/web.ts'
import type { HttpDeps } from './server.ts'

const MINUTE = 60_000
const FILE_LIMIT = 20 * 1024 * 1024

/** What pages for people stand on: sessions, forms, CSRF tokens, limits. Called on the scope itself, so that its children inherit. */
export async function people(scope: FastifyInstance, { config, keyring, redis, sessionStore, visitorOf }: HttpDeps): Promise<void> {
  await scope.register(cookie)
  await scope.register(session, {
    secret: keyring.deriveAll('session').map(key => key.toString('base64url')),
    cookieName: 'hall', store: sessionStore, saveUninitialized: false, rolling: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: config.publicUrl.startsWith('https:'), path: '/', maxAge: 12 * 60 * MINUTE },
  })
  scope.addHook('onRequest', async request => { request.visitor = await visitorOf(request) })
  // A campus may stand behind one address: strangers share a wide limit, a person has their own.
  await scope.register(rateLimit, {
    max: request => request.visitor ? 600 : 6000, timeWindow: MINUTE, ...(redis && { redis }),
    keyGenerator: request => request.visitor?.person_id ?? request.ip,
  })
  await scope.register(formbody)
  await scope.register(multipart, {
    attachFieldsToBody: true, throwFileSizeLimit: false,
    limits: { fileSize: FILE_LIMIT, files: 10, fields: 300, fieldSize: 256 * 1024, parts: 310 },
  })
  scope.addHook('preValidation', plainMultipart)
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
  return typeof body === 'object' && body !== null && '_csrf' in body ? String(body._csrf) : ''
}

type Part = Multipart | Multipart[] | undefined

/** Multipart forms reach a route in the shape of other forms, files as Upload. */
async function plainMultipart(request: FastifyRequest): Promise<void> {
  if (!request.isMultipart()) return
  const body: Record<string, unknown> = {}
  for (const [name, part] of Object.entries(request.body as Record<string, Part>)) body[name] = await plain(part)
  request.body = body
}

async function plain(part: Part): Promise<unknown> {
  if (Array.isArray(part)) return Promise.all(part.map(plain))
  if (part?.type !== 'file') return part?.value
  const data = await part.toBuffer()
  return { filename: part.filename, mimetype: part.mimetype, data, truncated: part.file.truncated } satisfies Upload
}

import swagger from '@fastify/swagger'
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import { AppError } from '../../../platform/errors.ts'
import type { Deps } from '../deps.ts'
import { languageOf } from '../language.ts'
import { problemHandler } from '../problems.ts'
import { type Client, holds, readToken, sameHash } from '../rules.ts'
import { findClient, findToken } from '../store.ts'
import { validatorOf } from '../validation.ts'
import { admit } from '../verbs.ts'
import { descriptionOf, PROBLEM } from './description.ts'

/** Calls are small; the one that takes a file says so itself. */
const BODY_LIMIT = 64 * 1024

export type Described = { document: object | null }

/** /api/v1: the calls of every feature behind one door. `described` is filled when all are known. */
export function callRoutes(deps: Deps, described: Described): FastifyPluginAsync {
  return async app => {
    await app.register(async api => {
      api.decorateRequest('caller')
      api.setErrorHandler(problemHandler(deps.publicUrl))
      api.setNotFoundHandler(() => { throw new AppError('not-found', '这个地址没有内容。可能是链接不完整，或者内容已经移走') })
      bodiesOf(api)
      api.setValidatorCompiler<TSchema>(({ schema }) => validatorOf(schema))
      api.setSerializerCompiler(() => data => JSON.stringify(data))
      api.addHook('onRoute', ({ method, url, config }) => {
        if (config?.scope === undefined) throw new Error(`${String(method)} ${url} does not say which scope it asks`)
      })
      api.addHook('onRequest', door(deps))
      await api.register(swagger, descriptionOf(deps))
      api.addSchema({ $id: 'Problem', ...PROBLEM })
      for (const feature of deps.features()) if (feature.api) await api.register(feature.api.routes)
      api.addHook('onReady', async () => { described.document = api.swagger() })
    }, { prefix: '/api/v1' })
  }
}

/** JSON for what is said, PDF for a file that is looked at; nothing else is read. */
function bodiesOf(api: FastifyInstance): void {
  api.removeAllContentTypeParsers()
  api.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit: BODY_LIMIT }, api.getDefaultJsonParser('error', 'error'))
  api.addContentTypeParser('application/pdf', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, body, done) => done(null, body))
}

/** Before the body is read: whose token it is, whether it holds, what it allows, and how much of it is left. */
function door({ database, clock }: Deps) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    request.language = languageOf(request.headers['accept-language'])
    const client = await callerOf(request.headers.authorization)
    const { scope } = request.routeOptions.config
    if (!request.is404 && scope !== 'any' && !client.scopes.some(each => each === scope)) {
      throw new AppError('forbidden', '这个接口没有“{scope}”的权限', { code: 'scope-missing', params: { scope: scope ?? '' } })
    }
    const { limit, remaining, reset, admitted } = await database.write(tx => admit(tx, client, operationOf(request), idIn(request)))
    reply.headers({ 'ratelimit-limit': limit, 'ratelimit-remaining': remaining, 'ratelimit-reset': reset })
    if (!admitted) {
      reply.header('retry-after', reset)
      throw new AppError('conflict', '调用得太频繁，请在 {n} 秒以后再试', { code: 'too-many-requests', params: { n: reset } })
    }
    request.caller = client
  }

  /** One answer for everything that is not a good token: which part of it was wrong is nobody's business. */
  async function callerOf(authorization: string | undefined): Promise<Client> {
    const read = readToken(authorization)
    const token = read ? await findToken(database.db, read.id) : undefined
    const client = read && token && sameHash(token.hash, read.hash) ? await findClient(database.db, token.client_id) : undefined
    if (!token || !client || !holds(client, token, clock.now())) throw new AppError('forbidden', '令牌不对、已经过期或者已经停用。请在请求头里写上 Authorization: Bearer 和令牌', { code: 'unauthorized' })
    return client
  }
}

/** What the description calls it; never an address, which may hold anything. */
function operationOf({ routeOptions: { schema }, is404 }: FastifyRequest): string {
  return is404 ? 'unknown' : schema?.operationId ?? 'unnamed'
}

function idIn({ params }: FastifyRequest): string {
  const id: unknown = typeof params === 'object' && params !== null && 'id' in params ? params.id : ''
  return typeof id === 'string' && /^[0-9A-Z]{26}$/.test(id) ? id : ''
}

import type { FastifyPluginAsync } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { textIn } from '../../../platform/text.ts'
import type { Deps } from '../deps.ts'
import { languageOf } from '../language.ts'
import { docsPage, inWords } from '../pages/docs.ts'
import { PROBLEMS } from '../problems.ts'
import type { Described } from './calls.ts'

/** What there is to call, for anyone: a page to read and the OpenAPI description it is drawn from. */
export function docsRoutes({ features }: Pick<Deps, 'features'>, described: Described): FastifyPluginAsync {
  const document = () => {
    if (!described.document) throw new AppError('upstream', '系统正忙，请稍后再试')
    return described.document
  }
  const problems = () => Object.assign({}, PROBLEMS, ...features().map(({ api }) => api?.problems ?? {}))
  return async app => {
    app.get('/api/v1/openapi.json', async (request, reply) => {
      reply.headers({ 'access-control-allow-origin': '*', vary: 'accept-language' })
      return reply.send(inWords(document(), textIn(languageOf(request.headers['accept-language']))))
    })
    app.get('/api/v1/docs', async (request, reply) => reply.page('api/docs', docsPage(inWords(document(), request.t), problems(), request.t)))
  }
}

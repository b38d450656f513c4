import type { FastifyPluginAsync } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { docsPage } from '../pages/docs.ts'
import type { Described } from './calls.ts'

/** What there is to call, for anyone: a page to read and the OpenAPI description it is drawn from. */
export function docsRoutes(described: Described): FastifyPluginAsync {
  const document = () => {
    if (!described.document) throw new AppError('upstream', '系统正忙，请稍后再试')
    return described.document
  }
  return async app => {
    app.get('/api/v1/openapi.json', async (_request, reply) => reply.header('access-control-allow-origin', '*').send(document()))
    app.get('/api/v1/docs', async (request, reply) => reply.page('api/docs', docsPage(document(), request.t)))
  }
}

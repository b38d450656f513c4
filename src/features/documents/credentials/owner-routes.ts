import type { FastifyPluginAsync } from 'fastify'
import type { Database } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { canGiveAway } from '../rules.ts'
import { getDocument } from '../store.ts'
import type { Credentials } from './sign.ts'
import { enveloped } from './sign.ts'

type Deps = { database: Pick<Database, 'db'>; credentials: Credentials }

/** The owner takes the credential along: as a JWT, which wallets read, or as JSON-LD around it. Nobody else does. */
export function ownerCredentialRoutes({ database, credentials }: Deps): FastifyPluginAsync {
  return async app => {
    app.get<{ Params: { id: string }; Querystring: { form?: string } }>('/documents/:id/credential', async (request, reply) => {
      const document = await getDocument(database.db, request.params.id)
      if (!canGiveAway(request.person, document) || document.record_of !== null) throw new AppError('not-found', '没有找到这份文件')
      const jwt = await credentials.jwtOf(document)
      const asLd = request.query.form === 'jsonld'
      return reply.type(asLd ? 'application/ld+json' : 'application/vc+jwt')
        .header('content-disposition', `attachment; filename="${document.number}.${asLd ? 'jsonld' : 'jwt'}"`)
        .send(asLd ? JSON.stringify(enveloped(jwt), null, 2) : jwt)
    })
  }
}

import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Db } from '../../platform/db.ts'
import { messagesPage } from './pages.ts'
import { listByMessages } from './store/deliveries.ts'
import { listMessages } from './store/messages.ts'

const PAGE = 20
const Query = Type.Object({ before: Type.Optional(Type.String({ pattern: '^[0-9A-HJKMNP-TV-Z]{26}$' })) })

/** Every message shown to the person, newest first, and whether it arrived. */
export function messageRoutes(db: Db): FastifyPluginAsync {
  return async app => {
    app.get<{ Querystring: Static<typeof Query> }>('/messages', { schema: { querystring: Query } }, async (request, reply) => {
      const found = await listMessages(db, request.person.person_id, { before: request.query.before, limit: PAGE + 1 })
      const messages = found.slice(0, PAGE)
      const deliveries = await listByMessages(db, messages.map(message => message.id))
      return reply.page('messages/list', messagesPage(messages, deliveries, found.length > PAGE, request.t))
    })
  }
}

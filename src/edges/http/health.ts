import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import type { HttpDeps } from './server.ts'

/** For the machine that watches us: alive, and ready (the database answers). */
export async function healthRoutes(app: FastifyInstance, { database }: HttpDeps): Promise<void> {
  app.get('/healthz', { logLevel: 'warn' }, async () => ({ status: 'ok' }))
  app.get('/readyz', { logLevel: 'warn' }, async (request, reply) => {
    try {
      await sql`select 1`.execute(database.db)
      return { status: 'ready' }
    } catch (error) {
      request.log.warn({ err: error }, 'not ready')
      return reply.code(503).send({ status: 'database does not answer' })
    }
  })
}

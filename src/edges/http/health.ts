import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import type { HttpDeps } from './server.ts'

/** ms that who watches us may be kept waiting by the place of the files */
const PATIENCE = 1000

/** For the machine that watches us: alive, and ready (the database answers). Without the place of the files most pages work: it is told, and is no reason to be taken out. */
export async function healthRoutes(app: FastifyInstance, { database, faultOfFiles }: HttpDeps): Promise<void> {
  app.get('/healthz', { logLevel: 'warn' }, async () => ({ status: 'ok' }))
  app.get('/readyz', { logLevel: 'warn' }, async (request, reply) => {
    try {
      await sql`select 1`.execute(database.db)
    } catch (error) {
      request.log.warn({ err: error }, 'not ready')
      return reply.code(503).send({ status: 'database does not answer' })
    }
    const fault = await Promise.race([faultOfFiles(), pause(PATIENCE, { why: 'away' }, { ref: false })])
    return { status: 'ready', files: fault?.why ?? 'ok' }
  })
}

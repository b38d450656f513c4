import type { FastifyInstance } from 'fastify'
import type { Context } from '../deps.ts'
import { guidePage } from '../pages/service.ts'
import { canApply } from '../rules/application.ts'
import { dueAt } from '../rules/standing.ts'
import { draftsOf, listApplications } from '../store/applications.ts'

const MINE = 5

/** 办事指南 of one service. The list of all is the hall's. */
export async function serviceRoutes(app: FastifyInstance, { context }: { context: Context }): Promise<void> {
  const { catalogue, clock, workingTime, database: { db } } = context

  app.get<{ Params: { key: string } }>('/services/:key', async (request, reply) => {
    const { person, t } = request
    const service = catalogue.get(request.params.key)
    const draft = (await draftsOf(db, person.person_id)).find(line => line.service_key === service.key)
    const sent = await listApplications(db, { person_id: person.person_id, service_key: service.key, limit: MINE })
    const mayApply = canApply(service.definition.audience, person.standing)
    return reply.page('services/guide', { ...guidePage(t, service, { draft, sent, mayApply, due: dueAt(workingTime, service.definition.guide.promise, clock.now()) }), styles: ['css/pages/services.css'] })
  })
}

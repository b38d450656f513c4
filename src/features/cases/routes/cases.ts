import type { FastifyPluginAsync } from 'fastify'
import { jobsFor } from '../../../platform/job-register.ts'
import { can } from '../../../platform/rights.ts'
import type { Deps } from '../deps.ts'
import { caseFilters } from '../listing.ts'
import { casePage } from '../pages/case.ts'
import { listPage, type Query } from '../pages/list.ts'
import { type ById, caseInReach, servicesOf } from './reach.ts'

const JOBS_SHOWN = 20

/** The search over everything that was sent, and one application with all that is behind it. */
export function caseRoutes(deps: Deps): FastifyPluginAsync {
  const { approvals, clock, database: { db }, services } = deps

  return async app => {
    app.get<{ Querystring: Query }>('/applications', async (request, reply) => {
      const { query, t, person } = request
      const reach = await servicesOf(deps, request)
      const titles = services.titles().filter(({ key }) => !reach || reach.includes(key))
      const wanted = query.service ? titles.filter(({ key }) => key === query.service).map(({ key }) => key) : reach
      const rows = await services.findCases(db, await caseFilters(deps, db, query, wanted))
      const places = Map.groupBy(await approvals.placesOf(db, rows.flatMap(row => row.instance_id ?? [])), place => place.instance_id)
      return reply.console('cases/list', listPage({ rows, places, query, services: titles, mayMove: can(person, 'cases.override'), t, now: clock.now() }))
    })

    app.get<ById>('/applications/:id', async (request, reply) => {
      const { t, person: viewer } = request
      const { id, instance_id } = await caseInReach(deps, request)
      const [found, interventions, calls] = [await services.caseOf(db, t, id), instance_id === null ? null : await approvals.interventionsOf(db, instance_id), instance_id === null ? [] : await approvals.callsOf(db, instance_id)]
      const words = { jobTitle: (name: string) => t(deps.jobTitle(name)), whyText: approvals.whyText }
      return reply.console('cases/case', casePage(words, { found, interventions, calls, jobs: await jobsFor(db, id, JOBS_SHOWN), viewer, t, now: clock.now() }))
    })
  }
}

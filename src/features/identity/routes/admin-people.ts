import type { FastifyPluginAsync } from 'fastify'
import { fits } from '../../../platform/schema.ts'
import type { Context } from '../deps.ts'
import { type Filter, peoplePage } from '../pages/people.ts'
import { unitsInReach } from '../reach.ts'
import { downwards } from '../rules/roles.ts'
import { IdParam, PeopleQuery } from '../schema.ts'
import { searchPeople } from '../store/search.ts'
import { listUnits } from '../store/units.ts'
import { type ById, showPerson } from './show-person.ts'

/** The people of the university, for who may look them up. */
export function peopleRoutes(context: Context): FastifyPluginAsync {
  const { database: { db }, clock } = context
  return async app => {
    app.get('/people', async (request, reply) => {
      const query: Filter = fits<Filter>(PeopleQuery, request.query) ? request.query : {}
      const units = await listUnits(db)
      const byId = new Map(units.map(unit => [unit.id, unit]))
      const kind = query.kind === 'student' || query.kind === 'staff' ? query.kind : undefined
      const asked = query.unit && byId.has(query.unit) ? downwards(byId, query.unit) : undefined
      const reach = await unitsInReach(db, clock, request.person.person_id, 'people.read')
      const unit_ids = reach ? reach.filter(unit => !asked || asked.includes(unit)) : asked
      const found = await searchPeople(db, { q: query.q, kind, unit_ids, after: query.after })
      return await reply.console('identity/people', peoplePage({ t: request.t, person: request.person, found, units: reach ? units.filter(({ id }) => reach.includes(id)) : units, query }))
    })

    app.get<ById>('/people/:id', { schema: { params: IdParam } }, async (request, reply) => await showPerson(context, request, reply, request.params.id))
  }
}

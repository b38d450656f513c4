import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { dayOf, readPeriod } from '../../../platform/periods.ts'
import { can } from '../../../platform/rights.ts'
import type { Deps } from '../deps.ts'
import { AGES, ASKED, statisticsPage } from '../pages/statistics.ts'
import { readFigures } from '../verbs/figures.ts'
import { servicesOf } from './reach.ts'
import { fieldIn } from './requests.ts'

/** 办理统计: for a period and a service, of the services that the reader looks after; persons for those alone whose right reaches them. */
export function statisticsRoutes(deps: Deps): FastifyPluginAsync {
  const { clock, database: { db }, identity, services } = deps

  /** The services of whose people the reader may see figures; null: all, undefined: none. */
  async function peopleOf({ person }: FastifyRequest): Promise<readonly string[] | null | undefined> {
    return can(person, 'cases.people') ? services.ownedWithin(db, await identity.reachOf(db, person.person_id, 'cases.people')) : undefined
  }

  return async app => {
    app.get('/statistics', async (request, reply) => {
      const { t, query } = request
      const now = clock.now()
      const typed = Object.fromEntries(ASKED.map(name => [name, fieldIn(query, name)]))
      const asked = { ...readPeriod(typed, dayOf(now)), service: typed['service'] ?? '' }
      const own = await servicesOf(deps, request)
      const titles = services.titles().filter(({ key }) => !own || own.includes(key))
      const chosen = asked.service === '' ? own : titles.filter(({ key }) => key === asked.service).map(({ key }) => key)
      const ofPeople = await peopleOf(request)
      const figures = await readFigures(deps, db, { ...asked.period, services: chosen, people: ofPeople !== undefined })
      const people = figures.rows.filter(row => row.figure === 'person' && (ofPeople === null || ofPeople?.includes(row.service_key)))
      const names = new Map((await identity.peopleByIds(db, [...new Set(people.map(row => row.about))])).map(({ id, name, unit_name }) => [id, { name, unit_name }]))
      const backlog = await services.backlogOf(db, { services: chosen, now, ages: AGES.map(({ ms }) => ms) })
      return reply.code(asked.fault ? 422 : 200).console('cases/statistics', statisticsPage({ t, asked, titles, figures, people: ofPeople === undefined ? null : { rows: people, names }, backlog }))
    })
  }
}

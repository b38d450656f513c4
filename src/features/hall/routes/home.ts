import type { FastifyInstance } from 'fastify'
import type { Context } from '../deps.ts'
import { foundPage } from '../pages/found.ts'
import { homePage } from '../pages/home.ts'
import { readFilter } from '../rules/filter.ts'
import { shelfOf } from '../shelf.ts'
import { readerOf } from '../store/readers.ts'

/** The first page: three queries, each of a few rows by an index; everything else is in memory. */
export async function homeRoutes(app: FastifyInstance, { context: { database: { db }, clock, approvals, services, board } }: { context: Context }): Promise<void> {
  app.get<{ Querystring: Record<string, unknown> }>('/', async (request, reply) => {
    const { t, person } = request
    const [todo, { drafts, sent }, reader] = await Promise.all([approvals.todoOf(db, person.person_id), services.latestOf(db, person.person_id), readerOf(db, person.person_id)])
    const shared = await board(db, reader.revision)
    const shelf = shelfOf(services.all(t, person.standing), shared.synonyms)
    const filter = readFilter(request.query)
    const stops = filter.q === '' ? new Map<string, string>() : await services.stopsOf(db, t, person)
    return reply.page('hall/home', {
      title: t('一站式网上办事大厅'), styles: ['css/pages/hall.css'], wide: true, q: filter.q, found: foundPage(t, shelf, { ...filter, category: '' }, stops),
      ...homePage(t, { person, language: request.language, now: clock.now(), board: shared, reader, shelf, todo, drafts, sent }),
    })
  })
}

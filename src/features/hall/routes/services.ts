import type { FastifyInstance } from 'fastify'
import type { Context } from '../deps.ts'
import { foundPage } from '../pages/found.ts'
import { servicesPage } from '../pages/services.ts'
import { filterPath, readFilter } from '../rules/filter.ts'
import { shelfOf } from '../shelf.ts'
import { readerOf } from '../store/readers.ts'

/** 我的服务, and the page of one service. */
export async function serviceRoutes(app: FastifyInstance, { context: { database: { db }, services, board } }: { context: Context }): Promise<void> {
  app.get<{ Querystring: Record<string, unknown> }>('/services', async (request, reply) => {
    const { t, person } = request
    const reader = await readerOf(db, person.person_id)
    const shelf = shelfOf(services.all(t, person.standing), (await board(db, reader.revision)).synonyms)
    const filter = readFilter(request.query)
    const stops = await services.stopsOf(db, t, person)
    return reply.page('hall/services', {
      title: t('我的服务'), styles: ['css/pages/hall.css'], q: filter.q, from: filterPath(filter), starred: reader.favourites,
      hidden: { ...(filter.scope !== 'mine' && { for: filter.scope }), ...(filter.category && { category: filter.category }) },
      found: foundPage(t, shelf, filter, stops), ...servicesPage(t, shelf, filter, stops),
    })
  })

  app.get<{ Params: { key: string } }>('/services/:key', async (request, reply) => {
    const { t, person, params: { key } } = request
    const guide = await services.guideOf(db, t, person, key)
    const { favourites } = await readerOf(db, person.person_id)
    return reply.page('services/guide', { ...guide, starred: favourites.includes(key), styles: ['css/pages/services.css'] })
  })
}

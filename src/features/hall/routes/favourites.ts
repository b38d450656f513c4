import type { FastifyInstance } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import type { Context } from '../deps.ts'
import { favouritesPage } from '../pages/favourites.ts'
import { shelfOf } from '../shelf.ts'
import { readerOf } from '../store/readers.ts'
import { backIn, textIn } from './requests.ts'

/** The reader's own shelf: put on, taken off with a way back, put in order. */
export async function favouriteRoutes(app: FastifyInstance, { context }: { context: Context }): Promise<void> {
  const { database: { db, write }, services, board, verbs } = context

  app.get('/favourites', async (request, reply) => {
    const { t, person } = request
    const reader = await readerOf(db, person.person_id)
    const shelf = shelfOf(services.all(t, person.standing), (await board(db, reader.revision)).synonyms)
    return reply.page('hall/favourites', { ...favouritesPage(t, reader.favourites, shelf), styles: ['css/pages/hall.css'] })
  })

  app.post('/favourites', async ({ t, person, body, session }, reply) => {
    const { key, title } = offered(t, person.standing, textIn(body, 'key'))
    const at = Number.parseInt(textIn(body, 'at'), 10)
    await write(tx => verbs.addFavourite(tx, person.person_id, key, at >= 0 ? at : undefined))
    session.flash = { meaning: 'done', text: t('已收藏“{title}”，首页上就能找到', { title }) }
    return reply.redirect(backIn(body), 303)
  })

  app.post('/favourites/removal', async ({ t, person, body, session }, reply) => {
    const { key, title } = offered(t, person.standing, textIn(body, 'key'))
    const [at, from] = [await write(tx => verbs.removeFavourite(tx, person.person_id, key)), backIn(body)]
    if (at >= 0) session.flash = { meaning: 'info', text: t('已取消收藏“{title}”', { title }), undo: { action: '/favourites', fields: { key, at: String(at), from } } }
    return reply.redirect(from, 303)
  })

  app.post('/favourites/place', async ({ t, person, body }, reply) => {
    const up = textIn(body, 'up')
    const { key } = offered(t, person.standing, up || textIn(body, 'down'))
    await write(tx => verbs.moveFavourite(tx, person.person_id, key, up === '' ? 1 : -1))
    return reply.redirect('/favourites', 303)
  })

  function offered(t: Parameters<typeof services.all>[0], standing: string, key: string) {
    const service = services.all(t, standing).find(each => each.key === key)
    if (!service) throw new AppError('not-found', '没有这项服务。可能是链接不完整，或者服务已经下线')
    return service
  }
}

import type { FastifyInstance } from 'fastify'
import type { T } from '../../platform/text.ts'
import { applicationCell, type Findable } from '../services/index.ts'
import type { HallDeps } from './index.ts'
import { categoriesOf, draftCell, greeting, searchPage, servicesPage, todoCard } from './pages.ts'
import { type Index, indexOf, search } from './rules/search.ts'

type Searching = { Querystring: { q?: string; category?: string } }

/** Home, and 我的服务. */
export async function hallRoutes(app: FastifyInstance, { database: { db }, clock, approvals, services }: HallDeps): Promise<void> {
  const styles = ['css/pages/hall.css']

  app.get<Searching>('/', async (request, reply) => {
    const { t, person } = request
    const { own, categories, index } = shelfOf(t, services.all(t, person.standing))
    const q = textOf(request.query.q)
    const [todo, { drafts, sent }] = await Promise.all([approvals.todoOf(db, person.person_id), services.latestOf(db, person.person_id)])
    return reply.page('hall/home', {
      title: t('一站式网上办事大厅'), styles, wide: true, hello: greeting(t, person, clock.now()), q, found: searchPage(t, q, search(index, q)),
      counts: { todo: todo.count }, todo: todoCard(t, todo), services: own, categories,
      drafts: drafts.map(line => draftCell(t, line)),
      recent: sent.map(line => applicationCell(t, line)),
    })
  })

  app.get<Searching>('/services', async (request, reply) => {
    const { t, person } = request
    const all = services.all(t, person.standing)
    const q = textOf(request.query.q)
    return reply.page('hall/services', {
      title: t('我的服务'), styles, q, found: searchPage(t, q, search(shelfOf(t, all).index, q)),
      ...servicesPage(t, all, textOf(request.query.category)),
    })
  })
}

type Shelf = { own: readonly Findable[]; categories: ReturnType<typeof categoriesOf>; index: Index<Findable> }

// A list stays for as long as its services do; what is made of it stays with it.
const shelves = new WeakMap<readonly Findable[], Shelf>()

function shelfOf(t: T, all: readonly Findable[]): Shelf {
  const known = shelves.get(all)
  if (known) return known
  const index = indexOf(all.map(item => ({ item, words: [...item.words, item.category, item.summary] })))
  const shelf = { own: all.filter(service => service.own), categories: categoriesOf(t, all), index }
  shelves.set(all, shelf)
  return shelf
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim().slice(0, 60) : ''
}

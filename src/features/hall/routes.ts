import type { FastifyInstance } from 'fastify'
import type { Language } from '../../platform/text.ts'
import { applicationCell, type Findable } from '../services/index.ts'
import type { HallDeps } from './index.ts'
import { categoriesOf, draftCell, greeting, searchPage, servicesPage, todoCard } from './pages.ts'
import { type Index, indexOf, search } from './rules/search.ts'

const RECENT = 3

type Searching = { Querystring: { q?: string; category?: string } }

/** Home, and 我的服务. */
export async function hallRoutes(app: FastifyInstance, { database: { db }, clock, approvals, services }: HallDeps): Promise<void> {
  const indexes = new Map<string, Index<Findable>>()
  const styles = ['css/pages/hall.css']

  app.get<Searching>('/', async (request, reply) => {
    const { t, person } = request
    const all = services.all(t, person.standing)
    const q = textOf(request.query.q)
    const { person_id } = person
    const [todo, sent, drafts] = await Promise.all([
      approvals.openCountOf(db, person_id), services.listApplications(db, { person_id, limit: RECENT }), services.draftsOf(db, person_id),
    ])
    return reply.page('hall/home', {
      title: t('一站式网上办事大厅'), styles, wide: true, hello: greeting(t, person, clock.now()), q, found: searchPage(t, q, find(all, request.language, person.kind, q)),
      counts: { todo }, todo: todoCard(t, todo, todo > 0 ? await approvals.openTasksOf(db, person_id, { limit: RECENT }) : []),
      services: all.filter(service => service.own), categories: categoriesOf(t, all),
      drafts: drafts.map(line => draftCell(t, line)),
      recent: sent.map(line => applicationCell(t, line)),
    })
  })

  app.get<Searching>('/services', async (request, reply) => {
    const { t, person } = request
    const all = services.all(t, person.standing)
    const q = textOf(request.query.q)
    return reply.page('hall/services', {
      title: t('我的服务'), styles, q, found: searchPage(t, q, find(all, request.language, person.kind, q)),
      ...servicesPage(t, all, textOf(request.query.category)),
    })
  })

  function find(all: readonly Findable[], language: Language, kind: string, q: string): Findable[] {
    const key = `${language}:${kind}`
    const index = indexes.get(key) ?? indexOf(all.map(item => ({ item, words: [...item.words, item.category, item.summary] })))
    indexes.set(key, index)
    return search(index, q)
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim().slice(0, 60) : ''
}

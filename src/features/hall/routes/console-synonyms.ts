import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import type { Context } from '../deps.ts'
import { synonymsForm, synonymsPage } from '../pages/synonyms.ts'
import { readFilter } from '../rules/filter.ts'
import { search } from '../rules/search.ts'
import { shelfOf } from '../shelf.ts'
import { synonymsOf } from '../store/board.ts'
import { readerOf } from '../store/readers.ts'
import { done, faultsOf, textIn } from './requests.ts'

type ByKey = { Params: { key: string } }
const EVERYTHING = 100_000

/** The console's desk for the words by which services are found. */
export function synonymConsole({ database: { db, write }, services, board, verbs }: Context): FastifyPluginAsync {
  const allOf = ({ t, person }: FastifyRequest) => services.all(t, person.standing)

  function get(request: FastifyRequest<ByKey>) {
    const service = allOf(request).find(({ key }) => key === request.params.key)
    if (!service) throw new AppError('not-found', '没有这项服务。可能是链接不完整，或者服务已经下线')
    return service
  }

  const form = (request: FastifyRequest<ByKey>, reply: FastifyReply, typed: string, faults?: Record<string, string>) =>
    reply.console('hall/synonym-form', synonymsForm(request.t, { service: get(request), typed, ...(faults && { faults }) }))

  return async app => {
    app.get<{ Querystring: Record<string, unknown> }>('/synonyms', async (request, reply) => {
      const { q } = readFilter(request.query)
      const { revision } = await readerOf(db, request.person.person_id)
      const { synonyms } = await board(db, revision)
      const shelf = shelfOf(allOf(request), synonyms)
      return reply.console('hall/synonym-list', synonymsPage(request.t, q === '' ? shelf.all : search(shelf.index, q, EVERYTHING).hits.map(hit => hit.item), synonyms, { q }))
    })

    app.get<ByKey>('/synonyms/:key', async (request, reply) => form(request, reply, (await synonymsOf(db, request.params.key)).join('\n')))

    app.post<ByKey>('/synonyms/:key', async (request, reply) => {
      const { key, words: known } = get(request)
      const typed = textIn(request.body, 'words').replaceAll('\r\n', '\n')
      try {
        await write(tx => verbs.setSynonyms(tx, request.actor, { key, known, typed }))
      } catch (error) {
        return form(request, reply.code(422), typed, faultsOf(error))
      }
      return done(request, reply, '搜索词已保存，马上可以搜到', '/admin/synonyms')
    })
  }
}

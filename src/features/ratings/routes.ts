import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../platform/errors.ts'
import { fits } from '../../platform/schema.ts'
import type { Deps } from './index.ts'
import { ratingPage } from './pages.ts'
import { type Asked, whyNotRate } from './rules.ts'
import { RatingForm, type RatingWords } from './schema.ts'
import { followUpOfRating, ratingOf } from './store.ts'
import type { Verbs } from './verbs.ts'

type ById = { Params: { id: string }; Querystring: { step?: string } }

/** 评价 of an application by who applied. */
export function routes({ database, clock, services, verbs }: Deps & { verbs: Verbs }): FastifyPluginAsync {
  const { db } = database

  async function show(request: FastifyRequest<ById>, reply: FastifyReply, typed?: Asked, errors: Record<string, string> = {}): Promise<FastifyReply> {
    const { id } = request.params
    const application = await services.applicationById(db, id)
    if (application.person_id !== request.person.person_id) throw new AppError('forbidden', '只有申请人可以评价')
    const rating = await ratingOf(db, id)
    const followUp = rating && await followUpOfRating(db, rating.id)
    const why = whyNotRate(application, rating, request.person, clock.now())
    return reply.page('ratings/rating', ratingPage(request.t, { application, rating, followUp, why, typed, errors, suggested: request.query.step }))
  }

  return async app => {
    app.get<ById>('/applications/:id/rating', async (request, reply) => show(request, reply))

    app.post<ById>('/applications/:id/rating', async (request, reply) => {
      const { id } = request.params
      const asked = readAsked(request.body)
      try {
        await database.write(tx => verbs.rate(tx, request.actor, id, asked))
      } catch (error) {
        if (error instanceof AppError && error.kind === 'invalid') return show(request, reply.code(422), asked, error.fields)
        if (error instanceof AppError && error.kind === 'conflict') return show(request, reply.code(409), asked, { step: error.message })
        throw error
      }
      request.session.flash = { meaning: 'done', text: request.t('谢谢，评价已收到') }
      return reply.redirect(`/applications/${id}`, 303)
    })
  }
}

function readAsked(body: unknown): Asked {
  const { step = '', aspects = [], words = '' } = fits<RatingWords>(RatingForm, body) ? body : {}
  return { step, aspects: [aspects].flat(), words: words.replaceAll('\r\n', '\n').trim() }
}

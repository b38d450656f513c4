import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import { beginSession } from '../begin-session.ts'
import type { Context } from '../deps.ts'
import { identitiesPage } from '../pages/identities.ts'
import { NumberForm } from '../schema.ts'
import { bindingsOf } from '../store/bindings.ts'
import { numbersOf } from '../store/people.ts'
import { signIn } from '../verbs/sign-in.ts'

/** 切换身份: under which of one's numbers one acts. Applications and tasks are the person's under each of them. */
export function identityRoutes(context: Context): FastifyPluginAsync {
  const { database: { db, write }, clock } = context

  async function show(request: FastifyRequest, reply: FastifyReply, problem?: string): Promise<FastifyReply> {
    const { person_id } = request.person
    return await reply.page('identity/identities', identitiesPage(request.t, { person: request.person, numbers: await numbersOf(db, person_id), bindings: await bindingsOf(db, person_id), problem }))
  }

  return async app => {
    app.get('/account/identity', async (request, reply) => await show(request, reply))

    app.post('/account/identity', async (request, reply) => {
      const { number = '' } = fits<{ number?: string }>(NumberForm, request.body) ? request.body : {}
      const { person, session } = request
      if (!(await numbersOf(db, person.person_id)).some(each => each.number === number)) throw new AppError('forbidden', '这不是你的学工号')
      if (number === person.number) return reply.redirect('/', 303)
      try {
        const visit = context.visitOf(request)
        const next = await write(tx => signIn(tx, { number, way: session.signed_in?.way ?? 'campus', visit }))
        const { campus } = session
        await beginSession(request, next, visit, clock.now(), false)
        if (campus) request.session.campus = campus
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== 'forbidden') throw error
        return await show(request, reply.code(403), request.t(error.message, error.params))
      }
      request.session.flash = { meaning: 'done', text: request.t('现在的身份是 {number}', { number }) }
      return reply.header('clear-site-data', '"cache"').redirect('/', 303)
    })
  }
}

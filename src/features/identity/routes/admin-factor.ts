import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import type { Context } from '../deps.ts'
import { resetQuestion } from '../pages/factor.ts'
import { EndForm, IdParam } from '../schema.ts'
import { personById } from '../store/people.ts'
import { resetFactor } from '../verbs/factor.ts'
import type { ById } from './show-person.ts'

/** Putting away the second factor of somebody who lost the phone, after checking that it is them. */
export function factorResetRoutes({ database: { db, write } }: Context): FastifyPluginAsync {
  async function ask(request: FastifyRequest, reply: FastifyReply, id: string, reason = '', error?: string): Promise<FastifyReply> {
    const person = await personById(db, id)
    if (!person) throw new AppError('not-found', '没有找到这个人')
    return await reply.console('identity/confirm', resetQuestion({ t: request.t, person, reason, error }))
  }

  return async app => {
    app.get<ById>('/people/:id/factor-reset', { schema: { params: IdParam } }, async (request, reply) => await ask(request, reply, request.params.id))

    app.post<ById>('/people/:id/factor-reset', { schema: { params: IdParam } }, async (request, reply) => {
      const { id } = request.params
      const { reason = '' } = fits<{ reason?: string }>(EndForm, request.body) ? request.body : {}
      try {
        await write(tx => resetFactor(tx, request.actor, { person_id: id, reason }))
      } catch (error) {
        const fault = error instanceof AppError ? error.fields?.['reason'] : undefined
        if (fault === undefined) throw error
        return await ask(request, reply.code(422), id, reason, request.t(fault))
      }
      request.session.flash = { meaning: 'done', text: request.t('二次验证已重置，这个人在所有设备上的登录都已结束，下次进入管理后台时重新设置') }
      return reply.redirect(`/admin/people/${id}`, 303)
    })
  }
}

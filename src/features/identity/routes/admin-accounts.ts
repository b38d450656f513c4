import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import { keepsPasswords } from '../campus.ts'
import type { Context } from '../deps.ts'
import { questionPage } from '../pages/people.ts'
import { IdParam, NumberForm, ReasonForm } from '../schema.ts'
import { numbersOf } from '../store/people.ts'
import { resetPassword } from '../verbs/account.ts'
import { unbind } from '../verbs/binding.ts'
import { type ById, personInReach } from './show-person.ts'

/** Help for who cannot get in: ending a binding, putting the first password back. */
export function accountHelpRoutes(context: Context): FastifyPluginAsync {
  const { database: { db, write }, campus } = context

  /** A number of this very person, whom the reader may help. */
  async function asked(request: FastifyRequest, sent: unknown, id: string): Promise<string> {
    await personInReach(context, request, id, 'accounts.help')
    const { number = '' } = fits<{ number?: string }>(NumberForm, sent) ? sent : {}
    if (!(await numbersOf(db, id)).some(each => each.number === number)) throw new AppError('not-found', '这个人没有这个学工号')
    return number
  }

  return async app => {
    for (const act of keepsPasswords(campus) ? ['unbinding', 'password-reset'] as const : ['unbinding'] as const) {
      app.get<ById>(`/people/:id/${act}`, { schema: { params: IdParam } }, async (request, reply) => {
        const { id } = request.params
        const number = await asked(request, request.query, id)
        return await reply.console('identity/confirm', questionPage(request.t, { id, number, act }))
      })
    }

    app.post<ById>('/people/:id/unbinding', { schema: { params: IdParam } }, async (request, reply) => {
      const number = await asked(request, request.body, request.params.id)
      await write(tx => unbind(tx, request.actor, number))
      request.session.flash = { meaning: 'done', text: request.t('已解除绑定，这个学工号在所有设备上的登录都已结束') }
      return reply.redirect(`/admin/people/${request.params.id}`, 303)
    })

    if (keepsPasswords(campus)) app.post<ById>('/people/:id/password-reset', { schema: { params: IdParam } }, async (request, reply) => {
      const { id } = request.params
      const number = await asked(request, request.body, id)
      const { reason = '' } = fits<{ reason?: string }>(ReasonForm, request.body) ? request.body : {}
      try {
        await write(tx => resetPassword(tx, request.actor, { number, reason }))
      } catch (error) {
        const fault = error instanceof AppError ? error.fields?.['reason'] : undefined
        if (fault === undefined) throw error
        return await reply.code(422).console('identity/confirm', questionPage(request.t, { id, number, act: 'password-reset', reason: { value: reason, error: request.t(fault) } }))
      }
      request.session.flash = { meaning: 'done', text: request.t('密码已恢复为初始密码，3 天内有效，登录后必须修改') }
      return reply.redirect(`/admin/people/${id}`, 303)
    })
  }
}

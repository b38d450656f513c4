import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import { keepSession } from '../begin-session.ts'
import type { Context } from '../deps.ts'
import { accountPage } from '../pages/account.ts'
import { ConfirmForm, IdParam } from '../schema.ts'
import { sessionKey } from '../sessions.ts'
import { bindingsOf } from '../store/bindings.ts'
import { contactRow, numbersOf } from '../store/people.ts'
import { rolesOf } from '../store/roles.ts'
import { listSessions } from '../store/sessions.ts'
import { endOtherSessions, endOwnSession } from '../verbs/account.ts'
import { unbind } from '../verbs/binding.ts'

/** 账户信息: who is signed in, on which devices, and the end of the binding. */
export function accountRoutes({ database: { db, write }, vault, confirm, clock }: Context): FastifyPluginAsync {
  async function show(request: FastifyRequest, reply: FastifyReply, errors: Record<string, string> = {}): Promise<FastifyReply> {
    const { person_id, number } = request.person
    const [numbers, bindings, roles, sessions, contact] = await Promise.all([
      numbersOf(db, person_id), bindingsOf(db, person_id), rolesOf(db, person_id), listSessions(db, person_id, clock.now()), contactRow(db, person_id),
    ])
    const phone = contact?.phone_sealed ? vault.open('phone', contact.phone_sealed) : null
    const current = sessionKey(request.session.sessionId)
    return await reply.page('identity/account', accountPage({ t: request.t, person: request.person, number, numbers, bindings, roles, sessions, current, email: contact?.email ?? null, phone, errors }))
  }

  return async app => {
    app.get('/account', async (request, reply) => await show(request, reply))

    app.post<{ Params: { id: string } }>('/account/sessions/:id/end', { schema: { params: IdParam } }, async (request, reply) => {
      await write(tx => endOwnSession(tx, request.person, request.params.id))
      request.session.flash = { meaning: 'done', text: request.t('已结束那个设备上的登录') }
      return reply.redirect('/account', 303)
    })

    app.post('/account/sessions/end', async (request, reply) => {
      keepSession(request, await write(tx => endOtherSessions(tx, request.person)))
      request.session.flash = { meaning: 'done', text: request.t('已结束其他设备上的登录') }
      return reply.redirect('/account', 303)
    })

    app.get('/account/unbinding', async (request, reply) => await reply.page('identity/unbind', { title: request.t('解除绑定'), errors: {} }))

    app.post('/account/unbinding', async (request, reply) => {
      const { password } = fits<{ password?: string }>(ConfirmForm, request.body) ? request.body : {}
      const { t, person } = request
      const refuse = async (sentence: string, status: number) => await reply.code(status).page('identity/unbind', { title: t('解除绑定'), errors: { password: sentence } })
      try {
        if (!await confirm.confirms(request, password)) return await refuse(t('登录密码不对'), 422)
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'identity:locked') throw error
        return await refuse(t(error.message, error.params), 429)
      }
      await write(tx => unbind(tx, person, person.number))
      await request.session.destroy()
      return reply.redirect('/login', 303)
    })
  }
}

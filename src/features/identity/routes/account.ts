import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import type { Context } from '../deps.ts'
import { accountPage } from '../pages/account.ts'
import { ConfirmForm } from '../schema.ts'
import { bindingsOf } from '../store/bindings.ts'
import { accountRow, numbersOf } from '../store/people.ts'
import { rolesOf } from '../store/roles.ts'
import { listSessions } from '../store/sessions.ts'
import { unbind } from '../verbs/binding.ts'

/** 账户信息: who is signed in, where to change what, and the end of the binding. */
export function accountRoutes({ database: { db, write }, vault, confirm, clock }: Context): FastifyPluginAsync {
  async function show(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { person_id } = request.person
    const [numbers, bindings, roles, sessions, account] = await Promise.all([
      numbersOf(db, person_id), bindingsOf(db, person_id), rolesOf(db, person_id), listSessions(db, person_id, clock.now()), accountRow(db, person_id),
    ])
    const open = { phone: account?.phone_sealed ? vault.open('phone', account.phone_sealed) : null, document: account ? vault.open('document', account.document_sealed) : null }
    return await reply.page('identity/account', accountPage({ t: request.t, person: request.person, numbers, bindings, roles, sessions: sessions.length, account, open }))
  }

  return async app => {
    app.get('/account', async (request, reply) => await show(request, reply))

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

import type { FastifyPluginAsync } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import { keepSession } from '../begin-session.ts'
import type { Context } from '../deps.ts'
import { passwordPage } from '../pages/password.ts'
import { hashPassword } from '../passwords.ts'
import { type PasswordChange, PasswordForm } from '../schema.ts'
import { changePassword } from '../verbs/account.ts'
import { faultsOfNew, wasUsed } from './new-password.ts'

/** 修改密码, also the first one. */
export function passwordRoutes(context: Context): FastifyPluginAsync {
  const { database: { db, write }, confirm } = context

  return async app => {
    app.get('/account/password', async (request, reply) => {
      const { t, person: { number, must_change_password: first = false } } = request
      return await reply.page('identity/password', passwordPage({ t, number, first, errors: {} }))
    })

    app.post('/account/password', async (request, reply) => {
      const { t, person: { number, must_change_password: first = false } } = request
      const { current, password = '', again = '' } = fits<PasswordChange>(PasswordForm, request.body) ? request.body : {}
      const show = async (errors: Record<string, string>, status = 422) => await reply.code(status).page('identity/password', passwordPage({ t, number, first, errors }))
      const errors = await faultsOfNew(context, t, number, { password, again })
      if (Object.keys(errors).length > 0) return await show(errors)
      try {
        if (!await confirm.confirms(request, current)) return await show({ current: t('现在的密码不对') })
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'identity:locked') throw error
        return await show({ current: t(error.message, error.params) }, 429)
      }
      if (await wasUsed(db, number, password)) return await show({ password: t('这个密码最近用过，请换一个') })
      const hash = await hashPassword(password)
      keepSession(request, await write(tx => changePassword(tx, request.person, hash)))
      const { return_to = '/account' } = request.session
      delete request.session.return_to
      request.session.flash = { meaning: 'done', text: t('密码已修改，其他设备上的登录都已结束') }
      return reply.redirect(first ? return_to : '/account', 303)
    })
  }
}

import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import { keepSession } from '../begin-session.ts'
import type { Context } from '../deps.ts'
import { accountPage, passwordPage } from '../pages/account.ts'
import { hashPassword } from '../passwords.ts'
import { weakness } from '../rules/password.ts'
import { ConfirmForm, IdParam, type PasswordChange, PasswordForm } from '../schema.ts'
import { sessionKey } from '../sessions.ts'
import { accountOf, typedNumber } from '../store/accounts.ts'
import { bindingsOf } from '../store/bindings.ts'
import { contactRow, numbersOf } from '../store/people.ts'
import { rolesOf } from '../store/roles.ts'
import { listSessions } from '../store/sessions.ts'
import { changePassword, endOtherSessions, endOwnSession } from '../verbs/account.ts'
import { unbind } from '../verbs/binding.ts'
import { admitAttempt, forgiveAttempts } from '../verbs/sign-in.ts'

/** 账户信息: who is signed in, on which devices, and the password. */
export function accountRoutes({ database: { db, write }, vault, campus, clock }: Context): FastifyPluginAsync {
  async function show(request: FastifyRequest, reply: FastifyReply, errors: Record<string, string> = {}): Promise<FastifyReply> {
    const { person_id, number } = request.person
    const [numbers, bindings, roles, sessions, contact] = await Promise.all([
      numbersOf(db, person_id), bindingsOf(db, person_id), rolesOf(db, person_id), listSessions(db, person_id, clock.now()), contactRow(db, person_id),
    ])
    const phone = contact?.phone_sealed ? vault.open('phone', contact.phone_sealed) : null
    const current = sessionKey(request.session.sessionId)
    return await reply.page('identity/account', accountPage({ t: request.t, person: request.person, number, numbers, bindings, roles, sessions, current, email: contact?.email ?? null, phone, errors }))
  }

  /** Asks for the present password once more; counted like a sign-in, so that an unlocked phone is no place for guessing. */
  async function provesItself(number: string, password: string | undefined): Promise<boolean> {
    if (!password) return false
    await write(tx => admitAttempt(tx, typedNumber(number)))
    const right = await campus.verify(number, password) !== null
    if (right) await write(tx => forgiveAttempts(tx, typedNumber(number)))
    return right
  }

  async function faultsOf(request: FastifyRequest, { current, password = '', again }: PasswordChange): Promise<Record<string, string>> {
    const { t, person: { number } } = request
    const account = await accountOf(db, number)
    if (!account) throw new AppError('not-found', '没有找到这个账号')
    const open = { number, name_pinyin: account.name_pinyin, document: vault.open('document', account.document_sealed), phone: account.phone_sealed === null ? null : vault.open('phone', account.phone_sealed) }
    const weak = weakness(password, open)
    const errors = {
      ...(weak && { password: t(weak) }), ...(password !== again && { again: t('两次输入的新密码不一样') }),
      ...(password !== '' && password === current && { password: t('新密码不能和现在的密码一样') }),
    }
    if (Object.keys(errors).length > 0) return errors
    return await provesItself(number, current) ? {} : { current: t('现在的密码不对') }
  }

  return async app => {
    app.get('/account', async (request, reply) => await show(request, reply))

    app.get('/account/password', async (request, reply) =>
      await reply.page('identity/password', passwordPage({ t: request.t, first: request.person.must_change_password === true, errors: {} })))

    app.post('/account/password', async (request, reply) => {
      const form = fits<PasswordChange>(PasswordForm, request.body) ? request.body : {}
      const first = request.person.must_change_password === true
      const errors = await faultsOf(request, form)
      if (Object.keys(errors).length > 0) return await reply.code(422).page('identity/password', passwordPage({ t: request.t, first, errors }))
      const hash = await hashPassword(form.password ?? '')
      keepSession(request, await write(tx => changePassword(tx, request.person, hash)))
      const { return_to = '/account' } = request.session
      delete request.session.return_to
      request.session.flash = { meaning: 'done', text: request.t('密码已修改，其他设备上的登录都已结束') }
      return reply.redirect(first ? return_to : '/account', 303)
    })

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
      if (!await provesItself(person.number, password)) return await reply.code(422).page('identity/unbind', { title: t('解除绑定'), errors: { password: t('登录密码不对') } })
      await write(tx => unbind(tx, person, person.number))
      await request.session.destroy()
      return reply.redirect('/login', 303)
    })
  }
}

import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import type { Context } from '../deps.ts'
import { wrongCodeWords } from '../pages/codes.ts'
import { askPage, choosePage, codePage } from '../pages/reset.ts'
import { hashPassword, isSame } from '../passwords.ts'
import { readPhone } from '../rules/phone.ts'
import { standings } from '../rules/standing.ts'
import { CodeForm, type PasswordChange, PasswordForm, ResetForm } from '../schema.ts'
import { accountTyped } from '../store/accounts.ts'
import { recoverPassword } from '../verbs/account.ts'
import { faultsOfNew, wasUsed } from './new-password.ts'

declare module 'fastify' {
  interface Session {
    /** a forgotten password; `sealed` holds number and phone as they were typed, `proven` once the code was right */
    reset?: { id: string; sealed: string; at: number; proven: boolean }
  }
}

const FOR = 20 * 60_000
type Asked = { number: string; phone: string }

/**
 * A forgotten password: number and phone on file, a code by SMS, a new password. Until the code is right the pages are the same, and
 * take as long, whether number and phone belong together or not.
 */
export function resetRoutes(context: Context): FastifyPluginAsync {
  const { database: { db, write }, clock, codes, keyring, phonesAbroad, vault } = context
  const nobody = vault.seal('phone', '10000000000')

  /** The number that this phone belongs to, null where they do not belong together. */
  async function ownerOf({ number, phone }: Asked): Promise<string | null> {
    const account = await accountTyped(db, number)
    const onFile = vault.open('phone', account?.phone_sealed ?? nobody)
    const same = isSame(phone, readPhone(onFile, { abroad: true }) ?? onFile)
    return account && account.phone_sealed !== null && same && standings[account.standing].signsIn ? account.number : null
  }

  function pending(request: FastifyRequest): (Asked & { id: string; proven: boolean }) | null {
    const { reset } = request.session
    const opened = reset && clock.now() - reset.at < FOR ? keyring.open('identity.reset', reset.sealed) : null
    if (!reset || opened === null) return null
    const { number, phone }: Asked = JSON.parse(opened)
    return { number, phone, id: reset.id, proven: reset.proven }
  }

  async function ask(request: FastifyRequest, { number, phone }: Asked, id: string): Promise<void> {
    const owner = await ownerOf({ number, phone })
    await write(tx => codes.askCode(tx, { purpose: 'reset', phone, session: id, address: request.ip, deliver: owner !== null }))
  }

  /** The sentence where a code may not be asked for; null where it was. */
  async function refusal(request: FastifyRequest, asked: Asked, id: string): Promise<string | null> {
    try {
      await ask(request, asked, id)
      return null
    } catch (error) {
      if (!(error instanceof AppError) || error.kind === 'upstream') throw error
      return request.t(error.message, error.params)
    }
  }

  async function showCode(request: FastifyRequest, reply: FastifyReply, { id }: { id: string }, errors: Record<string, string> = {}): Promise<FastifyReply> {
    const view = await codes.stateOf(db, { purpose: 'reset', session: id })
    return view ? await reply.page('identity/reset-code', codePage(request.t, view, errors)) : reply.redirect('/login/reset', 303)
  }

  return async app => {
    app.get('/login/reset', async (request, reply) => await reply.page('identity/reset', askPage(request.t, {}, {})))

    app.post('/login/reset', async (request, reply) => {
      const { t } = request
      const { number = '', phone: typed = '' } = fits<{ number?: string; phone?: string }>(ResetForm, request.body) ? request.body : {}
      const phone = readPhone(typed, { abroad: phonesAbroad })
      const errors = { ...(number.trim() === '' && { number: t('请填写学号或工号') }), ...(phone === null && { phone: t('请填写完整的手机号') }) }
      const id = randomUUID()
      const refused = Object.keys(errors).length > 0 || phone === null ? null : await refusal(request, { number, phone }, id)
      if (phone === null || Object.keys(errors).length > 0 || refused !== null) {
        return await reply.code(refused === null ? 422 : 429).page('identity/reset', askPage(t, { number, phone: typed }, refused === null ? errors : { phone: refused }))
      }
      request.session.reset = { id, sealed: keyring.seal('identity.reset', JSON.stringify({ number, phone })), at: clock.now(), proven: false }
      return reply.redirect('/login/reset/code', 303)
    })

    app.get('/login/reset/code', async (request, reply) => {
      const reset = pending(request)
      return reset ? await showCode(request, reply, reset) : reply.redirect('/login/reset', 303)
    })

    app.post('/login/reset/code/again', async (request, reply) => {
      const reset = pending(request)
      if (!reset) return reply.redirect('/login/reset', 303)
      const refused = await refusal(request, reset, reset.id)
      if (refused !== null) return await showCode(request, reply.code(429), reset, { code: refused })
      request.session.flash = { meaning: 'info', text: request.t('已重新获取验证码') }
      return reply.redirect('/login/reset/code', 303)
    })

    app.post('/login/reset/code', async (request, reply) => {
      const reset = pending(request)
      if (!reset) return reply.redirect('/login/reset', 303)
      const { code = '' } = fits<{ code?: string }>(CodeForm, request.body) ? request.body : {}
      const { right, left } = await write(tx => codes.checkCode(tx, { purpose: 'reset', phone: reset.phone, session: reset.id, code }))
      if (!right) return await showCode(request, reply.code(422), reset, { code: wrongCodeWords(request.t, left) })
      const { session } = request
      if (session.reset) session.reset = { ...session.reset, proven: true }
      return reply.redirect('/login/reset/password', 303)
    })

    app.get('/login/reset/password', async (request, reply) => {
      const reset = pending(request)
      const owner = reset?.proven ? await ownerOf(reset) : null
      return owner === null ? reply.redirect('/login/reset', 303) : await reply.page('identity/reset-password', choosePage(request.t, owner, {}))
    })

    app.post('/login/reset/password', async (request, reply) => {
      const reset = pending(request)
      // Looked up again: the phone may have moved to somebody else since the code was sent.
      const owner = reset?.proven ? await ownerOf(reset) : null
      if (owner === null) return reply.redirect('/login/reset', 303)
      const { password = '', again = '' } = fits<PasswordChange>(PasswordForm, request.body) ? request.body : {}
      const faults = await faultsOfNew(context, request.t, owner, { password, again })
      const used = Object.keys(faults).length === 0 && await wasUsed(db, owner, password)
      const errors = used ? { password: request.t('这个密码最近用过，请换一个') } : faults
      if (Object.keys(errors).length > 0) return await reply.code(422).page('identity/reset-password', choosePage(request.t, owner, errors))
      const hash = await hashPassword(password)
      await write(tx => recoverPassword(tx, owner, hash))
      await request.session.regenerate()
      request.session.flash = { meaning: 'done', text: request.t('新密码已设置，所有设备上的登录都已结束。请用新密码登录') }
      return reply.redirect('/login', 303)
    })
  }
}

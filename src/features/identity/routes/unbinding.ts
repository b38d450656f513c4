import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import type { Context } from '../deps.ts'
import { wrongCodeWords } from '../pages/codes.ts'
import { unbindingPage } from '../pages/unbinding.ts'
import { UnbindForm } from '../schema.ts'
import { sessionKey } from '../sessions.ts'
import { currentBinding } from '../store/bindings.ts'
import { phoneRow } from '../store/phones.ts'
import { unbind } from '../verbs/binding.ts'
import { unwantMember } from '../verbs/members.ts'

const PATH = '/account/unbinding'

type Errors = Record<string, string>

/** After an unbinding, for nobody any more. */
export function unboundRoutes(): FastifyPluginAsync {
  return async app => {
    app.get('/unbound', async (request, reply) => await reply.page('identity/unbound', { title: request.t('解除绑定') }))
  }
}

/** 解除绑定: the sign-in password or a code by SMS, then every session of the number ends at once. */
export function unbindingRoutes({ database: { db, write }, vault, codes, confirm, unbindDeletesMember }: Context): FastifyPluginAsync {
  const where = (request: FastifyRequest) => ({ purpose: 'unbind' as const, session: sessionKey(request.session.sessionId) })

  /** The phone that a code may go to: one that came back before. */
  async function provenPhone(person_id: string): Promise<string | null> {
    const row = await phoneRow(db, person_id)
    return row?.phone_sealed && row.phone_proven_at !== null ? vault.open('phone', row.phone_sealed) : null
  }

  async function show(request: FastifyRequest, reply: FastifyReply, errors: Errors = {}): Promise<FastifyReply> {
    const { person_id, number } = request.person
    const [binding, phone, view] = [await currentBinding(db, { number }), await provenPhone(person_id), await codes.stateOf(db, where(request))]
    const asks = confirm.way === 'password' ? { kind: 'password' as const } : confirm.isConfirmed(request) ? { kind: 'confirmed' as const } : { kind: 'school' as const, address: confirm.address(PATH) }
    return await reply.page('identity/unbinding', unbindingPage(request.t, { person: request.person, bound: binding !== null, asks, phone, view, deletes: unbindDeletesMember, errors }))
  }

  /** Why it may not be the person at the keys, by field; null where it is. */
  async function doubts(request: FastifyRequest, { password, code }: { password?: string; code?: string }): Promise<{ errors: Errors; status: number } | null> {
    const { t, person } = request
    const phone = await provenPhone(person.person_id)
    if (code?.trim() && phone !== null) {
      const { right, left } = await write(tx => codes.checkCode(tx, { ...where(request), phone, code }))
      return right ? null : { errors: { code: wrongCodeWords(t, left) }, status: 422 }
    }
    try {
      return await confirm.confirms(request, password) ? null : { errors: { password: t(confirm.way === 'password' ? '登录密码不对' : '请先在统一身份认证再登录一次') }, status: 422 }
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'identity:locked') throw error
      return { errors: { password: t(error.message, error.params) }, status: 429 }
    }
  }

  return async app => {
    // The address on the printed code.
    app.get('/unbind', async (_request, reply) => reply.redirect(PATH, 303))

    app.get(PATH, async (request, reply) => await show(request, reply))

    app.post(`${PATH}/code`, async (request, reply) => {
      const phone = await provenPhone(request.person.person_id)
      if (phone === null) return reply.redirect(PATH, 303)
      try {
        await write(tx => codes.askCode(tx, { ...where(request), phone, address: request.ip }))
        return reply.redirect(PATH, 303)
      } catch (error) {
        if (!(error instanceof AppError) || error.kind === 'upstream') throw error
        return await show(request, reply.code(429), { code: request.t(error.message, error.params) })
      }
    })

    app.post(PATH, async (request, reply) => {
      const doubt = await doubts(request, fits<{ password?: string; code?: string }>(UnbindForm, request.body) ? request.body : {})
      if (doubt) return await show(request, reply.code(doubt.status), doubt.errors)
      const { person } = request
      try {
        await write(async tx => {
          await unbind(tx, person, person.number)
          if (unbindDeletesMember) await unwantMember(tx, { number: person.number })
        })
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== 'conflict') throw error
        return await show(request, reply.code(409), { _form: request.t(error.message, error.params) })
      }
      await request.session.destroy()
      // What the old identity has seen here is not to be shown again, whatever a browser keeps against what it was told.
      return reply.header('clear-site-data', '"cache"').redirect('/unbound', 303)
    })
  }
}

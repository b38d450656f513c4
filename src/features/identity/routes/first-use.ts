import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import type { Context } from '../deps.ts'
import { enter } from '../enter.ts'
import { wrongCodeWords } from '../pages/codes.ts'
import { firstUsePage } from '../pages/reset.ts'
import { maskPhone } from '../rules/mask.ts'
import { CodeForm } from '../schema.ts'
import { accountOf } from '../store/accounts.ts'
import { setPhone } from '../verbs/phone.ts'

declare module 'fastify' {
  interface Session {
    /** the initial password was right; nobody is signed in before a code has come to the phone on file */
    first_use?: { id: string; number: string; to: string; userid: string | null; at: number }
  }
}

const FOR = 15 * 60_000

/** The initial password was right, and opens nothing yet. */
export async function beginFirstUse({ clock }: Context, request: FastifyRequest, reply: FastifyReply, { number, to, userid }: { number: string; to: string; userid: string | null }): Promise<FastifyReply> {
  await request.session.regenerate()
  request.session.first_use = { id: randomUUID(), number, to, userid, at: clock.now() }
  return reply.redirect('/login/first-use', 303)
}

/** The first use of an account: a code to the phone on file, so that knowing somebody's ID number is not enough. */
export function firstUseRoutes(context: Context): FastifyPluginAsync {
  const { database: { db, write }, clock, codes, vault } = context

  async function pending(request: FastifyRequest) {
    const { first_use } = request.session
    if (!first_use || clock.now() - first_use.at > FOR) return null
    const account = await accountOf(db, first_use.number)
    // Somebody set a password meanwhile, or the phone is gone: the sign-in begins anew.
    if (!account || account.password_hash !== null || account.phone_sealed === null) return null
    return { ...first_use, person_id: account.person_id, phone: vault.open('phone', account.phone_sealed) }
  }

  async function show(request: FastifyRequest, reply: FastifyReply, { id, phone }: { id: string; phone: string }, errors: Record<string, string> = {}): Promise<FastifyReply> {
    const view = await codes.stateOf(db, { purpose: 'first-use', session: id })
    return await reply.page('identity/first-use', firstUsePage(request.t, { masked: maskPhone(phone), view, errors }))
  }

  return async app => {
    app.get('/login/first-use', async (request, reply) => {
      const first = await pending(request)
      return first ? await show(request, reply, first) : reply.redirect('/login', 303)
    })

    app.post('/login/first-use/code', async (request, reply) => {
      const first = await pending(request)
      if (!first) return reply.redirect('/login', 303)
      try {
        await write(tx => codes.askCode(tx, { purpose: 'first-use', phone: first.phone, session: first.id, address: request.ip }))
      } catch (error) {
        if (!(error instanceof AppError) || error.kind === 'upstream') throw error
        return await show(request, reply.code(429), first, { code: request.t(error.message, error.params) })
      }
      return reply.redirect('/login/first-use', 303)
    })

    app.post('/login/first-use', async (request, reply) => {
      const first = await pending(request)
      if (!first) return reply.redirect('/login', 303)
      const { code = '' } = fits<{ code?: string }>(CodeForm, request.body) ? request.body : {}
      const { right, left } = await write(tx => codes.checkCode(tx, { purpose: 'first-use', phone: first.phone, session: first.id, code }))
      if (!right) return await show(request, reply.code(422), first, { code: wrongCodeWords(request.t, left) })
      await write(tx => setPhone(tx, vault, { person_id: first.person_id, number: first.number }, { person_id: first.person_id, phone: first.phone, proven: true }))
      return await enter(context, request, reply, { number: first.number, to: first.to, userid: first.userid, first: true })
    })
  }
}

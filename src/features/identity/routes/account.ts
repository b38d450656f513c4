import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { keepsPasswords } from '../campus.ts'
import type { Context } from '../deps.ts'
import { accountPage } from '../pages/account.ts'
import { bindingsOf } from '../store/bindings.ts'
import { accountRow, numbersOf } from '../store/people.ts'
import { rolesOf } from '../store/roles.ts'
import { listSessions } from '../store/sessions.ts'

/** 账户信息: who is signed in, and where to change what. */
export function accountRoutes({ database: { db }, vault, clock, campus, campusPasswordUrl }: Context): FastifyPluginAsync {
  async function show(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { person_id } = request.person
    const [numbers, bindings, roles, sessions, account] = await Promise.all([
      numbersOf(db, person_id), bindingsOf(db, person_id), rolesOf(db, person_id), listSessions(db, person_id, clock.now()), accountRow(db, person_id),
    ])
    const open = { phone: account?.phone_sealed ? vault.open('phone', account.phone_sealed) : null, document: account ? vault.open('document', account.document_sealed) : null }
    return await reply.page('identity/account', accountPage({ t: request.t, password: keepsPasswords(campus) ? '/account/password' : campusPasswordUrl, person: request.person, numbers, bindings, roles, sessions: sessions.length, account, open }))
  }

  return async app => {
    app.get('/account', async (request, reply) => await show(request, reply))
  }
}

import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Database } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import { fits } from '../../platform/schema.ts'
import type { Identity as WholeIdentity } from '../identity/index.ts'
import { showingPage, WHOLE } from './pages.ts'
import type { Verbs } from './verbs.ts'

export type Identity = Pick<WholeIdentity, 'personById' | 'wholeOf'>

const ById = Type.Object({ id: Type.String({ pattern: '^[0-9A-HJKMNP-TV-Z]{26}$' }) })
const Asked = Type.Object({ what: Type.Enum(['document', 'phone', 'email']), reason: Type.Optional(Type.String({ maxLength: 1000 })) })

/** Looking at a whole document number, telephone number or mailbox: with a reason, once, and on record. */
export function consoleRoutes({ database: { db, write }, verbs, identity }: { database: Database; verbs: Verbs; identity: Identity }): FastifyPluginAsync {
  async function nameOf(id: string): Promise<string> {
    const person = await identity.personById(db, id)
    if (!person) throw new AppError('not-found', '没有找到这个人')
    return person.name
  }

  return async app => {
    app.get<{ Params: Static<typeof ById> }>('/people/:id/showing', { schema: { params: ById } }, async (request, reply) => {
      const { id } = request.params
      return reply.console('privacy/showing', showingPage(request.t, { id, name: await nameOf(id) }))
    })

    app.post<{ Params: Static<typeof ById> }>('/people/:id/showing', { schema: { params: ById } }, async (request, reply) => {
      const { id } = request.params
      if (!fits<Static<typeof Asked>>(Asked, request.body)) throw new AppError('invalid', '提交的内容不完整或格式不对，请返回检查')
      const { what, reason = '' } = request.body
      const [name, { label }] = [await nameOf(id), WHOLE[what]]
      try {
        await write(tx => verbs.shown(tx, request.actor, id, label, reason))
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== 'invalid') throw error
        return reply.code(422).console('privacy/showing', showingPage(request.t, { id, name, typed: reason, error: error.fields?.['reason'] }))
      }
      const value = (await identity.wholeOf(db, id))[what] ?? request.t('没有')
      return reply.console('privacy/showing', showingPage(request.t, { id, name, shown: { label: request.t(label), value } }))
    })
  }
}

import type { FastifyPluginAsync } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import type { Context } from '../deps.ts'
import { GrantForm, IdParam } from '../schema.ts'
import { grantRole, revokeRole } from '../verbs/roles.ts'
import { type ById, showPerson } from './show-person.ts'

/** Giving roles and taking them back. */
export function roleRoutes(context: Context): FastifyPluginAsync {
  const { database: { write } } = context
  return async app => {
    app.post<ById>('/people/:id/roles', { schema: { params: IdParam } }, async (request, reply) => {
      const { role = '', unit_id = '' } = fits<{ role?: string; unit_id?: string }>(GrantForm, request.body) ? request.body : {}
      try {
        await write(tx => grantRole(tx, request.actor, { person_id: request.params.id, role, unit_id }))
      } catch (error) {
        if (!(error instanceof AppError) || !error.fields) throw error
        const errors = Object.fromEntries(Object.entries(error.fields).map(([name, sentence]) => [name, request.t(sentence)]))
        return await showPerson(context, request, reply.code(422), request.params.id, errors)
      }
      return reply.redirect(`/admin/people/${request.params.id}`, 303)
    })

    app.post<ById>('/people/:id/roles/revocation', { schema: { params: IdParam } }, async (request, reply) => {
      const { role = '', unit_id = '' } = fits<{ role?: string; unit_id?: string }>(GrantForm, request.body) ? request.body : {}
      await write(tx => revokeRole(tx, request.actor, { person_id: request.params.id, role, unit_id }))
      return reply.redirect(`/admin/people/${request.params.id}`, 303)
    })
  }
}

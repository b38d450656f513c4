import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { eventsOf } from '../../../platform/events.ts'
import { fits } from '../../../platform/schema.ts'
import type { Context } from '../deps.ts'
import { labels } from '../events.ts'
import { type Filter, peoplePage, personPage, questionPage } from '../pages/people.ts'
import { downwards } from '../rules/roles.ts'
import { GrantForm, IdParam, PeopleQuery, NumberForm } from '../schema.ts'
import { bindingsOf } from '../store/bindings.ts'
import { contactRow, numbersOf, personById } from '../store/people.ts'
import { rolesOf } from '../store/roles.ts'
import { searchPeople } from '../store/search.ts'
import { listUnits } from '../store/units.ts'
import { resetPassword } from '../verbs/account.ts'
import { unbind } from '../verbs/binding.ts'
import { grantRole, revokeRole } from '../verbs/roles.ts'

type ById = { Params: { id: string } }

/** The people of the university, for administrators. */
export function peopleRoutes({ database: { db, write }, vault }: Context): FastifyPluginAsync {
  async function show(request: FastifyRequest, reply: FastifyReply, id: string, errors: Record<string, string> = {}): Promise<FastifyReply> {
    const person = await personById(db, id)
    if (!person) throw new AppError('not-found', '没有找到这个人')
    const [numbers, bindings, roles, units, contact, events] = await Promise.all([
      numbersOf(db, id), bindingsOf(db, id), rolesOf(db, id), listUnits(db), contactRow(db, id), eventsOf(db, id),
    ])
    const phone = contact?.phone_sealed ? vault.open('phone', contact.phone_sealed) : null
    const tutor = person.tutor_id ? await personById(db, person.tutor_id) : null
    return await reply.console('identity/person', personPage({ t: request.t, person, tutor, numbers, bindings, roles, units, phone, events, labels, errors }))
  }

  /** A number of this very person. */
  async function asked(sent: unknown, id: string): Promise<string> {
    const { number = '' } = fits<{ number?: string }>(NumberForm, sent) ? sent : {}
    if (!(await numbersOf(db, id)).some(each => each.number === number)) throw new AppError('not-found', '这个人没有这个学工号')
    return number
  }

  return async app => {
    app.get('/people', async (request, reply) => {
      const query: Filter = fits<Filter>(PeopleQuery, request.query) ? request.query : {}
      const units = await listUnits(db)
      const byId = new Map(units.map(unit => [unit.id, unit]))
      const kind = query.kind === 'student' || query.kind === 'staff' ? query.kind : undefined
      const unit_ids = query.unit && byId.has(query.unit) ? downwards(byId, query.unit) : undefined
      const found = await searchPeople(db, { q: query.q, kind, unit_ids, after: query.after })
      return await reply.console('identity/people', peoplePage({ t: request.t, found, units, query }))
    })

    app.get<ById>('/people/:id', { schema: { params: IdParam } }, async (request, reply) => await show(request, reply, request.params.id))

    app.post<ById>('/people/:id/roles', { schema: { params: IdParam } }, async (request, reply) => {
      const { role = '', unit_id = '' } = fits<{ role?: string; unit_id?: string }>(GrantForm, request.body) ? request.body : {}
      try {
        await write(tx => grantRole(tx, request.actor, { person_id: request.params.id, role, unit_id }))
      } catch (error) {
        if (!(error instanceof AppError) || !error.fields) throw error
        const errors = Object.fromEntries(Object.entries(error.fields).map(([name, sentence]) => [name, request.t(sentence)]))
        return await show(request, reply.code(422), request.params.id, errors)
      }
      return reply.redirect(`/admin/people/${request.params.id}`, 303)
    })

    app.post<ById>('/people/:id/roles/revocation', { schema: { params: IdParam } }, async (request, reply) => {
      const { role = '', unit_id = '' } = fits<{ role?: string; unit_id?: string }>(GrantForm, request.body) ? request.body : {}
      await write(tx => revokeRole(tx, request.actor, { person_id: request.params.id, role, unit_id }))
      return reply.redirect(`/admin/people/${request.params.id}`, 303)
    })

    app.get<ById>('/people/:id/unbinding', { schema: { params: IdParam } }, async (request, reply) => {
      const { id } = request.params
      const number = await asked(request.query, id)
      return await reply.console('identity/confirm', questionPage(request.t, { id, number, act: 'unbinding' }))
    })

    app.get<ById>('/people/:id/password-reset', { schema: { params: IdParam } }, async (request, reply) => {
      const { id } = request.params
      const number = await asked(request.query, id)
      return await reply.console('identity/confirm', questionPage(request.t, { id, number, act: 'password-reset' }))
    })

    app.post<ById>('/people/:id/unbinding', { schema: { params: IdParam } }, async (request, reply) => {
      const number = await asked(request.body, request.params.id)
      await write(tx => unbind(tx, request.actor, number))
      request.session.flash = { meaning: 'done', text: request.t('已解除绑定，这个学工号在所有设备上的登录都已结束') }
      return reply.redirect(`/admin/people/${request.params.id}`, 303)
    })

    app.post<ById>('/people/:id/password-reset', { schema: { params: IdParam } }, async (request, reply) => {
      const number = await asked(request.body, request.params.id)
      await write(tx => resetPassword(tx, request.actor, number))
      request.session.flash = { meaning: 'done', text: request.t('密码已恢复为初始密码，登录后必须修改') }
      return reply.redirect(`/admin/people/${request.params.id}`, 303)
    })
  }
}

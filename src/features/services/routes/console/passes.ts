import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../deps.ts'
import { takenOf, unitNames } from '../../limits.ts'
import { passesPage, type TypedPass } from '../../pages/console/passes.ts'
import { passesOf } from '../../store/passes.ts'
import type { Verbs } from '../../verbs/index.ts'
import { LONGEST_NOTE } from '../../verbs/offering.ts'
import { fieldIn, refusalOf } from '../requests.ts'
import type { ByKey } from './service.ts'

const LISTED = 200

/** 放行: one person past the limits of a service. */
export async function passRoutes(app: FastifyInstance, { context, verbs }: { context: Context; verbs: Verbs }): Promise<void> {
  const { catalogue, identity, database: { db, write } } = context

  app.get<ByKey>('/services/:key/passes', async (request, reply) => show(request, reply, { number: '', reason: '' }, {}))

  app.post<ByKey>('/services/:key/passes', async (request, reply) => {
    const { body, person, params: { key }, t } = request
    const typed = { number: fieldIn(body, 'number').trim(), reason: fieldIn(body, 'reason').trim().slice(0, LONGEST_NOTE) }
    const refused = await refusalOf(reply, write(tx => verbs.letThrough(tx, person, { key, ...typed })))
    if (refused) return show(request, reply, typed, Object.fromEntries(Object.entries(refused.fields ?? {}).map(([name, sentence]) => [name, t(sentence)])))
    request.session.flash = { meaning: 'done', text: t('已放行，对方会收到通知') }
    return reply.redirect(`/admin/services/${key}/passes`, 303)
  })

  app.post<ByKey>('/services/:key/passes/removal', async (request, reply) => {
    const { body, person, params: { key } } = request
    await write(tx => verbs.takePassBack(tx, person, { key, id: fieldIn(body, 'id') }))
    request.session.flash = { meaning: 'done', text: request.t('放行已收回') }
    return reply.redirect(`/admin/services/${key}/passes`, 303)
  })

  async function show(request: FastifyRequest<ByKey>, reply: FastifyReply, typed: TypedPass, errors: Record<string, string>): Promise<FastifyReply> {
    const { t, params: { key } } = request
    const service = catalogue.get(key)
    const { limits } = service.definition
    const passes = await passesOf(db, key, LISTED)
    const people = new Map((await identity.peopleByIds(db, [...new Set(passes.map(pass => pass.person_id))])).map(person => [person.id, person]))
    return reply.console('services/console/passes', {
      ...passesPage(t, service, { passes, people, units: await unitNames(context, db, t, limits), taken: limits ? await takenOf(db, key, limits) : 0, typed, errors }), styles: ['css/pages/services.css', 'css/pages/forms.css'],
    })
  }
}

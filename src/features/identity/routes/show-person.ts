import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { eventsOf } from '../../../platform/events.ts'
import type { Context } from '../deps.ts'
import { labels } from '../events.ts'
import { personPage } from '../pages/people.ts'
import { bindingsOf } from '../store/bindings.ts'
import { contactRow, numbersOf, personById } from '../store/people.ts'
import { rolesOf } from '../store/roles.ts'
import { listUnits } from '../store/units.ts'

export type ById = { Params: { id: string } }

/** A person's page in the console, with what the reader may do there; `errors` of a form that was sent from it. */
export async function showPerson({ database: { db }, vault }: Context, request: FastifyRequest, reply: FastifyReply, id: string, errors: Record<string, string> = {}): Promise<FastifyReply> {
  const person = await personById(db, id)
  if (!person) throw new AppError('not-found', '没有找到这个人')
  const [numbers, bindings, roles, units, contact, events] = await Promise.all([
    numbersOf(db, id), bindingsOf(db, id), rolesOf(db, id), listUnits(db), contactRow(db, id), eventsOf(db, id),
  ])
  const phone = contact?.phone_sealed ? vault.open('phone', contact.phone_sealed) : null
  const tutor = person.tutor_id ? await personById(db, person.tutor_id) : null
  return await reply.console('identity/person', personPage({ t: request.t, reader: request.person, person, tutor, numbers, bindings, roles, units, phone, events, labels, errors }))
}

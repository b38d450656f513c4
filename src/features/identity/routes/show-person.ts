import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { eventsOf } from '../../../platform/events.ts'
import type { Right } from '../../../platform/rights.ts'
import { keepsPasswords } from '../campus.ts'
import type { Context } from '../deps.ts'
import { leaderOf } from '../directory.ts'
import { labels } from '../events.ts'
import { personPage } from '../pages/people.ts'
import { bindingsOf } from '../store/bindings.ts'
import { factorOf } from '../store/factors.ts'
import { groupsOf } from '../store/groups.ts'
import { contactRow, numbersOf, peopleByIds, type Person, personById } from '../store/people.ts'
import { unitsInReach } from '../reach.ts'
import { endedGrantsOf, grantsOf } from '../store/roles.ts'
import { listUnits } from '../store/units.ts'

export type ById = { Params: { id: string } }

/** The person, for whom the reader's right reaches their department. */
export async function personInReach({ database: { db }, clock }: Context, request: FastifyRequest, id: string, right: Right): Promise<Person> {
  const person = await personById(db, id)
  if (!person) throw new AppError('not-found', '没有找到这个人')
  const units = await unitsInReach(db, clock, request.person.person_id, right)
  if (units && !units.includes(person.unit_id)) throw new AppError('forbidden', '这个人不在现在的角色所管的部门里。需要时，请联系学校信息中心的安全管理员')
  return person
}

/** A person's page in the console, with what the reader may do there. */
export async function showPerson(context: Context, request: FastifyRequest, reply: FastifyReply, id: string): Promise<FastifyReply> {
  const { database: { db }, vault, clock, grantRules } = context
  const person = await personInReach(context, request, id, 'people.read')
  const [numbers, bindings, grants, past, groups, units, contact, events, factor] = await Promise.all([
    numbersOf(db, id), bindingsOf(db, id), grantsOf(db, id), endedGrantsOf(db, id, 20), groupsOf(db, id), listUnits(db), contactRow(db, id), eventsOf(db, id), factorOf(db, id),
  ])
  const phone = contact?.phone_sealed ? vault.open('phone', contact.phone_sealed) : null
  const granters = new Map((await peopleByIds(db, [...new Set([...grants, ...past].flatMap(grant => grant.granted_by ?? []))])).map(each => [each.id, each.name]))
  const leader = await leaderOf(db, new Map(units.map(unit => [unit.id, unit])), person)
  return await reply.console('identity/person', personPage({ t: request.t, reader: request.person, passwords: keepsPasswords(context.campus), person, leader, numbers, bindings, grants, past, groups, names: { units, places: grantRules.places() }, granters, phone, events, labels, factor, now: clock.now() }))
}

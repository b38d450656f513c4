import type { FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import type { ApplicationRow } from '../../services/index.ts'
import type { Deps } from '../deps.ts'

export type ById = { Params: { id: string } }

/** The services whose applications the reader looks after; undefined for all. */
export async function servicesOf({ identity, services, database: { db } }: Deps, { person }: FastifyRequest): Promise<readonly string[] | undefined> {
  return await services.ownedWithin(db, await identity.reachOf(db, person.person_id, 'cases.manage')) ?? undefined
}

/** An application that has been sent. That there is one beyond the reader's services is told to nobody. */
export async function caseInReach(deps: Deps, request: FastifyRequest<ById>): Promise<ApplicationRow> {
  const [[row], services] = await Promise.all([deps.services.casesByIds(deps.database.db, [request.params.id]), servicesOf(deps, request)])
  if (!row || (services && !services.includes(row.service_key))) throw new AppError('not-found', '没有找到这份申请')
  return row
}

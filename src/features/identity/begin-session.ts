import type { FastifyRequest } from 'fastify'
import type { Session } from './verbs/sign-in.ts'
import type { Visit } from './visits.ts'

/** Signs the browser in under a new session id, so that an id somebody planted before is worth nothing. */
export async function beginSession(request: FastifyRequest, { person_id, number, epoch, way }: Session, { device, place }: Visit, now: number, mustChange: boolean): Promise<void> {
  await request.session.regenerate()
  request.session.signed_in = { person_id, number, epoch, way, must_change: mustChange, device, place, at: now }
}

/** Carries a new epoch in the present session, after the others were ended. */
export function keepSession(request: FastifyRequest, epoch: number): void {
  const before = request.session.signed_in
  if (before) request.session.signed_in = { ...before, epoch, must_change: false }
}

/** The person proved a second factor: the session goes on under a new id, so that one somebody saw before opens no console. */
export async function elevateSession(request: FastifyRequest, now: number): Promise<void> {
  const { factor_secret: _, ...content } = { ...request.session }
  await request.session.regenerate()
  Object.assign(request.session, content, { second_factor: { at: now } })
}

import type { FastifyRequest } from 'fastify'
import { deviceName } from './rules/browser.ts'
import { createPlaces, type Place } from './rules/place.ts'

/** From what and from where somebody signs in, as a person reads it later. */
export type Visit = { device: string; place: Place }

export function createVisits(campusNetworks: readonly string[]): (request: FastifyRequest) => Visit {
  const placeOf = createPlaces(campusNetworks)
  return request => ({ device: deviceName(request.headers['user-agent'] ?? ''), place: placeOf(request.ip) })
}

import { type Static, Type } from 'typebox'
import type { CommonField } from '../fields/field.ts'
import type { Values } from './form.ts'
import { filledBy, stepsIn } from './steps.ts'

const key = Type.String({ minLength: 1, maxLength: 40 })

/** What an application takes for itself: the thing chosen in `what`, `during` a range of days, or of times `on` a day. */
export const Reserves = Type.Object({ what: key, during: key, on: Type.Optional(key) }, { additionalProperties: false })
export type Reserves = Static<typeof Reserves>

/** From the first instant to the one that is free again, as text that sorts: 2026-12-08T14:00. */
export type Taken = { what: string; starts: string; ends: string }

/** What these values would take; null where something is missing, which the form's own rules have said. */
export function takenBy({ what, during, on }: Reserves, values: Values): Taken | null {
  const [thing, span, day] = [values[what], values[during], on === undefined ? undefined : values[on]]
  if (thing === undefined || typeof span !== 'object' || span === null || !('from' in span) || !('to' in span)) return null
  const name = [thing].flat().join('/')
  if (on === undefined) return { what: name, starts: `${String(span.from)}T00:00`, ends: `${String(span.to)}T24:00` }
  return typeof day === 'string' ? { what: name, starts: `${day}T${String(span.from)}`, ends: `${day}T${String(span.to)}` } : null
}

/** Of the chosen thing, the time in which it matters who has it: the chosen day, or, where days are reserved, from today on. Null before both are chosen. */
export function lookedAt({ what, on }: Reserves, values: Values, today: string): { what: string; from: string; to: string } | null {
  const [thing, day] = [values[what], on === undefined ? undefined : values[on]]
  if (thing === undefined || (on !== undefined && typeof day !== 'string')) return null
  const name = [thing].flat().join('/')
  return on === undefined ? { what: name, from: `${today}T00:00`, to: '9999' } : { what: name, from: `${String(day)}T00:00`, to: `${String(day)}T24:00` }
}

/** What is wrong with a reservation: it needs a choice and a time that the applicant always gives and nobody changes afterwards. */
export function reservationFaults(reserves: Reserves | undefined, { fields, flow }: { fields: readonly CommonField[]; flow: unknown }): string[] {
  if (!reserves) return []
  const { what, during, on } = reserves
  const of = on === undefined ? 'date' : 'time'
  const named: [string, string, (field: CommonField) => boolean][] = [
    [what, 'is a choice', field => field.type === 'select' || field.type === 'cascade'],
    [during, `is a range of ${of === 'date' ? 'days' : 'times'}`, field => field.type === 'range' && 'of' in field && field.of === of],
    ...(on === undefined ? [] : [[on, 'is a day', (field: CommonField) => field.type === 'date'] as [string, string, (field: CommonField) => boolean]]),
  ]
  return named.flatMap(([name, wanted, suits]) => {
    const field = fields.find(one => one.key === name)
    if (!field || !suits(field)) return [`/form/reserves: no field ${name} ${wanted}`]
    if (!field.required || field.when || field.by === 'approver') return [`/form/reserves: ${name} must always be filled in by the applicant`]
    return writers(flow, name).map(step => `/form/reserves: step ${step} may not change ${name}`)
  })
}

function writers(flow: unknown, name: string): string[] {
  return stepsIn(flow).filter(step => step.fields?.[name] === 'write' || filledBy(step).includes(name)).map(step => step.id)
}

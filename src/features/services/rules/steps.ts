import { type Static, Type } from 'typebox'
import { fits } from '../../../platform/schema.ts'
import type { CommonField } from '../fields/field.ts'

export type Right = 'write' | 'read' | 'hidden'

/** A step of a flow as far as forms are concerned; what else is in it approvals knows. */
const FormStep = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  fields: Type.Optional(Type.Record(Type.String(), Type.Enum(['write', 'read', 'hidden']))),
  anew: Type.Optional(Type.Array(Type.String())),
  does: Type.Optional(Type.Unknown()),
})
export type FormStep = Static<typeof FormStep>

/** Every step of a flow, wherever it stands in it: kinds nest their steps in ways that are approvals' own. */
export function stepsIn(flow: unknown): FormStep[] {
  if (typeof flow !== 'object' || flow === null) return []
  return [...fits<FormStep>(FormStep, flow) ? [flow] : [], ...Object.values(flow).flatMap(stepsIn)]
}

/** Keys of the fields that the step itself fills in: what it sets, and what it takes from another system's answer. */
export function filledBy({ does }: FormStep): string[] {
  const keys = (name: 'set' | 'take') => {
    const named: unknown = typeof does === 'object' && does !== null ? new Map<string, unknown>(Object.entries(does)).get(name) : undefined
    return typeof named === 'object' && named !== null ? Object.keys(named) : []
  }
  return [...keys('set'), ...keys('take')]
}

/** What who acts at the step may do with each field, by key. A step that says nothing of a field lets it be read. */
export function rightsAt(step: FormStep | undefined, fields: readonly Pick<CommonField, 'key'>[]): ReadonlyMap<string, Right> {
  const said = new Map(Object.entries(step?.fields ?? {}))
  return new Map(fields.map(({ key }) => [key, said.get(key) ?? 'read']))
}

/** What who acts at several of the steps may do: at each field the most that one of them allows. */
export function rightsOver(steps: readonly (FormStep | undefined)[], fields: readonly Pick<CommonField, 'key'>[]): ReadonlyMap<string, Right> {
  const each = steps.map(step => rightsAt(step, fields))
  const most = (key: string): Right => each.some(rights => rights.get(key) === 'write') ? 'write' : each.some(rights => rights.get(key) === 'read') ? 'read' : 'hidden'
  return new Map(fields.map(({ key }) => [key, most(key)]))
}

/** What some step must not see stays out of everything that all of them are sent. */
export function isHiddenSomewhere(flow: unknown, key: string): boolean {
  return stepsIn(flow).some(({ fields = {} }) => Object.hasOwn(fields, key) && fields[key] === 'hidden')
}

/** What is wrong with the rights that the steps of a flow give, and with fields that nobody would ever fill in. */
export function rightFaults(flow: unknown, fields: readonly CommonField[]): string[] {
  const steps = stepsIn(flow)
  const known = new Map(fields.map(field => [field.key, field]))
  return [
    ...steps.flatMap(step => Object.entries(step.fields ?? {}).flatMap(([key, right]) => {
      const field = known.get(key)
      if (!field) return [`/flow: step ${step.id} names a field ${key} that the form does not have`]
      return right === 'write' && UNWRITTEN.has(field.type) ? [`/flow: step ${step.id} cannot write ${key}: a ${field.type} is not for approvers to fill in`] : []
    })),
    ...steps.flatMap(step => (step.anew ?? []).filter(key => step.fields?.[key] !== 'write').map(key => `/flow: step ${step.id} asks ${key} anew and may not write it`)),
    ...steps.flatMap(step => filledBy(step).flatMap(key => {
      const field = known.get(key)
      if (!field) return [`/flow: step ${step.id} fills in a field ${key} that the form does not have`]
      return UNWRITTEN.has(field.type) ? [`/flow: step ${step.id} cannot fill in ${key}: a ${field.type} is not for a flow to fill in`] : []
    })),
    ...fields.filter(field => field.by === 'approver' && field.type !== 'computed' && !steps.some(step => rightsAt(step, fields).get(field.key) === 'write' || filledBy(step).includes(field.key)))
      .map(field => `/form/fields: ${field.key} is an approver's, and no step may write it`),
  ]
}

// The last rests sealed with the applicant's own submission.
const UNWRITTEN: ReadonlySet<string> = new Set(['note', 'computed', 'id-number'])

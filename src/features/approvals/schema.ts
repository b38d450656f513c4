import { type Static, Type } from 'typebox'

const id = Type.String({ pattern: '^[a-z0-9-]{1,40}$', description: 'unique within the flow' })
const label = Type.String({ minLength: 1, maxLength: 100 })
const closed = { additionalProperties: false }

const approval = Type.Object({
  id,
  kind: Type.Literal('approval'),
  label,
  approver: Type.Object({
    rule: Type.String({ maxLength: 60, description: 'file name in catalogue/approvers/' }),
    params: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  }, closed),
  mode: Type.Union([Type.Literal('any'), Type.Literal('all')], {
    description: 'any: 或签, the first approval passes the node. all: 会签, everyone must approve. One rejection ends the instance in both.',
  }),
  nobody: Type.Optional(Type.Union([Type.Literal('admin'), Type.Literal('refuse'), Type.Literal('pass')], {
    description: 'When the rule finds nobody: the administrators act (default), the instance is rejected, or the node is passed.',
  })),
  self: Type.Optional(Type.Union([Type.Literal('self'), Type.Literal('skip')], {
    description: 'When the applicant is found: acts like anyone (default), or is left out, and the node is passed when nobody else is left.',
  })),
  fields: Type.Optional(Type.Record(Type.String(), Type.Enum(['write', 'read', 'hidden']), { description: 'what who acts here may do with a field of the form, by its key; read where nothing is said' })),
}, closed)

const step = Type.Cyclic({
  Step: Type.Union([approval, Type.Object({
    id,
    kind: Type.Literal('parallel'),
    label,
    branches: Type.Array(Type.Array(Type.Ref('Step'), { maxItems: 100 }), {
      minItems: 1, maxItems: 20, description: 'run side by side; the step is passed when every branch is',
    }),
  }, closed)]),
}, 'Step')

/** A further kind of step is a further member of the union above and a case in `rules/walk.ts`. */
export const flowSchema = Type.Object({ nodes: Type.Array(step, { maxItems: 100 }) }, closed)

/** A structured tree: a list walked in order, whose steps may hold lists of their own. It has no arrows, so none can dangle. */
export type Flow = Static<typeof flowSchema>
export type Step = Flow['nodes'][number]
export type ApprovalStep = Extract<Step, { kind: 'approval' }>
export type ParallelStep = Extract<Step, { kind: 'parallel' }>

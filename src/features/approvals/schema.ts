import { type Static, Type } from 'typebox'
import { conditionSchema } from '../../platform/condition.ts'

const id = Type.String({ pattern: '^[a-z0-9-]{1,40}$', description: 'unique within the flow' })
const label = Type.String({ minLength: 1, maxLength: 100 })
const closed = { additionalProperties: false }
/** A year of them: longer than anything in an office waits. */
const minutes = Type.Integer({ minimum: 1, maximum: 525_600 })
const clock = Type.Optional(Type.Enum(['working', 'clock'], { description: 'What the minutes are counted in: working time (default), or by the clock on the wall.' }))
const numbers = Type.Array(Type.String({ minLength: 1, maxLength: 40 }), { minItems: 1, maxItems: 50, description: '工号' })

const people = Type.Object({
  rule: Type.String({ maxLength: 60, description: 'file name in catalogue/approvers/' }),
  params: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
}, closed)

const vote = Type.Object({
  over: Type.Optional(Type.Number({ minimum: 0, exclusiveMaximum: 100, description: 'Passed by more than this share of all weight, in percent (default 50).' })),
  weights: Type.Optional(Type.Array(Type.Object({
    numbers: Type.Optional(numbers), role: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })), weight: Type.Integer({ minimum: 1, maximum: 1000 }),
  }, closed), { maxItems: 50, description: 'The first that fits a person counts; anyone else weighs 1.' })),
}, closed)

const limit = Type.Object({
  minutes,
  clock,
  remind: Type.Optional(Type.Object({ every: minutes, times: Type.Integer({ minimum: 1, maximum: 10 }) }, { ...closed, description: 'From the limit on, so often.' })),
  over: Type.Optional(Type.Union([Type.Enum(['approve', 'reject']), Type.Object({ to: people }, closed)], {
    description: 'What happens at the limit: the node is passed, the instance is rejected, or others act. Where nothing is named there are only the reminders.',
  })),
}, closed)

const approval = Type.Object({
  id,
  kind: Type.Literal('approval'),
  label,
  approver: people,
  mode: Type.Enum(['any', 'all', 'vote', 'in-turn', 'random', 'pool'], {
    description: `any: 或签, the first approval passes the node. all: 会签, everyone must approve. vote: 票签, by share of weight. in-turn: 依次, one after another.
      random: one of those found, by lot. pool: whoever claims it. One rejection ends the instance; in a vote it is one voice.`,
  }),
  vote: Type.Optional(vote),
  nobody: Type.Optional(Type.Union([Type.Enum(['admin', 'refuse', 'pass']), Type.Object({ numbers }, closed)], {
    description: 'When the rule finds nobody: the administrators act (default), the instance is rejected, the node is passed, or the named people act.',
  })),
  self: Type.Optional(Type.Enum(['self', 'skip', 'leader'], {
    description: 'When the applicant is found: acts like anyone (default), is left out (and the node is passed when nobody else is left), or the superior acts instead.',
  })),
  fields: Type.Optional(Type.Record(Type.String(), Type.Enum(['write', 'read', 'hidden']), { description: 'what who acts here may do with a field of the form, by its key; read where nothing is said' })),
  anew: Type.Optional(Type.Array(Type.String({ maxLength: 40 }), { minItems: 1, maxItems: 50, description: 'Fields that are asked anew whenever the step is reached again: what an earlier round said is taken out. Everything else is kept.' })),
  sign: Type.Optional(Type.Boolean({ description: 'Whoever approves here signs by hand.' })),
  again: Type.Optional(Type.Enum(['never', 'once', 'consecutive'], {
    description: 'When somebody is found who has approved before: asked again (default), not asked again, or not where that was the step just before.',
  })),
  limit: Type.Optional(limit),
}, closed)

const steps = Type.Array(Type.Ref('Step'), { maxItems: 100 })
const branches = Type.Array(Type.Object({ label, when: conditionSchema, nodes: steps }, closed), { minItems: 1, maxItems: 20 })
const value = Type.Union([Type.String({ maxLength: 500 }), Type.Number(), Type.Boolean(), Type.Null()])

const cc = Type.Object({ id, kind: Type.Literal('cc'), label, to: people }, closed)
const parallel = Type.Object({
  id, kind: Type.Literal('parallel'), label,
  branches: Type.Array(steps, { minItems: 1, maxItems: 20, description: 'run side by side; the step is passed when every branch is' }),
}, closed)
const condition = Type.Object({ id, kind: Type.Literal('condition'), label, branches, otherwise: steps }, { ...closed, description: 'The first branch that holds is walked, or `otherwise`.' })
const inclusive = Type.Object({ id, kind: Type.Literal('inclusive'), label, branches, otherwise: steps }, { ...closed, description: 'Every branch that holds is walked, side by side; where none does, `otherwise`.' })
const route = Type.Object({
  id, kind: Type.Literal('route'), label, to: id, when: conditionSchema,
  most: Type.Optional(Type.Integer({ minimum: 1, maximum: 20, description: 'So often at most (default 3): then it goes straight on.' })),
}, closed)
const subProcess = Type.Object({
  id, kind: Type.Literal('sub-process'), label, nodes: steps,
  wait: Type.Optional(Type.Boolean({ description: 'Whether what follows waits for it (default true). It ends with the instance, waited for or not.' })),
  rejected: Type.Optional(Type.Enum(['reject', 'pass'], { description: 'A rejection in it rejects the instance too (default), or is passed over.' })),
}, closed)
const delay = Type.Object({
  id, kind: Type.Literal('delay'), label, clock,
  minutes: Type.Optional(minutes),
  until: Type.Optional(Type.Object({
    field: Type.String({ maxLength: 40, description: 'a day of the form; of a range its last' }),
    time: Type.Optional(Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$', description: "of the school's day (default 00:00)" })),
  }, closed)),
}, { ...closed, description: 'So many minutes, or until a day that the form names; one of the two. Where that day is over, or none was named, it goes on at once.' })
const trigger = Type.Object({
  id, kind: Type.Literal('trigger'), label,
  does: Type.Union([
    Type.Object({ set: Type.Record(Type.String({ maxLength: 40 }), value, { minProperties: 1, maxProperties: 50, description: 'fields of the form and their new values' }) }, closed),
    Type.Object({
      call: Type.String({ minLength: 1, maxLength: 60, description: 'name of a connection that an administrator made' }),
      path: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: "one of the connection's paths; its first where none is named" })),
      send: Type.Optional(Type.Array(Type.String({ maxLength: 40 }), { maxItems: 200, description: 'fields of the form that are sent along' })),
      take: Type.Optional(Type.Record(Type.String({ maxLength: 40 }), Type.String({ pattern: '^(/[^/]{1,100}){1,10}$' }), {
        minProperties: 1, maxProperties: 50, description: 'fields of the form that the answer fills in, each with its place in the JSON of the answer (RFC 6901); without one of them the answer is none',
      })),
    }, closed),
  ]),
  failed: Type.Optional(Type.Enum(['reject', 'pass'], { description: 'A call without a good answer rejects the instance, or is passed over (default).' })),
}, closed)

const step = Type.Cyclic({ Step: Type.Union([approval, cc, parallel, condition, inclusive, route, subProcess, delay, trigger]) }, 'Step')

/** A further kind of step is a further member of the union above and a case in `rules/walk.ts`. */
export const flowSchema = Type.Object({
  nodes: Type.Array(step, { maxItems: 100 }),
  revoke: Type.Optional(Type.Boolean({ description: 'The applicant may take it back even after it was approved.' })),
}, closed)

/** A structured tree: a list walked in order, whose steps may hold lists of their own. It has no arrows, so none can dangle. */
export type Flow = Static<typeof flowSchema>
export type Step = Flow['nodes'][number]
export type ApprovalStep = Extract<Step, { kind: 'approval' }>
export type ParallelStep = Extract<Step, { kind: 'parallel' }>

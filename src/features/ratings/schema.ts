import { type Static, Type } from 'typebox'

const word = (maxLength: number) => Type.Optional(Type.String({ maxLength }))

/** Longer words than are kept are taken, so that they can be given back with what is wrong. */
export const RatingForm = Type.Object({ step: word(10), aspects: Type.Optional(Type.Union([Type.String({ maxLength: 40 }), Type.Array(Type.String({ maxLength: 40 }), { maxItems: 20 })])), words: word(10_000) })
export type RatingWords = Static<typeof RatingForm>

export const AnswerForm = Type.Object({ answer: word(10_000) })
export const ClosingForm = Type.Object({ note: word(10_000) })

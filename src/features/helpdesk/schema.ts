import { Type } from 'typebox'
import { LONGEST } from './rules.ts'

const ID = Type.String({ pattern: '^[0-9A-HJKMNP-TV-Z]{26}$' })
const word = (maxLength: number) => Type.Optional(Type.String({ maxLength }))

export const ById = Type.Object({ id: ID })

/** `website` is for programs: a person does not see it. */
export const AskForm = Type.Object({
  id: ID, name: word(LONGEST.name), number: word(LONGEST.number), school: word(LONGEST.school), contact: word(LONGEST.contact),
  // A browser sends a line break as two characters.
  problem: word(LONGEST.problem * 2), page: word(200), website: word(200),
})

export const TextForm = Type.Object({ text: word(LONGEST.answer * 2) })

export const TicketQuery = Type.Object({ status: word(10), q: word(64), before: Type.Optional(ID) })

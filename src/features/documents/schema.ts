import { Type } from 'typebox'

export const Code = Type.Object({ code: Type.String({ maxLength: 200 }) })
export const Revocation = Type.Object({ reason: Type.String({ maxLength: 10_000 }) })
export const Mailing = Type.Object({ mailbox: Type.String({ maxLength: 1000 }), whose: Type.Optional(Type.String({ maxLength: 10 })), consent: Type.Optional(Type.String({ maxLength: 64 })) })
export const RecordForm = Type.Object({ history: Type.Optional(Type.String({ maxLength: 10 })), files: Type.Optional(Type.String({ maxLength: 10 })) })

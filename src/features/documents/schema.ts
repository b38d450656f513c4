import { Type } from 'typebox'

export const Code = Type.Object({ code: Type.String({ maxLength: 200 }) })
export const Revocation = Type.Object({ reason: Type.String({ maxLength: 10_000 }) })
export const Mailing = Type.Object({ mailbox: Type.String({ maxLength: 1000 }), whose: Type.Optional(Type.String({ maxLength: 10 })), consent: Type.Optional(Type.String({ maxLength: 64 })) })
export const RecordForm = Type.Object({ history: Type.Optional(Type.String({ maxLength: 10 })), files: Type.Optional(Type.String({ maxLength: 10 })) })
export const Passcode = Type.Object({ passcode: Type.String({ maxLength: 100 }) })
export const Asker = Type.Object({ organisation: Type.String({ maxLength: 100 }) })
/** the random id of a digital credential that was found to be ours */
export const Badge = Type.Object({ credential: Type.String({ pattern: '^[0-9a-f-]{36}$' }), organisation: Type.Optional(Type.String({ maxLength: 100 })) })
/** SHA-256 of a file as it is and as it was, by comma */
export const Revisions = Type.Object({ revisions: Type.String({ pattern: '^[0-9a-f]{64}(,[0-9a-f]{64}){0,9}$' }), organisation: Type.Optional(Type.String({ maxLength: 100 })) })

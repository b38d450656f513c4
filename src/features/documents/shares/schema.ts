import { Type } from 'typebox'

const line = Type.Optional(Type.String({ maxLength: 1000 }))

export const ShareForm = Type.Object({ until: line, views: line, passcode: line, recipient: line, mailbox: line, purpose: line, consent: Type.Optional(Type.String({ maxLength: 64 })) })
export const UntilForm = Type.Object({ until: line })
export const SendingForm = Type.Object({ recipient: line, mailbox: line, consent: Type.Optional(Type.String({ maxLength: 64 })) })
export const OpeningForm = Type.Object({ passcode: line })

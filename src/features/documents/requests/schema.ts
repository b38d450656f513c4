import { Type } from 'typebox'

const short = Type.Optional(Type.String({ maxLength: 1000 }))

export const Choosing = Type.Object({ kind: short, number: short, family: short })
export const DeliveryForm = Type.Object({ to: short, mailbox: short, recipient: short, other: short, consent: short, days: short, views: short, passcode: short })

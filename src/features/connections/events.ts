import { Type } from 'typebox'
import { defineEvent } from '../../platform/events.ts'

const about = Type.Object({ connection_id: Type.String() })

/** Each with the connection's id as subject. */
export const connectionMade = defineEvent('connections.made', about)
export const connectionChanged = defineEvent('connections.changed', about)
export const connectionRemoved = defineEvent('connections.removed', about)
export const connectionTested = defineEvent('connections.tested', about)

import { Type } from 'typebox'
import { defineEvent } from '../../platform/events.ts'

/** With the move's id as subject; what became of each application stands in that application's own timeline. */
export const moveBegun = defineEvent('cases.move-begun', Type.Object({ move_id: Type.String(), service_key: Type.String(), version_id: Type.String() }))

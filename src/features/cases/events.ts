import { Type } from 'typebox'
import { defineEvent } from '../../platform/events.ts'

/** With the move's id as subject; what became of each application stands in that application's own timeline. */
export const moveBegun = defineEvent('cases.move-begun', Type.Object({ move_id: Type.String(), service_key: Type.String(), version_id: Type.String() }))

const exported = Type.Object({ export_id: Type.String(), service_key: Type.String(), total: Type.Integer() })

/** Somebody had a list of applications made as a workbook, and took it away; with the export's id as subject. */
export const exportBegun = defineEvent('cases.export-begun', exported)
export const exportFetched = defineEvent('cases.export-fetched', exported)

import { Type } from 'typebox'
import { defineEvent } from '../../../platform/events.ts'
import type { EventLabel } from '../../../platform/feature.ts'

/** An authority was away: the document's seal is of a lower level than it should be. */
export const documentLowered = defineEvent('documents.lowered', Type.Object({ document_id: Type.String(), level: Type.String(), wished: Type.String() }))
/** `from`: the level it had before. */
export const documentRaised = defineEvent('documents.raised', Type.Object({ document_id: Type.String(), level: Type.String(), from: Type.Optional(Type.String()) }))
/** It was stamped as a whole: that proves it until then (a day). */
export const documentArchived = defineEvent('documents.archived', Type.Object({ document_id: Type.String(), level: Type.String(), from: Type.String(), until: Type.String() }))
export const sealEnding = defineEvent('documents.seal-ending', Type.Object({ fingerprint: Type.String(), days: Type.Integer() }))

const page = (event: Record<string, unknown>) => `/documents/${String(event.document_id)}`

export const sealingLabels: Record<string, EventLabel> = {
  [documentLowered.name]: { text: '时间戳或证书状态服务没有应答，签章先做到 {level}，以后自动补到 {wished}', tone: 'quiet', href: page },
  [documentRaised.name]: { text: '签章补到了 {level}', tone: 'quiet', href: page },
  [documentArchived.name]: { text: '盖了归档时间戳（{level}），时间证明到 {until}', tone: 'quiet', href: page },
  [sealEnding.name]: { text: '电子签章的证书还有 {days} 天到期，已通知管理员', tone: 'bad' },
}

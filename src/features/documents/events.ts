import { Type } from 'typebox'
import { defineEvent } from '../../platform/events.ts'
import type { EventLabel } from '../../platform/feature.ts'
import { batchLabels } from './batches/events.ts'

const data = Type.Object({ document_id: Type.String() })

export const documentReserved = defineEvent('documents.reserved', data)
/** As one of a batch, which draws it together with others. */
export const documentGathered = defineEvent('documents.gathered', Type.Object({ document_id: Type.String(), batch_id: Type.String() }))
export const documentIssued = defineEvent('documents.issued', data)
export const documentImpossible = defineEvent('documents.impossible', data)
export const documentRevoked = defineEvent('documents.revoked', data)
/** It was sent to a mailbox named afterwards. */
export const documentMailed = defineEvent('documents.mailed', Type.Object({ document_id: Type.String(), delivery_id: Type.String() }))
export const gradesImported = defineEvent('documents.grades-imported', Type.Object({ import_id: Type.String(), rows: Type.Integer(), created: Type.Integer(), changed: Type.Integer(), data_on: Type.Optional(Type.String()) }))

const page = (event: Record<string, unknown>) => `/documents/${String(event.document_id)}`

export const labels: Record<string, EventLabel> = {
  [documentReserved.name]: { text: '文件开始生成', tone: 'quiet', href: page },
  [documentGathered.name]: { text: '文件排入批量出具', tone: 'quiet', href: page },
  [documentIssued.name]: { text: '文件已签章并送出', tone: 'good', href: page },
  [documentImpossible.name]: { text: '文件不能生成', tone: 'bad', href: page },
  [documentRevoked.name]: { text: '文件已作废', tone: 'bad', href: page },
  [documentMailed.name]: { text: '文件另寄到新填的邮箱', tone: 'quiet' },
  ...batchLabels,
  [gradesImported.name]: { text: '导入成绩 {rows} 行：新增 {created}，更新 {changed}', tone: 'quiet' },
}

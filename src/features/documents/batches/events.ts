import { Type } from 'typebox'
import { defineEvent } from '../../../platform/events.ts'
import type { EventLabel } from '../../../platform/feature.ts'

const data = Type.Object({ batch_id: Type.String() })

export const batchPrepared = defineEvent('documents.batch-prepared', Type.Object({ batch_id: Type.String(), total: Type.Integer() }))
export const batchReady = defineEvent('documents.batch-ready', data)
export const batchBegun = defineEvent('documents.batch-begun', data)
export const batchPaused = defineEvent('documents.batch-paused', data)
export const batchResumed = defineEvent('documents.batch-resumed', data)
export const batchStopped = defineEvent('documents.batch-stopped', data)
export const batchDone = defineEvent('documents.batch-done', data)
export const batchFetched = defineEvent('documents.batch-fetched', Type.Object({ batch_id: Type.String(), documents: Type.Integer() }))
export const batchRevoked = defineEvent('documents.batch-revoked', data)

const href = (event: Record<string, unknown>) => `/admin/documents/batches/${String(event.batch_id)}`

export const batchLabels: Record<string, EventLabel> = {
  [batchPrepared.name]: { text: '准备批量出具 {total} 人的文件', tone: 'quiet', href },
  [batchReady.name]: { text: '批量出具检查完了', tone: 'quiet', href },
  [batchBegun.name]: { text: '开始批量出具', tone: 'good', href },
  [batchPaused.name]: { text: '批量出具已暂停', tone: 'wait', href },
  [batchResumed.name]: { text: '批量出具继续', tone: 'quiet', href },
  [batchStopped.name]: { text: '批量出具已停止', tone: 'bad', href },
  [batchDone.name]: { text: '批量出具完成', tone: 'good', href },
  [batchFetched.name]: { text: '下载了一批文件，共 {documents} 份', tone: 'quiet', href },
  [batchRevoked.name]: { text: '作废整批文件', tone: 'bad', href },
}

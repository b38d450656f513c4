import { Type } from 'typebox'
import { defineEvent } from '../../../platform/events.ts'
import type { EventLabel } from '../../../platform/feature.ts'

const data = Type.Object({ correction_id: Type.String() })

export const correctionReported = defineEvent('documents.correction-reported', data)
export const correctionMended = defineEvent('documents.correction-mended', data)
export const correctionKept = defineEvent('documents.correction-kept', data)
export const correctionWithdrawn = defineEvent('documents.correction-withdrawn', data)

const page = (event: Record<string, unknown>) => `/admin/corrections/${String(event.correction_id)}`

export const correctionLabels: Record<string, EventLabel> = {
  [correctionReported.name]: { text: '本人报告预览里有错', tone: 'wait', href: page },
  [correctionMended.name]: { text: '报告的错误已更正', tone: 'good', href: page },
  [correctionKept.name]: { text: '报告的错误核对无误', tone: 'quiet', href: page },
  [correctionWithdrawn.name]: { text: '本人撤回了报告的错误', tone: 'quiet', href: page },
}

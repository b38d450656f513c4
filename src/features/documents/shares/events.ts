import { Type } from 'typebox'
import { defineEvent } from '../../../platform/events.ts'
import type { EventLabel } from '../../../platform/feature.ts'

const data = Type.Object({ document_id: Type.String(), share_id: Type.String() })

export const shareOpened = defineEvent('documents.share-made', data)
/** Link, and passcode where there is one, went to the mailbox of who was named. */
export const shareMailed = defineEvent('documents.share-mailed', data)
export const shareProlonged = defineEvent('documents.share-prolonged', data)
export const shareEnded = defineEvent('documents.share-ended', data)

export const shareLabels: Record<string, EventLabel> = {
  [shareOpened.name]: { text: '本人开通了分享链接', tone: 'quiet' },
  [shareMailed.name]: { text: '分享链接寄给了指定的人', tone: 'quiet' },
  [shareProlonged.name]: { text: '本人改了分享链接的有效期', tone: 'quiet' },
  [shareEnded.name]: { text: '本人结束了分享链接', tone: 'quiet' },
}

import { Type } from 'typebox'
import { defineEvent } from '../../platform/events.ts'
import type { EventLabel } from '../../platform/feature.ts'

/** Something came from the platform and is kept; `bodyOf(callback_id)` tells what. */
export const callbackReceived = defineEvent('callbacks.received', Type.Object({ callback_id: Type.String(), source: Type.String(), event: Type.String() }))

export const labels: Record<string, EventLabel> = { [callbackReceived.name]: {
  text: '收到{platform}的回调（{event}）', tone: 'quiet', words: ({ source }) => ({ platform: source === 'wechat-pay' ? '微信支付' : '企业微信' }),
} }

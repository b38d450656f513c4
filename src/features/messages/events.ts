import { Type } from 'typebox'
import { defineEvent } from '../../platform/events.ts'
import type { EventLabel } from '../../platform/feature.ts'

const Delivered = Type.Object({ delivery_id: Type.String() })

export const deliverySent = defineEvent('messages.delivery-sent', Delivered)
export const deliveryRefused = defineEvent('messages.delivery-refused', Delivered)
/** The person has no WeCom binding: it waits for one. */
export const deliveryStranded = defineEvent('messages.delivery-stranded', Delivered)
/** It may have arrived or not, and only a person sends it again. */
export const deliveryUnknown = defineEvent('messages.delivery-unknown', Delivered)
/** A mail server said that it is in the mailbox. */
export const deliveryConfirmed = defineEvent('messages.delivery-confirmed', Delivered)
export const deliveryBounced = defineEvent('messages.delivery-bounced', Delivered)
/** A person sent a message again: `delivery_id` is the new one. */
export const deliveryResent = defineEvent('messages.delivery-resent', Delivered)

export const labels: Record<string, EventLabel> = {
  [deliverySent.name]: { text: '通知已发送', tone: 'good' },
  [deliveryRefused.name]: { text: '通知被拒收', tone: 'bad' },
  [deliveryStranded.name]: { text: '没有绑定企业微信，通知等着发送', tone: 'wait' },
  [deliveryUnknown.name]: { text: '通知的发送结果未知', tone: 'wait' },
  [deliveryConfirmed.name]: { text: '邮件已送达', tone: 'good' },
  [deliveryBounced.name]: { text: '邮件被退回', tone: 'bad' },
  [deliveryResent.name]: { text: '{actor}重新发送了通知', tone: 'quiet' },
}

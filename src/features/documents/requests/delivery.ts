import type { Sources } from '../../../integrations/sources/index.ts'
import type { Static } from 'typebox'
import { MOST_VIEWS } from '../shares/rules.ts'
import type { DeliveryForm } from './schema.ts'
import type { Delivery } from './verbs.ts'

export type TypedDelivery = Static<typeof DeliveryForm>
export type WayName = 'mine' | 'other' | 'share' | 'phone'

/** Ways of delivery as they are offered; a link only where links are. */
export function waysOf(shares: boolean): WayName[] {
  return ['mine', 'other', ...shares ? ['share' as const] : [], 'phone']
}

export const DAYS = [7, 30, 90, 180] as const
const LONGEST_NAME = 60

/** What was typed as a delivery, or a sentence for each field that is not right. */
export function readDelivery(typed: TypedDelivery, { shares, email }: { shares: boolean; email: ReturnType<Sources['cells']['email']> }): Delivery | { faults: Record<string, string> } {
  const nothing: Delivery = { mail_to: null, recipient: null, share: null, consent: null }
  const way = waysOf(shares).find(each => each === typed.to)
  if (way === undefined) return { faults: { to: '请选择文件寄往哪里' } }
  if (way === 'phone') return nothing
  if (way === 'share') return readShare(typed, nothing)
  const address = email(way === 'mine' ? typed.mailbox ?? '' : typed.other ?? '')
  const mail_to = typeof address === 'string' ? address : null
  const incomplete = '请填写完整的邮箱地址，类似 name@example.com'
  if (way === 'mine') return mail_to === null ? { faults: { mailbox: incomplete } } : { ...nothing, mail_to }
  // In the order of the form, as the summary on top lists them.
  const faults: Record<string, string> = {}
  const recipient = (typed.recipient ?? '').trim()
  if (recipient === '') faults['recipient'] = '请填写收件的单位或人'
  else if ([...recipient].length > LONGEST_NAME) faults['recipient'] = '收件的单位或人最多 60 个字'
  if (mail_to === null) faults['other'] = incomplete
  if (!typed.consent) faults['consent'] = '寄给别人，需要你同意提供这份文件'
  return Object.keys(faults).length > 0 ? { faults } : { ...nothing, mail_to, recipient, consent: typed.consent ?? null }
}

function readShare({ days, views = '', passcode }: TypedDelivery, nothing: Delivery): Delivery | { faults: Record<string, string> } {
  const faults: Record<string, string> = {}
  const lasting = DAYS.find(each => String(each) === days)
  if (lasting === undefined) faults['days'] = '请选择链接的有效期'
  const most = views.trim() === '' ? null : Number(views)
  if (most !== null && !(Number.isInteger(most) && most >= 1 && most <= MOST_VIEWS)) faults['views'] = '次数填 1 到 100 的整数，不限就空着'
  if (lasting === undefined || Object.keys(faults).length > 0) return { faults }
  return { ...nothing, share: { days: lasting, views: most, passcode: passcode !== undefined } }
}

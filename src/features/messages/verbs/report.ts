import type { Report } from '../../../integrations/mail/index.ts'
import type { Tx } from '../../../platform/db.ts'
import { maskAddress } from '../rules.ts'
import { findDelivery, setReason } from '../store/deliveries.ts'
import { getMessage } from '../store/messages.ts'
import type { Delivery } from '../tables.ts'
import { recordBounced, recordConfirmed } from './deliver.ts'
import { type Binding, tell } from './tell.ts'

/**
 * A mail server reported on a delivery. Said twice, or late, it changes nothing; `later` where the delivery is still going out. Whoever it
 * was sent for is told of a mail that came back.
 */
export async function recordReport(tx: Tx, binding: Pick<Binding, 'wecomUseridsOf'>, delivery_id: string, { outcome, reason, detail }: Omit<Report, 'texts'>): Promise<'taken' | 'later'> {
  const delivery = await findDelivery(tx, delivery_id)
  if (delivery?.channel !== 'mail') return 'taken'
  const { status } = delivery
  if (status === 'queued' || status === 'sending') return 'later'
  const open = status === 'sent' || status === 'unknown'
  if (outcome === 'failed' && (open || status === 'delivered')) {
    await recordBounced(tx, delivery_id, { reason, detail, code: 'mail:bounced' })
    await tellFailed(tx, binding, delivery, { title: '有一封邮件被退回', reason })
  }
  if (outcome === 'delivered' && open) await recordConfirmed(tx, delivery_id, { reason, detail })
  if ((outcome === 'delayed' || outcome === 'relayed') && status === 'sent') await setReason(tx, delivery_id, { reason, detail: detail.slice(0, 300) || null })
  return 'taken'
}

/** Whoever a mail was sent for is told that it did not arrive. */
export async function tellFailed(tx: Tx, binding: Pick<Binding, 'wecomUseridsOf'>, { id, person_id, message_id, address }: Delivery, { title, reason }: { title: string; reason: string }): Promise<void> {
  if (person_id === null) return
  const mail = await getMessage(tx, message_id)
  await tell(tx, binding, {
    to: person_id, kind: 'messages.bounced', title, subject: id,
    lines: [{ label: '邮件', value: mail.title }, { label: '寄往', value: maskAddress(address ?? '') }, { label: '原因', value: reason }],
    text: '请核对邮箱，更正以后再寄一次',
  })
}

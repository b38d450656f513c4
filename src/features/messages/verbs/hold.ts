import type { Tx } from '../../../platform/db.ts'
import { newId } from '../../../platform/ids.ts'
import { enqueue } from '../../../platform/jobs.ts'
import { move } from '../../../platform/machine.ts'
import { textIn } from '../../../platform/text.ts'
import { releaseHeld, sendWecom } from '../jobs/define.ts'
import { heldUntil, type Preference } from '../quiet.ts'
import { deliveryMachine } from '../rules.ts'
import { type Held, listHeld, postpone } from '../store/deliveries.ts'
import { insertMessages } from '../store/messages.ts'
import { keepPreference, preferenceOf } from '../store/preferences.ts'
import { queue } from './tell.ts'

// Messages are kept as sent; the languages people read them in are the pages' matter.
const t = textIn('zh')

/** Keeps when somebody wants their messages; what is held already goes by the new word. */
export async function prefer(tx: Tx, person_id: string, preference: Preference): Promise<void> {
  await keepPreference(tx, person_id, preference)
  const now = tx.bus.clock.now()
  const at = heldUntil(preference, now) ?? now
  if (await postpone(tx, person_id, at)) await enqueue(tx, releaseHeld, { person_id }, { at })
}

/**
 * What was held for a person and is due now goes out: one by one, or as one message where they want a digest. All in one transaction, so that each is
 * sent once whenever the process ends; who comes second finds nothing.
 */
export async function release(tx: Tx, person_id: string): Promise<void> {
  const held = await listHeld(tx, person_id, tx.bus.clock.now())
  const { digest_at } = await preferenceOf(tx, person_id)
  // A file cannot be a line of a list.
  const lines = digest_at === null ? [] : held.filter(one => one.files === '[]')
  if (lines.length > 0) await sendDigest(tx, person_id, lines)
  for (const { id } of lines) await change(tx, id, 'merge')
  for (const { id } of held.filter(one => !lines.includes(one))) {
    await change(tx, id, 'let-go')
    await enqueue(tx, sendWecom, { delivery_id: id })
  }
}

async function sendDigest(tx: Tx, person_id: string, lines: readonly Held[]): Promise<void> {
  const message = {
    id: newId(), person_id, kind: 'messages.digest', title: t('今日汇总：{n} 条通知', { n: lines.length }), facts: JSON.stringify(lines.map(({ title, url }) => ({ label: '', value: title, url }))),
    url: '/messages', subject: person_id, text: null, html: null, card: null, files: '[]', created_at: tx.bus.clock.now(),
  }
  await insertMessages(tx, [message])
  const delivery_id = await queue(tx, { message_id: message.id, person_id, subject: person_id, channel: 'wecom', part: 'digest', status: 'queued' })
  await enqueue(tx, sendWecom, { delivery_id })
}

async function change(tx: Tx, id: string, verb: 'let-go' | 'merge'): Promise<void> {
  await move(tx, deliveryMachine, { id }, verb, { actor: null, data: { delivery_id: id }, set: { due_at: null, changed_at: tx.bus.clock.now() } })
}

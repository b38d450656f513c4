import { hash } from 'node:crypto'
import type { Tx } from '../../platform/db.ts'
import { emit } from '../../platform/events.ts'
import { newId } from '../../platform/ids.ts'
import { eventName } from './body.ts'
import { callbackReceived } from './events.ts'
import { insertReceived, isKept } from './store.ts'
import type { Source } from './tables.ts'
import { readXml } from './xml.ts'

/**
 * Keeps what came and announces it, once: the platform repeats what we answered late, with the same body. Returns the id, null for a repetition.
 * Of two at the same moment the second fails on the unique key (`isDuplicate`).
 */
export async function receive(tx: Tx, source: Source, body: string, event = eventName(readXml(body))): Promise<string | null> {
  const sha256 = hash('sha256', body)
  if (await isKept(tx, sha256)) return null
  const id = newId()
  await insertReceived(tx, { id, source, event, sha256, body, received_at: tx.bus.clock.now() })
  await emit(tx, callbackReceived, { callback_id: id, source, event }, { subject: id, actor: null })
  return id
}

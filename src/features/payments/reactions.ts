import { defineReaction, type Reaction } from '../../platform/events.ts'
import { callbackReceived } from '../callbacks/index.ts'
import type { Deps } from './deps.ts'
import { hearRefund } from './verbs/refund.ts'
import { hear } from './verbs/settle.ts'

/** A notification is kept and heard in one transaction: what was answered with 204 has happened. */
export function onNotification(deps: Deps): Reaction {
  return defineReaction(callbackReceived, async (tx, { callback_id, source, event }) => {
    if (source !== 'wechat-pay' || !deps.pay) return
    const heard = deps.pay.readResource(event, await deps.callbacks.textOf(tx, callback_id))
    if (heard.kind === 'transaction') await hear(tx, deps, heard.transaction)
    else await hearRefund(tx, deps, heard.refund)
  })
}

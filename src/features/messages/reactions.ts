import { defineReaction, type Reaction } from '../../platform/events.ts'
import { wecomBound, wecomUnbound } from '../identity/index.ts'
import { flushWaiting } from './verbs/again.ts'
import { takeBackCards } from './verbs/unbound.ts'
import type { Binding } from './verbs/tell.ts'

/** What waited goes out when a binding begins; what stands on a phone that is nobody's any more is ended when it does. */
export function bindingReactions(binding: Binding): Reaction[] {
  return [
    defineReaction(wecomBound, (tx, _data, { subject }) => flushWaiting(tx, subject)),
    defineReaction(wecomUnbound, (tx, _data, { subject }) => takeBackCards(tx, binding, subject)),
  ]
}

import { Type } from 'typebox'
import { defineJob, defineQueue } from '../../../platform/jobs.ts'

export const wecomQueue = defineQueue('wecom', { concurrency: 4 })
export const mailQueue = defineQueue('mail', { concurrency: 2 })

const OfDelivery = Type.Object({ delivery_id: Type.String() })

// Uploading a large file may take a minute; the lease is kept by a heartbeat meanwhile.
export const sendWecom = defineJob({ name: 'messages.send-wecom', queue: wecomQueue, input: OfDelivery, attempts: 10, lease: 30_000 })
export const sendMail = defineJob({ name: 'messages.send-mail', queue: mailQueue, input: OfDelivery, attempts: 10, lease: 60_000 })
export const updateCard = defineJob({ name: 'messages.update-card', queue: wecomQueue, input: Type.Object({ card_id: Type.String() }), attempts: 10 })
/** What somebody's quiet hours or digest have held back. */
export const releaseHeld = defineJob({ name: 'messages.release-held', queue: wecomQueue, input: Type.Object({ person_id: Type.String() }), attempts: 10 })
export const settleForsaken = defineJob({ name: 'messages.settle-forsaken', queue: mailQueue, every: { minutes: 30 } })
/** In a queue of its own: a mailbox that does not answer must hold back no mail. */
export const bounceQueue = defineQueue('bounces', { concurrency: 1 })
export const readBounces = defineJob({ name: 'messages.read-bounces', queue: bounceQueue, every: { minutes: 5 }, lease: 60_000 })

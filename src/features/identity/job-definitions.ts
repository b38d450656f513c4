import { Type } from 'typebox'
import { defineJob, defineQueue } from '../../platform/jobs.ts'

/** One at a time: what tidies up writes many rows. */
const rosters = defineQueue('rosters', { concurrency: 1 })

/** What a provider takes in a second from one account without complaint. */
const sms = defineQueue('sms', { concurrency: 4, perSecond: 20 })

export const sendCode = defineJob({ name: 'identity.send-code', queue: sms, input: Type.Object({ code_id: Type.String() }), lease: 30_000 })

/** The phone that a person gave up is told, so that a change by a stranger does not stay unseen. */
export const tellOldPhone = defineJob({ name: 'identity.tell-old-phone', queue: sms, input: Type.Object({ note_id: Type.String() }), lease: 30_000 })

/** A link that confirms a mailbox; a few more tries than minutes in its life are of no use. */
const mails = defineQueue('identity-mails', { concurrency: 2, perSecond: 5 })

export const sendMailboxLink = defineJob({ name: 'identity.send-mailbox-link', queue: mails, input: Type.Object({ mailbox_id: Type.String() }), lease: 120_000 })

/** A slice of the phones that have no index yet. */
export const indexPhones = defineJob({ name: 'identity.index-phones', queue: rosters, every: { minutes: 10 } })

/** Ended sessions are of no use after a while; failed sign-ins neither. */
export const prune = defineJob({ name: 'identity.prune', queue: rosters, every: { dailyAt: '03:20' } })

import { Type } from 'typebox'
import { defineJob, defineQueue } from '../../../platform/jobs.ts'

/** Members that somebody waits for: who joins does not stand behind a roster of 40,000. */
const members = defineQueue('members', { concurrency: 4 })
/** Walks through the whole address book: one slice at a time, each within the calls of a minute that the settings allow. */
const contacts = defineQueue('contacts', { concurrency: 1 })

const OfMember = Type.Object({ userid_key: Type.String() })

export const pushMember = defineJob({ name: 'identity.push-member', queue: members, input: OfMember })
/** Reads one member again: an event said that something changed, and not what. */
export const lookAtMember = defineJob({ name: 'identity.look-at-member', queue: members, input: OfMember })
export const hearContacts = defineJob({ name: 'identity.hear-contacts', queue: members, input: Type.Object({ callback_id: Type.String() }) })

export const contactSlice = defineJob({ name: 'identity.contact-slice', queue: contacts, input: Type.Object({ run_id: Type.String(), position: Type.Integer() }) })
/** At night, when the roster of the day is in and nobody waits. */
export const reconcileNightly = defineJob({ name: 'identity.reconcile-contacts', queue: contacts, every: { dailyAt: '02:10' } })

import type { Tx } from '../../platform/db.ts'
import { defineReaction } from '../../platform/events.ts'
import type { Feature } from '../../platform/feature.ts'
import { enqueue } from '../../platform/jobs.ts'
import { callbackReceived } from '../callbacks/index.ts'
import type { Context } from './deps.ts'
import { phoneChanged } from './events.ts'
import { contactLabels } from './events-contacts.ts'
import { rosterImported, standingMarked } from './events-roster.ts'
import { createContactJobs } from './jobs/contacts.ts'
import { hearContacts } from './jobs/define-contacts.ts'
import { unlessRunning } from './jobs/hear-contacts.ts'
import { contactRoutes } from './routes/admin-contacts.ts'
import { isContactEvent } from './rules/contact-events.ts'
import { contactRunMachine } from './rules/contact-run.ts'
import { firstRead } from './store/contact-runs.ts'
import { beginPull, beginPush } from './verbs/contact-runs.ts'
import { markPerson } from './verbs/members.ts'

/** WeCom's address book: written from the roster, read back, compared, and heard of. What identity/README.md says of it is done here. */
export function createContacts(context: Context) {
  const { contacts: { writesContacts } } = context
  // Before it was read once, nobody knows which departments and members are there already: nothing is written by itself.
  const rosterChanged = async (tx: Tx): Promise<void> => { if (writesContacts && await firstRead(tx) !== null) await beginPush(tx, null, { marking: true }) }
  return {
    /** Begins the first reading, where there was none: an operator's button, and the demo's. */
    async readAddressBook(tx: Tx): Promise<void> {
      if (await firstRead(tx) === null) await beginPull(tx, null).catch(unlessRunning)
    },
    labels: contactLabels,
    jobs: createContactJobs(context),
    machines: [contactRunMachine],
    console: [{ right: 'contacts.sync', routes: contactRoutes(context) }],
    consoleMenu: [{ group: '人员', label: '通讯录', href: '/admin/contacts', icon: 'people', right: 'contacts.sync' }],
    reactions: [
      // In the transaction only a job is queued: a callback must not be lost because of what it says.
      defineReaction(callbackReceived, async (tx, { callback_id, source, event }) => {
        if (isContactEvent(source, event)) await enqueue(tx, hearContacts, { callback_id })
      }),
      defineReaction(rosterImported, rosterChanged),
      defineReaction(standingMarked, rosterChanged),
      defineReaction(phoneChanged, async (tx, _data, { subject }) => { if (writesContacts) await markPerson(tx, subject) }),
    ],
  } satisfies Partial<Feature> & Record<string, unknown>
}

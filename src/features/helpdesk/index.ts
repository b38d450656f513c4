import type { Database } from '../../platform/db.ts'
import type { Feature } from '../../platform/feature.ts'
import { consoleRoutes } from './console-routes.ts'
import { labels } from './events.ts'
import { publicRoutes } from './routes.ts'
import { ticketMachine } from './rules.ts'
import { ticketsOf } from './store.ts'
import { CONTACT, createVerbs, type VerbDeps } from './verbs.ts'

export { contactShown, ticketAnswered, ticketClosed, ticketOpened } from './events.ts'

type Deps = VerbDeps & {
  database: Database
  /** when somebody answers, in words, and the number to call */
  hours: string
  phone: string | undefined
}

const MOST = 500

/** Requests for help: from anyone, signed in or not; answered in the console. */
export function createHelpdesk(deps: Deps): Feature {
  const verbs = createVerbs(deps)
  return {
    name: 'helpdesk',
    publicRoutes: publicRoutes({ ...deps, verbs }),
    console: [{ right: 'tickets.answer', routes: consoleRoutes({ ...deps, verbs, labels }) }],
    hallMenu: [{ group: '帮助', label: '联系客服', href: '/help' }],
    consoleMenu: [{ group: '业务', label: '求助', href: '/admin/tickets', icon: 'chat', right: 'tickets.answer' }],
    personal: async (db, person_id) => [{
      label: '求助', purpose: '答复你遇到的问题', source: '你提交的求助', term: '不少于六个月',
      entries: (await ticketsOf(db, person_id, MOST)).map(ticket => ({ title: ticket.code, at: ticket.created_at, facts: [{ label: '遇到的问题', value: ticket.problem }] })),
    }],
    machines: [ticketMachine],
    sealed: [{ table: 'helpdesk_tickets', id: 'id', column: 'contact_sealed', purpose: CONTACT }],
    labels,
  }
}

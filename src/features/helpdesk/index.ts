import type { Database } from '../../platform/db.ts'
import type { Feature } from '../../platform/feature.ts'
import { consoleRoutes } from './console-routes.ts'
import { labels } from './events.ts'
import { publicRoutes } from './routes.ts'
import { ticketMachine } from './rules.ts'
import { CONTACT, createVerbs, type VerbDeps } from './verbs.ts'

export { contactShown, ticketAnswered, ticketClosed, ticketOpened } from './events.ts'

type Deps = VerbDeps & {
  database: Database
  /** when somebody answers, in words, and the number to call */
  hours: string
  phone: string | undefined
}

/** Requests for help: from anyone, signed in or not; answered in the console. */
export function createHelpdesk(deps: Deps): Feature {
  const verbs = createVerbs(deps)
  return {
    name: 'helpdesk',
    publicRoutes: publicRoutes({ ...deps, verbs }),
    console: [{ right: 'tickets.answer', routes: consoleRoutes({ ...deps, verbs, labels }) }],
    consoleMenu: [{ group: '业务', label: '求助', href: '/admin/tickets', icon: 'chat', right: 'tickets.answer' }],
    machines: [ticketMachine],
    sealed: [{ table: 'helpdesk_tickets', id: 'id', column: 'contact_sealed', purpose: CONTACT }],
    labels,
  }
}

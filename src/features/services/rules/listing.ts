/** What a list is asked for, as its address says it; '' where nothing is said. */
export type Listing = {
  /** the tab, and the one that is meant where none is said */
  state: string
  usual: string
  service: string
  status: string
  /** days, both included: YYYY-MM-DD */
  from: string
  to: string
  /** only what is over its time */
  late: boolean
  q: string
  /** where the page before ended */
  before: string
}

const LONGEST_QUESTION = 60

/** From the address; what cannot be meant is as if it were not there. `states`: the tabs, the usual one first. */
export function readListing(query: unknown, states: readonly [string, ...string[]]): Listing {
  const said = new Map<string, unknown>(typeof query === 'object' && query !== null ? Object.entries(query) : [])
  const text = (name: string) => textOf(said.get(name))
  return {
    state: states.find(state => state === text('state')) ?? states[0], usual: states[0], service: text('service'), status: text('status'),
    from: dayIn(text('from')), to: dayIn(text('to')), late: text('late') === '1', q: text('q').slice(0, LONGEST_QUESTION), before: text('before'),
  }
}

/** The same list with changes; without `before` among them, from its beginning. */
export function addressOf(path: string, listing: Listing, changes: Partial<Listing> = {}): string {
  const { late, usual, state, ...words } = { ...listing, before: '', ...changes }
  const said = Object.entries({ state: state === usual ? '' : state, ...words, late: late ? '1' : '' }).filter(([, value]) => value !== '')
  return said.length === 0 ? path : `${path}?${new URLSearchParams(said)}`
}

/** Nothing but the tab. */
export const WHOLE: Partial<Listing> = { service: '', status: '', from: '', to: '', late: false, q: '' }

/** Is less than the whole tab asked for? */
export function isNarrowed({ service, status, from, to, late, q }: Listing): boolean {
  return late || [service, status, from, to, q].some(text => text !== '')
}

/** What is wrong with the days, as a phrase; null where nothing is. */
export function faultOfPeriod({ from, to }: Pick<Listing, 'from' | 'to'>): string | null {
  return from !== '' && to !== '' && to < from ? '结束日期早于开始日期，请改正其中一个' : null
}

/** As stores ask: instants (epoch ms) of the school's days, `to` left out. */
export function periodOf({ from, to }: Pick<Listing, 'from' | 'to'>): { from?: number; to?: number } {
  return { ...(from && { from: startOf(from) }), ...(to && { to: startOf(to) + 86_400_000 }) }
}

const startOf = (day: string) => Date.parse(`${day}T00:00:00+08:00`)

function dayIn(text: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text) ? text : ''
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : ''
}

/** Whose services are shown: those one may use oneself, those for students or for staff, all. */
export const SCOPES = ['mine', 'student', 'staff', 'all'] as const
export type Scope = (typeof SCOPES)[number]

export type Filter = { q: string; category: string; scope: Scope; /** from 1 */ page: number }

const LONGEST = 60

/** From the address; what cannot be is left out. */
export function readFilter(query: Record<string, unknown>): Filter {
  const text = (name: string) => {
    const value = query[name]
    return typeof value === 'string' ? value.trim().slice(0, LONGEST) : ''
  }
  return { q: text('q'), category: text('category'), scope: SCOPES.find(scope => scope === text('for')) ?? 'mine', page: Math.max(1, Math.min(1000, Number.parseInt(text('page'), 10) || 1)) }
}

/** The address of the list with this filter; what is as usual is left out. */
export function filterPath({ q = '', category = '', scope = 'mine', page = 1 }: Partial<Filter>): string {
  const pairs = Object.entries({ q, category, for: scope === 'mine' ? '' : scope, page: page === 1 ? '' : String(page) }).filter(([, value]) => value !== '')
  return pairs.length === 0 ? '/services' : `/services?${new URLSearchParams(pairs)}`
}

type Service = { own: boolean; audience: readonly string[]; category: string }

export function fitsFilter({ own, audience, category }: Service, filter: Pick<Filter, 'scope' | 'category'>): boolean {
  if (filter.category !== '' && category !== filter.category) return false
  if (filter.scope === 'mine') return own
  return filter.scope === 'all' || audience.some(standing => (standing === 'employed') === (filter.scope === 'staff'))
}

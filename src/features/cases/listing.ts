import type { Db } from '../../platform/db.ts'
import type { CaseFilters } from '../services/index.ts'
import type { Deps } from './deps.ts'
import { filtersOf, type Query } from './pages/list.ts'

/** So many people may be meant by what was typed of a holder. */
const MOST_HOLDERS = 50

/** What a list's address asks the database for, of these services; undefined for all. */
export async function caseFilters({ approvals, clock, identity }: Pick<Deps, 'approvals' | 'clock' | 'identity'>, db: Db, query: Query, services: readonly string[] | undefined): Promise<CaseFilters> {
  const { holder, overdue } = query
  const people = holder?.trim() ? (await identity.searchPeople(db, { q: holder, limit: MOST_HOLDERS })).people.map(person => person.id) : null
  return { ...filtersOf(query), services, among: [...people ? [approvals.subjectsHeldBy(db, people)] : [], ...overdue === '1' ? [approvals.subjectsOverdue(db, clock.now())] : []] }
}

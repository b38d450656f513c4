import type { T } from '../../../platform/text.ts'
import type { Context } from '../deps.ts'

/** What was typed on a page that chooses people. */
export type Choosing = { q: string; to: readonly string[]; many: boolean; /** who cannot be meant, though the words fit */ without?: string | undefined }

type Chooser = Pick<Context, 'database'> & { identity: Pick<Context['identity'], 'searchPeople' | 'peopleByIds'> }

/** So many are offered: who is not among them types more of the name. */
const OFFERED = 10

/** The people chosen so far and those that the search finds, as choices; staff by name and department, nothing else of them. */
export async function choosingPage({ identity, database: { db } }: Chooser, t: T, { q, to, many, without }: Choosing, error?: string) {
  const { people, next } = q.trim() === '' ? { people: [], next: null } : await identity.searchPeople(db, { q, kind: 'staff', limit: OFFERED })
  const chosen = await identity.peopleByIds(db, to)
  const found = people.filter(({ id }) => id !== without)
  const offered = [...new Map([...chosen, ...found].map(person => [person.id, person])).values()]
  return {
    q, next: next !== null, searched: q.trim() !== '', empty: q.trim() !== '' && found.length === 0,
    field: offered.length > 0 && {
      name: 'to', type: many ? 'checkbox' : 'radio', label: many ? t('选择人员，可选多人') : t('选择人员'), value: [...to], ...(error && { error }),
      options: offered.map(({ id, name, unit_name }) => ({ value: id, text: name, help: unit_name })),
    },
    error: offered.length > 0 ? undefined : error,
  }
}

import type { Db } from '../../../platform/db.ts'
import { searchKey } from '../rules/names.ts'
import type { Kind } from '../tables.ts'
import { type Person, selectPeople } from './people.ts'

export type Search = {
  /** part of a name, of its pinyin or initials, or the beginning of a number */
  q?: string | undefined
  kind?: Kind | undefined
  /** any of these units */
  unit_ids?: readonly string[] | undefined
  /** the `next` of the page before */
  after?: string | undefined
  limit?: number | undefined
}

export type Found = { people: Person[]; next: string | null }

/** People in the order of their pinyin, a page at a time (keyset: the place in the order, not a count of rows to skip). */
export async function searchPeople(db: Db, { q = '', kind, unit_ids, after, limit = 50 }: Search): Promise<Found> {
  const typed = q.normalize('NFC').trim().slice(0, 60)
  const place = readPlace(after)
  const rows = await selectPeople(db).select('p.name_pinyin').whereRef('n.number', '=', 'p.number')
    .$if(kind !== undefined, query => query.where('n.kind', '=', kind ?? 'student'))
    .$if(unit_ids !== undefined, query => query.where('n.unit_id', 'in', unit_ids?.length ? unit_ids : ['']))
    .$if(typed !== '', query => query.where(match => {
      const key = searchKey(typed)
      return match.or([
        match('p.name', 'like', contains(typed)),
        match.exists(match.selectFrom('identity_numbers as other').select('other.number').whereRef('other.person_id', '=', 'p.id').where('other.number', 'like', `${escaped(typed.normalize('NFKC'))}%`)),
        ...(key === null ? [] : [match('p.name_pinyin', 'like', contains(key)), match('p.initials', 'like', `${escaped(key)}%`)]),
      ])
    }))
    .$if(place !== null, query => query.where(match => match.or([
      match('p.name_pinyin', '>', place?.pinyin ?? ''),
      match.and([match('p.name_pinyin', '=', place?.pinyin ?? ''), match('p.id', '>', place?.id ?? '')]),
    ])))
    .orderBy('p.name_pinyin').orderBy('p.id').limit(limit + 1).execute()
  const people = rows.slice(0, limit)
  const last = people.at(-1)
  return { people, next: rows.length > limit && last ? `${last.name_pinyin}~${last.id}` : null }
}

function readPlace(after: string | undefined): { pinyin: string; id: string } | null {
  const found = /^([a-z]*)~([0-9A-Z]{26})$/.exec(after ?? '')
  return found ? { pinyin: found[1] ?? '', id: found[2] ?? '' } : null
}

// A backslash escapes on MySQL without being asked and nowhere else; so the wild cards are taken out instead of escaped.
function escaped(text: string): string {
  return text.replace(/[%_\\]/g, '')
}

function contains(text: string): string {
  return `%${escaped(text)}%`
}

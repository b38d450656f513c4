import type { DocumentType, Gender, NumbersTable, UnitsTable } from '../tables.ts'

export type KnownUnit = Pick<UnitsTable, 'id' | 'code' | 'name' | 'name_en' | 'kind' | 'parent_id' | 'head_number' | 'deputy_numbers'>

export type KnownPerson = {
  id: string
  number: string
  name: string
  name_en: string
  gender: Gender
  birth_on: string | null
  document_type: DocumentType
  document: string
  phone: string | null
  /** an SMS proved it: then the person's word goes before the roster's */
  phone_proven: boolean
  email: string | null
  /** a mailed link proved it: as with the phone */
  email_proven: boolean
}

export type KnownNumber = Omit<NumbersTable, 'session_epoch' | 'created_at' | 'updated_at'>

export type KnownRole = { role: string; unit_id: string }

/** What is known of the people a roster speaks of. Plans are added to it, so that later rows of the same file see them. */
export type RosterState = {
  /** by code */
  units: Map<string, KnownUnit>
  unitsById: Map<string, KnownUnit>
  /** by id */
  people: Map<string, KnownPerson>
  /** person by document */
  documents: Map<string, string>
  numbers: Map<string, KnownNumber>
  /** who proved a phone to be theirs */
  phones: Map<string, string>
  /** the numbers of a person */
  owned: Map<string, Set<string>>
  /** who has which member of WeCom (lower case) */
  userids: Map<string, string>
  /** the member a number has, null where it had one and was unbound */
  bindings: Map<string, string | null>
  /** what earlier rosters granted, by person */
  roles: Map<string, KnownRole[]>
  /** what people granted, which no roster takes */
  byHand: Map<string, KnownRole[]>
  /** who holds each of the administrators' roles now */
  administrators: Map<string, Set<string>>
}

export function emptyState(): RosterState {
  return { units: new Map(), unitsById: new Map(), phones: new Map(), people: new Map(), documents: new Map(), numbers: new Map(), owned: new Map(), userids: new Map(), bindings: new Map(), roles: new Map(), byHand: new Map(), administrators: new Map() }
}

export function addUnit(state: RosterState, unit: KnownUnit): void {
  state.units.set(unit.code, unit)
  state.unitsById.set(unit.id, unit)
}

export function addNumber(state: RosterState, number: KnownNumber): void {
  state.numbers.set(number.number, number)
  state.owned.set(number.person_id, (state.owned.get(number.person_id) ?? new Set()).add(number.number))
}

export type Change = { label: string; from: string; to: string }
/** What is done otherwise than the file says, and why. */
export type Note = { column: string; sentence: string }
export type Refused = { outcome: 'refused'; column: string; sentence: string; params?: Record<string, string | number> }

export function refuse(column: string, sentence: string, params?: Record<string, string | number>): Refused {
  return { outcome: 'refused', column, sentence, ...(params && { params }) }
}

/** What differs between two records, by the columns' heads; `shown` masks what must not stand in a preview. */
export function changesBetween<T extends object>(before: T | null, after: T, labels: Partial<Record<keyof T & string, string>>, shown: (key: string, value: unknown) => string): Change[] {
  if (!before) return []
  const old = new Map(Object.entries(before))
  return Object.entries(after).filter(([key, value]) => old.get(key) !== value)
    .map(([key, value]) => ({ label: new Map<string, unknown>(Object.entries(labels)).get(key), from: shown(key, old.get(key)), to: shown(key, value) }))
    .flatMap(({ label, ...change }) => (typeof label === 'string' ? [{ label, ...change }] : []))
}

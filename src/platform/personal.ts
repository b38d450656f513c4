/** A fact about a person. `whole` is for their own copy where `value` is masked for the screen. */
export type PersonalFact = { label: string; value: string | number | null; whole?: string | undefined; /** a time, in milliseconds */ at?: boolean }

export type PersonalEntry = { title: string; at?: number; facts: readonly PersonalFact[] }

/** What a feature keeps about a person, of one kind; all words are phrases. */
export type PersonalKind = {
  label: string
  purpose: string
  /** where it comes from */
  source: string
  /** how long it is kept */
  term: string
  entries: readonly PersonalEntry[]
}

import type { BoundField } from './field.ts'
import type { KnownPerson } from './known.ts'

export type Option = { value: string; label: string }
export type Line = {
  kind: 'line'; type: 'text' | 'email' | 'date' | 'time' | 'tel'; inputmode?: string; autocomplete?: string; maxlength?: number
  min?: string; max?: string; /** unit, behind the input */ suffix?: string
}

/** How a field is drawn. The page places it; which control fits is known by the type alone. */
export type Control =
  | Line
  | { kind: 'area'; maxlength: number; rows: number }
  | { kind: 'choice'; options: readonly Option[]; as: 'radio' | 'list' | 'check' }
  /** a tree of options; a choice is the path to a leaf, its parts joined by `/` */
  | { kind: 'levels'; options: readonly Branch[] }
  | { kind: 'pair'; line: Line }
  | { kind: 'files'; accept: string; pictures: boolean }
  | { kind: 'rating'; options: readonly Option[] }
  /** `among`: who may be chosen, null for anyone of that kind; `preset`: who stands chosen until something is typed; `step`: of the flow, whose people these are */
  | { kind: 'person'; of: 'staff' | 'student'; most: number; among: readonly KnownPerson[] | null; preset: readonly KnownPerson[]; step?: string }
  | { kind: 'unit'; many: boolean }
  | { kind: 'table'; columns: readonly BoundField[]; least: number; most: number; sums: readonly string[] }
  | { kind: 'signature' }
  | { kind: 'location' }
  | { kind: 'computed' }
  | { kind: 'words'; tone: 'info' | 'warn' }

export type Branch = Option & { children?: readonly Branch[] }

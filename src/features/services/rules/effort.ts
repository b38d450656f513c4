import type { BoundField, Control } from '../fields/field.ts'
import type { Form } from './form.ts'

/** Seconds that it takes a person to answer, once it is read and known. */
const SECONDS: Record<Control['kind'], number> = {
  line: 10, area: 60, choice: 5, levels: 10, pair: 15, files: 90, rating: 5, person: 15, unit: 10, table: 20, signature: 15, location: 15, computed: 0, words: 0,
}
/** Characters of Chinese that are read in a second. */
const READING = 6

/** About how many minutes it takes to fill in: what need not be answered counts half, what is filled in already only has to be read. */
export function minutesToFill({ fields }: Form): number {
  return Math.max(1, Math.round(fields.reduce((sum, field) => sum + secondsOf(field), 0) / 60))
}

function secondsOf({ definition: { label, help = '', required, when, prefill, type }, control }: BoundField): number {
  const reading = (label.length + help.length) / READING
  const answering = prefill ? 0 : control.kind === 'table' ? SECONDS.table + control.columns.reduce((sum, column) => sum + SECONDS[column.control.kind], 0) * Math.max(1, control.least) : SECONDS[control.kind]
  const certain = when === undefined && (required === true || type === 'note')
  return (reading + answering) * (certain ? 1 : 0.5)
}

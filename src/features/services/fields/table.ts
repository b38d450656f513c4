import { type Static, Type } from 'typebox'
import { AppError } from '../../../platform/errors.ts'
import type { T } from '../../../platform/text.ts'
import { added } from '../rules/expression.ts'
import { cellTypes } from './cells.ts'
import { type BoundField, CommonField, defineField, type Fault, MISSHAPEN, type Typed, type TypedParts } from './field.ts'
import { missing } from './missing.ts'

const USUAL_ROWS = 20
const MOST_ROWS = 500
const MOST_COLUMNS = 12

const extra = Type.Object({
  columns: Type.Array(CommonField, { minItems: 1, maxItems: MOST_COLUMNS }),
  min_rows: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_ROWS })),
  max_rows: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_ROWS })),
  /** columns that are added up below the rows */
  sums: Type.Optional(Type.Array(Type.String(), { maxItems: MOST_COLUMNS, uniqueItems: true })),
})
type Extra = Static<typeof extra>
type Row = Readonly<Record<string, unknown>>

/** Rows of equal fields. Blank rows are nothing. */
export const tableField = defineField({
  name: 'table',
  extra,
  faults: field => [...columnFaults(field), ...sumFaults(field), ...((field.min_rows ?? 1) > (field.max_rows ?? USUAL_ROWS) ? ['min_rows: more than max_rows'] : [])],
  value: ({ columns, max_rows = USUAL_ROWS }) => Type.Array(rowSchema(columnsOf(columns)), { minItems: 1, maxItems: max_rows }),
  control: ({ columns, min_rows = 1, max_rows = USUAL_ROWS, sums = [] }) => ({ kind: 'table', columns: columnsOf(columns), least: min_rows, most: max_rows, sums }),
  shape: ({ columns, max_rows = USUAL_ROWS }) => ({ kind: 'rows', columns: columnsOf(columns), most: max_rows }),
  read(typed, { columns, min_rows = 1, max_rows = USUAL_ROWS }) {
    const rows = rowsOf(typed)
    if (!rows) return MISSHAPEN
    const readings = rows.map((row, at) => isBlank(row) ? null : readRow(columnsOf(columns), row, at)).filter(reading => reading !== null)
    if (readings.length === 0) return { value: undefined }
    if (readings.length > max_rows) return { fault: { sentence: '“{label}”最多 {n} 行，现在有 {now} 行', params: { n: max_rows, now: readings.length } } }
    const faults = Object.assign({}, ...readings.map(reading => reading.faults))
    if (Object.keys(faults).length > 0) return { faults, value: readings.map(reading => reading.values) }
    if (readings.length < min_rows) return { fault: { sentence: '“{label}”至少 {n} 行，现在有 {now} 行', params: { n: min_rows, now: readings.length } } }
    return { value: readings.map(reading => reading.values) }
  },
  typed: (rows, { columns }) => rows.map(row => typedRow(columnsOf(columns), row)),
  summary: (rows, { columns, sums = [] }, t) => [t('{n} 行', { n: rows.length }), ...columnsOf(columns).filter(({ definition: { key } }) => sums.includes(key))
    .map(column => t('{label}合计 {sum}', { label: t(column.definition.label), sum: sumOf(column, rows, t) }))].join(t('，')),
  grid(rows, { columns, sums = [] }, t) {
    const bound = columnsOf(columns)
    return {
      head: bound.map(column => t(column.definition.label)),
      rows: rows.map(row => bound.map(column => column.summary(row[column.definition.key], t))),
      sums: sums.length === 0 ? null : bound.map(column => sums.includes(column.definition.key) ? sumOf(column, rows, t) : ''),
    }
  },
})

// A definition is bound once: a table asks for its columns at every turn.
const kept = new WeakMap<Extra['columns'], readonly BoundField[]>()

function columnsOf(columns: Extra['columns']): readonly BoundField[] {
  const known = kept.get(columns)
  if (known) return known
  const bound = columns.map(column => {
    const type = cellTypes.get(column.type)
    if (!type) throw new AppError('invalid', `no column can be of type ${column.type}`)
    return type.bind(column)
  })
  kept.set(columns, bound)
  return bound
}

function columnFaults({ columns }: Extra): string[] {
  const keys = columns.map(column => column.key)
  return columns.flatMap((column, at) => {
    const type = cellTypes.get(column.type)
    if (!type) return [`columns/${at}/type: no column can be of type ${column.type}`]
    return [
      ...keys.indexOf(column.key) === at ? [] : [`columns/${at}/key: ${column.key} is there twice`],
      ...column.when || column.prefill || column.by ? [`columns/${at}: a column has no when, prefill or by; its table has`] : [],
      ...type.faults(column).map(fault => `columns/${at}/${fault}`),
    ]
  })
}

function sumFaults({ columns, sums = [] }: Extra): string[] {
  return sums.filter(key => !['number', 'money', 'computed'].includes(columns.find(column => column.key === key)?.type ?? '')).map(key => `sums: no column ${key} can be added up`)
}

function rowSchema(columns: readonly BoundField[]) {
  return Type.Object(Object.fromEntries(columns.flatMap(({ definition: { key, required }, schema }) => schema === null ? [] : [[key, required ? schema : Type.Optional(schema)]])), { additionalProperties: false })
}

function rowsOf(typed: Typed): readonly TypedParts[] | null {
  if (typed === '') return []
  return Array.isArray(typed) && typed.every(row => typeof row === 'object' && !Array.isArray(row)) ? typed : null
}

export function isBlank(row: TypedParts): boolean {
  return Object.values(row).every(cell => typeof cell === 'string' ? cell.trim() === '' : cell.length === 0)
}

function readRow(columns: readonly BoundField[], row: TypedParts, at: number): { values: Row; faults: Record<string, Fault> } {
  const values: Record<string, unknown> = {}
  const faults: Record<string, Fault> = {}
  for (const column of columns) {
    const { key, label, required } = column.definition
    const reading = column.compute ? { value: column.compute(values) } : column.read(row[key] ?? '')
    const fault = 'fault' in reading ? reading.fault : 'value' in reading && reading.value === undefined && required ? missing(column) : null
    if (fault) faults[`${at}.${key}`] = { ...fault, params: { ...fault.params, label } }
    else if ('value' in reading && reading.value !== undefined) values[key] = reading.value
  }
  return { values, faults }
}

/** What one typed row comes to so far, whatever is still wrong with it. */
export function rowValues(columns: readonly BoundField[], row: TypedParts): Row {
  return readRow(columns, row, 0).values
}

function typedRow(columns: readonly BoundField[], row: Row): TypedParts {
  return Object.fromEntries(columns.flatMap((column): [string, string][] => {
    const typed = column.compute ? '' : column.typed(row[column.definition.key])
    return typeof typed === 'string' && typed !== '' ? [[column.definition.key, typed]] : []
  }))
}

/** What a column adds up to, as its own amounts read. */
export function sumOf({ definition: { key }, amount }: BoundField, rows: readonly Row[], t: T): string {
  const sum = added(rows.flatMap(row => typeof row[key] === 'number' ? [row[key]] : []))
  return amount ? amount(sum, t) : String(sum)
}

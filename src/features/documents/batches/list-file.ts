import type { CellError, Sources } from '../../../integrations/sources/index.ts'
import type { Db } from '../../../platform/db.ts'
import type { Identity } from '../index.ts'
import type { Chosen } from './verbs.ts'

const NUMBERS_AT_ONCE = 500

/**
 * The people of a list as .xlsx or .csv, of which only the column of numbers is read, and what is wrong with it by row. A number that is nobody's is
 * an error of the file: who made it meant somebody. Throws `invalid` where the bytes are no table.
 */
export async function readList({ sources: { readTable, cells }, identity }: { sources: Pick<Sources, 'readTable' | 'cells'>; identity: Pick<Identity, 'peopleByNumbers'> }, db: Db, bytes: Uint8Array): Promise<{ people: Chosen[]; errors: CellError[] }> {
  const { rows, errors } = await readTable(bytes, { number: { header: '学号', also: ['学工号'], required: true, unique: true, read: cells.code(32) } })
  const known = await peopleOf(identity, db, rows.map(({ values }) => values.number))
  const strangers = rows.filter(({ values: { number } }) => !known.has(number)).map(({ row, values: { number } }): CellError => ({ row, column: '学号', value: number, sentence: '名单里没有这个学号，请先导入学生名单' }))
  return { people: rows.flatMap(({ values: { number } }) => known.get(number) ?? []), errors: [...errors, ...strangers].toSorted((a, b) => a.row - b.row) }
}

/** Those who have these numbers, by number. */
export async function peopleOf(identity: Pick<Identity, 'peopleByNumbers'>, db: Db, numbers: readonly string[]): Promise<Map<string, Chosen>> {
  const people = new Map<string, Chosen>()
  for (let from = 0; from < numbers.length; from += NUMBERS_AT_ONCE) {
    for (const { id, number, name } of await identity.peopleByNumbers(db, numbers.slice(from, from + NUMBERS_AT_ONCE))) people.set(number, { person_id: id, number, name })
  }
  return people
}

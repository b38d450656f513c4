import type { CellError, Sources } from '../../../integrations/sources/index.ts'
import type { Database } from '../../../platform/db.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import { turn } from '../../../platform/turn.ts'
import type { Identity } from '../index.ts'
import { holdsImported } from './events.ts'
import { LONGEST_REASON } from './rules.ts'
import { openOfType } from './store.ts'
import type { HoldType } from './types.ts'
import type { HoldVerbs } from './verbs.ts'

export type HoldReport = { rows: number; created: number; changed: number; unchanged: number; lifted: number; errors: CellError[] }

type Deps = { database: Database; sources: Sources; identity: Pick<Identity, 'knownNumbers'>; types: ReadonlyMap<string, HoldType>; holds: HoldVerbs }
type Options = { /** the list names everyone who is held: who is not in it is let go */ whole: boolean }

const SLICE = 200

function columnsOf(cells: Sources['cells'], types: ReadonlyMap<string, HoldType>) {
  return {
    number: { header: '学号', required: true, read: cells.code(32) },
    type: { header: '类型', required: true, read: cells.choice(Object.fromEntries([...types.values()].map(({ key, label }) => [label, key]))) },
    // 原因 alone is the column that our own lists of errors add.
    reason: { header: '限制原因', also: ['事由', '说明'], required: true, read: cells.text(LONGEST_REASON) },
    since: { header: '开始日期', also: ['起'], read: cells.date() },
    until: { header: '截止日期', also: ['止'], read: cells.date() },
  } as const
}

type Row = { number: string; type: string; reason: string; since: string | null; until: string | null }

/** Reads holds from an .xlsx or .csv and writes them, slice by slice; the same file twice changes nothing. With an error in it nothing is written. */
export async function importHolds(deps: Deps, bytes: Uint8Array, actor: Actor, { whole }: Options): Promise<HoldReport> {
  const { database, sources, holds } = deps
  const table = await sources.readTable(bytes, columnsOf(sources.cells, deps.types))
  const errors = [...table.errors, ...await faultsIn(deps, table.rows)].toSorted((a, b) => a.row - b.row)
  const rows = table.rows.map(({ values }): Row => values)
  const report: HoldReport = { rows: rows.length, created: 0, changed: 0, unchanged: 0, lifted: 0, errors }
  if (errors.length > 0) return report
  for (let from = 0; from < rows.length; from += SLICE) {
    const done = await database.write(async tx => {
      const counts = { created: 0, changed: 0, unchanged: 0 }
      for (const row of rows.slice(from, from + SLICE)) counts[await holds.put(tx, actor, { ...row, source: 'import' })] += 1
      return counts
    })
    for (const key of ['created', 'changed', 'unchanged'] as const) report[key] += done[key]
    await turn()
  }
  if (whole) report.lifted = await letGo(deps, actor, rows)
  const { created, changed, lifted } = report
  const import_id = newId()
  await database.write(tx => emit(tx, holdsImported, { import_id, rows: rows.length, created, changed, lifted }, { subject: import_id, actor }))
  return report
}

/** Lifts what of the file's types is not in it; how many. */
async function letGo({ database, holds }: Deps, actor: Actor, rows: readonly Row[]): Promise<number> {
  const named = new Set(rows.map(({ number, type }) => `${number} ${type}`))
  let lifted = 0
  for (const type of new Set(rows.map(row => row.type))) {
    let slice = await openOfType(database.db, type, '', SLICE)
    while (slice.length > 0) {
      const free = slice.filter(({ number }) => !named.has(`${number} ${type}`))
      await database.write(async tx => { for (const { id } of free) await holds.lift(tx, actor, id, '不在新的名单里') })
      lifted += free.length
      slice = await openOfType(database.db, type, slice.at(-1)?.id ?? '', SLICE)
    }
  }
  return lifted
}

async function faultsIn({ database, identity }: Deps, rows: readonly { row: number; values: Row }[]): Promise<CellError[]> {
  const known = await identity.knownNumbers(database.db, [...new Set(rows.map(({ values }) => values.number))])
  const first = new Map<string, number>()
  return rows.flatMap(({ row, values: { number, type, since, until } }) => {
    const key = `${number} ${type}`
    const before = first.get(key)
    first.set(key, before ?? row)
    return [
      ...known.has(number) ? [] : [{ row, column: '学号', value: number, sentence: '名单里没有这个学号，请先导入学生名单' }],
      ...before === undefined ? [] : [{ row, column: '学号', value: number, sentence: '与第 {row} 行重复', params: { row: before } }],
      ...since !== null && until !== null && until < since ? [{ row, column: '截止日期', value: until, sentence: '截止日期早于开始日期' }] : [],
    ]
  })
}

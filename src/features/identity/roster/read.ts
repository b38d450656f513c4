import type { CellError, Column, Encoding, Ending, FileFacts, Head, Line, Sources } from '../../../integrations/sources/index.ts'
import type { ImportKind } from '../tables.ts'
import { type PersonRow, personLine, staffColumns, studentColumns, type UnitRow, unitColumns, unitLine } from './columns.ts'

export type RosterBatch = { facts: FileFacts; head: Head; lines: Line<RosterValues>[]; faults: CellError[]; share: number }
export type RosterValues = { unit: UnitRow } | { person: PersonRow }

/** The lines of an uploaded roster, a batch at a time. Throws `invalid` where the bytes are no table. */
export async function* readRoster({ readLines, cells }: Pick<Sources, 'readLines' | 'cells'>, kind: ImportKind, bytes: Uint8Array, encoding: Encoding | undefined): AsyncGenerator<RosterBatch, Ending> {
  if (kind === 'units') {
    return yield* mapped(readLines(bytes, unitColumns(cells), { encoding }), (line, head): Line<RosterValues> => {
      const { values, ...rest } = unitLine(line, head.present)
      return { ...rest, values: values && { unit: values } }
    })
  }
  if (kind === 'staff') return yield* mapped(readLines(bytes, staffColumns(cells), { encoding }), (line, head) => asPerson(personLine('staff', line, head.present, cells)))
  return yield* mapped(readLines(bytes, studentColumns(cells), { encoding }), (line, head) => asPerson(personLine('student', line, head.present, cells)))
}

type Batch<Row> = Omit<RosterBatch, 'lines'> & { lines: Line<Row>[] }

async function* mapped<Row>(batches: AsyncGenerator<Batch<Row>, Ending>, map: (line: Line<Row>, head: Head) => Line<RosterValues>): AsyncGenerator<RosterBatch, Ending> {
  try {
    for (;;) {
      const step = await batches.next()
      if (step.done) return step.value
      const { head, lines, ...batch } = step.value
      yield { ...batch, head, lines: lines.map(line => map(line, head)) }
    }
  } finally {
    await batches.return({ hidden: [], hiddenCount: 0, merged: [], mergedCount: 0 }) // ends the thread that reads, whoever stops listening
  }
}

function asPerson(line: Line<PersonRow>): Line<RosterValues> {
  return { ...line, values: line.values && { person: line.values } }
}

export type Described = Pick<Column, 'header' | 'about' | 'words' | 'example'> & { required: boolean }

/** What a roster's columns are, for templates and for the page that says what the file should hold. */
export function describe({ cells }: Pick<Sources, 'cells'>, kind: ImportKind): Described[] {
  const columns: Record<string, Column> = kind === 'units' ? unitColumns(cells) : kind === 'staff' ? staffColumns(cells) : studentColumns(cells)
  return Object.values(columns).map(({ header, required = false, about, words, example }) => ({ header, required, ...(about && { about }), ...(words && { words }), ...(example && { example }) }))
}

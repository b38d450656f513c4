import type { CellError, Ending, Line } from '../../../integrations/sources/index.ts'
import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { turn } from '../../../platform/turn.ts'
import type { Context } from '../deps.ts'
import { countMissing } from '../store/import-missing.ts'
import { countRows, findSlice, insertSlice, listSlices } from '../store/import-rows.ts'
import { type Counts, findImport, type Import, NO_COUNTS, NOTHING_READ, type Preview, savePreview } from '../store/imports.ts'
import { finishReading, refuseFile } from '../verbs/import/receive.ts'
import { checkLines, type Kept, SLICE } from './plan-slice.ts'
import { namesAdministrator } from '../rules/roles.ts'
import { administratorsNumbers } from '../store/roles.ts'
import { readRoster, type RosterValues } from './read.ts'

type Deps = Pick<Context, 'database' | 'sources' | 'vault' | 'clock'>
type Run = {
  signal?: AbortSignal
  /** called first in each transaction: throws where another process has taken the work over */
  hold?(tx: Tx): Promise<void>
}

/**
 * Reads the file of an import and keeps what each row comes to, a slice in a transaction of its own; the memory it takes does not grow with the file.
 * Begun again after a kill, it passes over the slices that are there. `false` where it was asked to stop, to be called again.
 */
export async function checkFile(deps: Deps, id: string, bytes: Uint8Array, { signal, hold }: Run = {}): Promise<boolean> {
  const { database: { db, write } } = deps
  const found = await findImport(db, id)
  if (found?.status !== 'reading') return true
  const begun = async (work: (tx: Tx) => Promise<void>): Promise<boolean> => await write(async tx => {
    await hold?.(tx)
    if (!await stillReading(tx, found)) return false
    await work(tx)
    return true
  })
  const batches = readRoster(deps.sources, found.kind, bytes, found.file.encoding ?? undefined)
  try {
    const slices = await sliceWriter(deps, found, begun)
    for (;;) {
      const step = await batches.next()
      if (step.done) return await end(deps, found, slices, step.value, begun)
      if (signal?.aborted) return false
      const { faults, lines, facts, head, share } = step.value
      if (faults.length > 0) return await refuse(begun, found, faults, { ...NOTHING_READ, facts, titles: head.titles, ignored: head.ignored })
      if (!await slices.take(lines, { facts, titles: head.titles, ignored: head.ignored, share })) return true
    }
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'invalid') throw error
    return await refuse(begun, found, [{ row: 0, column: '', sentence: error.message, ...(error.params && { params: error.params }) }], NOTHING_READ)
  } finally {
    await batches.return({ hidden: [], hiddenCount: 0, merged: [], mergedCount: 0 })
  }
}

type Begun = (work: (tx: Tx) => Promise<void>) => Promise<boolean>

/** Nobody dropped it, or chose another encoding. */
async function stillReading(tx: Tx, { id, file }: Import): Promise<boolean> {
  const now = await findImport(tx, id)
  return now?.status === 'reading' && now.file.runs === file.runs
}

async function refuse(begun: Begun, found: Import, errors: CellError[], preview: Preview): Promise<true> {
  await begun(tx => refuseFile(tx, found.id, errors, preview))
  return true
}

async function end({ database: { db } }: Deps, found: Import, slices: Writer, ending: Ending, begun: Begun): Promise<true> {
  if (!await slices.flush()) return true
  const counts = await countRows(db, found.id)
  const missing = await countMissing(db, found.id, found.kind)
  const count = (outcome: keyof Counts): number => counts.get(outcome) ?? 0
  const preview: Preview = { ...slices.preview(), created: count('created'), changed: count('changed'), unchanged: count('unchanged'), refused: count('refused'), share: 1, ending, missing }
  await begun(tx => finishReading(tx, found.id, preview))
  return true
}

type Facts = Pick<Preview, 'facts' | 'titles' | 'ignored' | 'share'>
type Writer = {
  /** false where the work is no longer wanted */
  take(lines: readonly Line<RosterValues>[], facts: Facts): Promise<boolean>
  flush(): Promise<boolean>
  preview(): Preview
}

/** Units are one slice: a child may stand above its parent. */
async function sliceWriter({ database: { db }, vault, clock }: Deps, { id, kind }: Import, begun: Begun): Promise<Writer> {
  const known = new Map((await listSlices(db, id)).map(slice => [slice.position, slice.row_count]))
  const places = peopleInFile(kind === 'units' ? new Set() : await administratorsNumbers(db))
  const most = kind === 'units' ? Infinity : SLICE
  let preview: Preview = { ...NOTHING_READ, ...NO_COUNTS }
  let [waiting, position]: [Line<RosterValues>[], number] = [[], 0]

  async function put(lines: readonly Line<RosterValues>[]): Promise<boolean> {
    const earlier = places.note(lines, position)
    const at = position++
    preview = { ...preview, rows: preview.rows + lines.length }
    if (known.has(at)) return true
    const rows = await checkLines(db, vault, clock.now(), lines, await keptRows(earlier, place => findSlice(db, vault, id, place)))
    for (const { outcome } of rows) preview[outcome]++
    await turn()
    return await begun(async tx => {
      await insertSlice(tx, vault, id, at, rows)
      await savePreview(tx, id, preview)
    })
  }

  return {
    preview: () => preview,
    async take(lines, facts) {
      preview = { ...preview, ...facts }
      waiting.push(...lines)
      while (waiting.length >= most) if (!await put(waiting.splice(0, most))) return false
      return true
    },
    async flush() {
      const rest = waiting
      waiting = []
      return rest.length === 0 || await put(rest)
    },
  }
}

type Place = { line: number; position: number }

/** Where in the file a document or a member of WeCom was named, or an administrator (by number) or a role of theirs: rows that speak of the same are planned together. */
function peopleInFile(administrators: ReadonlySet<string>): { note(lines: readonly Line<RosterValues>[], position: number): Place[] } {
  // Two for each row of the file: numbers, not objects, so that tens of thousands weigh little.
  const first = new Map<string, number>()
  const further = new Map<string, number[]>()

  function note(key: string, place: number, earlier: Map<number, Place>, position: number): void {
    const known = first.get(key)
    if (known === undefined) return void first.set(key, place)
    const places = further.get(key) ?? []
    for (const each of [known, ...places]) if (placeOf(each).position < position) earlier.set(placeOf(each).line, placeOf(each))
    further.set(key, [...places, place])
  }

  return {
    note(lines, position) {
      const earlier = new Map<number, Place>()
      for (const { row, values } of lines) {
        if (!values || !('person' in values)) continue
        const { document, userid, number, roles } = values.person
        if (administrators.has(number) || roles?.some(namesAdministrator)) note('administrators', position * LINES + row, earlier, position)
        note(document, position * LINES + row, earlier, position)
        note(`@${(userid ?? number).toLowerCase()}`, position * LINES + row, earlier, position)
      }
      return [...earlier.values()].toSorted((a, b) => a.line - b.line)
    },
  }
}

/** more than a sheet has */
const LINES = 2 ** 21

function placeOf(place: number): Place {
  return { line: place % LINES, position: Math.floor(place / LINES) }
}

async function keptRows(places: readonly Place[], slice: (position: number) => Promise<{ rows: Kept[] } | null>): Promise<Kept[]> {
  const rows: Kept[] = []
  for (const [position, lines] of Map.groupBy(places, place => place.position)) {
    const wanted = new Set(lines.map(place => place.line))
    rows.push(...((await slice(position))?.rows ?? []).filter(kept => wanted.has(kept.row)))
  }
  return rows.toSorted((a, b) => a.row - b.row)
}

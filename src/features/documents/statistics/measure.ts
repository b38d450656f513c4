import type { Database, Db } from '../../../platform/db.ts'
import type { Running } from '../../../platform/jobs.ts'
import type { Clock } from '../../../platform/clock.ts'
import { dayAfter, dayOf, spanOf } from '../../../platform/periods.ts'
import type { Identity, Messages } from '../index.ts'
import { askedBetween, endedBetween, firstAskedAt, type Happened, issuedBetween, keepDay, lastMeasured, moneyBetween, openedBetween, ownersOf, verifiedBetween } from './store.ts'
import type { FiguresTable } from './tables.ts'

export type MeasureDeps = { database: Database; clock: Clock; identity: Pick<Identity, 'peopleByNumbers'>; messages: Pick<Messages, 'begunBetween'> }

type Line = Happened & Pick<FiguresTable, 'figure'>

/** What happened on a day of the school, read by indexes of time: it costs what happened that day. */
export async function measureDay(deps: Omit<MeasureDeps, 'database' | 'clock'>, db: Db, day: string): Promise<FiguresTable[]> {
  const span = spanOf(day)
  const as = (figure: FiguresTable['figure'], happened: readonly Happened[]): Line[] => happened.map(each => ({ ...each, figure }))
  const [asked, ended, money] = [await askedBetween(db, span), await endedBetween(db, span), await moneyBetween(db, span)]
  const lines = [
    ...as('version', asked), ...as('asked', asked), ...as('issued', await issuedBetween(db, span)),
    ...as('failed', ended.filter(({ about }) => about === 'impossible')), ...as('revoked', ended.filter(({ about }) => about === 'revoked')),
    ...as('sent', await sentOn(deps, db, span)), ...as('verified', await verifiedBetween(db, span)), ...as('opened', await openedBetween(db, span)),
    ...as('paid', money.paid), ...as('refunded', money.refunded),
  ]
  return rowsOf(day, lines, await unitsOf(deps, db, [...new Set(lines.map(line => line.person_number))]))
}

const PORTION = 500

/** How the files and mails fared that were begun on a day, as far as is known by now. */
async function sentOn({ messages }: Pick<MeasureDeps, 'messages'>, db: Db, span: { from: number; until: number }): Promise<Happened[]> {
  const sent = Map.groupBy(await messages.begunBetween(db, 'documents.issued', span), ({ subject }) => subject)
  const owners = await inPortions([...sent.keys()], ids => ownersOf(db, ids))
  return owners.flatMap(({ id, ...owner }) => (sent.get(id) ?? []).map(({ channel, status }) => ({ ...owner, about: `${channel}:${status}`, number: 1 })))
}

async function unitsOf({ identity }: Pick<MeasureDeps, 'identity'>, db: Db, numbers: readonly string[]): Promise<ReadonlyMap<string, string>> {
  return new Map((await inPortions(numbers, some => identity.peopleByNumbers(db, some))).map(({ number, unit_id }) => [number, unit_id]))
}

async function inPortions<Row>(keys: readonly string[], read: (some: readonly string[]) => Promise<readonly Row[]>): Promise<Row[]> {
  const found: Row[] = []
  for (let from = 0; from < keys.length; from += PORTION) found.push(...await read(keys.slice(from, from + PORTION)))
  return found
}

/** Figures whose `about` is kept; in the lines of the others it stands for what they were told apart by. */
const TOLD: ReadonlySet<FiguresTable['figure']> = new Set(['version', 'sent', 'verified', 'opened'])

function rowsOf(day: string, lines: readonly Line[], units: ReadonlyMap<string, string>): FiguresTable[] {
  const rows = new Map<string, FiguresTable>()
  for (const { figure, kind, person_number, number, fen = 0, ...line } of lines) {
    const [about, unit_id] = [TOLD.has(figure) ? line.about : '', units.get(person_number) ?? '']
    const key = [kind, unit_id, figure, about].join('\n')
    const row = rows.get(key) ?? { day, kind, unit_id, figure, about, number: 0, fen: 0 }
    rows.set(key, { ...row, number: row.number + number, fen: row.fen + fen })
  }
  return [...rows.values()]
}

/** Days that are counted again each night: a mail server gives up after five days at the latest, and what it returns is counted on the day it was sent. */
const SETTLING = 7
/** So many days at a time: years that were never measured do not hold up other work. */
const SLICE = 30

/** The first day that is not written; null where nothing was ever asked for. */
export async function firstToMeasure(db: Db): Promise<string | null> {
  const last = await lastMeasured(db)
  if (last !== null) return dayAfter(last)
  const first = await firstAskedAt(db)
  return first === null ? null : dayOf(first)
}

/** Writes the days that are over and not settled, oldest first; true when none is left. */
export async function measureSome(deps: MeasureDeps, running: Running): Promise<boolean> {
  const { clock, database: { db, write } } = deps
  const [today, open, last] = [dayOf(clock.now()), await firstToMeasure(db), await lastMeasured(db)]
  const settling = dayAfter(today, -SETTLING)
  let day = last !== null && open !== null && settling < open ? later(settling, await firstDay(db)) : open
  for (let left = SLICE; day !== null && day < today; day = dayAfter(day), left--) {
    if (left === 0 || running.signal.aborted) return false
    const [written, rows] = [day, await measureDay(deps, db, day)]
    await write(async tx => {
      await running.hold(tx)
      await keepDay(tx, written, rows)
    })
  }
  return true
}

async function firstDay(db: Db): Promise<string> {
  return dayOf(await firstAskedAt(db) ?? 0)
}

function later(one: string, other: string): string {
  return one > other ? one : other
}
